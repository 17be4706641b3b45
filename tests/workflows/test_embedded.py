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


def test_a_port_that_was_found_free_is_found_by_nobody_else_for_a_while():
    found = [embedded.free_port() for _ in range(1000)]

    assert len({*found}) == len(found)
    with socket.socket() as asks:
        asks.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        asks.bind(("127.0.0.1", found[0]))


def test_a_port_that_was_asked_for_is_not_exchanged(tmp_path, taken):
    stack = Stack(Settings(data_dir=tmp_path), port=embedded.free_port(), ui_port=taken)
    try:
        with pytest.raises(NotStartedError, match="already in use"):
            stack.start()
    finally:
        stack.stop()
