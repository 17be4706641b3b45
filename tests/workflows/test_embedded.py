"""The embedded stack finds a place on a machine where others listen as well."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from engine.settings import Settings
from workflows import embedded
from workflows.embedded import NotStartedError, Stack


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def test_a_port_that_another_took_meanwhile_is_given_up_for_another(
    tmp_path, monkeypatch, taken
):
    free = embedded.free_port
    found = [free(), taken]
    monkeypatch.setattr(embedded, "free_port", lambda: found.pop(0) if found else free())
    stack = Stack(Settings(data_dir=tmp_path))
    try:
        stack.start()
        assert stack.ui != f"http://127.0.0.1:{taken}"
    finally:
        stack.stop()


def test_a_port_that_was_asked_for_is_not_exchanged(tmp_path, taken):
    stack = Stack(Settings(data_dir=tmp_path), port=embedded.free_port(), ui_port=taken)
    try:
        with pytest.raises(NotStartedError, match="already in use"):
            stack.start()
    finally:
        stack.stop()
