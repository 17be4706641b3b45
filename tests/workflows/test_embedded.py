"""The embedded stack finds a place on a machine where others listen as well."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Iterator

import pytest
from structlog.testing import capture_logs

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
        with pytest.raises(NotStartedError, match=f"already in use: {taken}"):
            stack.start()
    finally:
        stack.stop()


def test_no_part_is_started_that_would_speak_to_the_server_of_others(tmp_path, taken):
    stack = Stack(Settings(data_dir=tmp_path / "var"), port=taken)

    with pytest.raises(NotStartedError, match=r"(?s)端口.*--port.*already in use"):
        stack.start()
    assert not (tmp_path / "var").exists()


def test_a_server_that_died_waits_for_its_port_and_then_starts_again(tmp_path):
    stack = Stack(Settings(data_dir=tmp_path))
    try:
        stack.start()
        died = stack.pid("server")
        os.kill(died, signal.SIGKILL)
        stack.reap("server")
        host, port = stack.address.split(":")
        with socket.socket() as other:
            other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            other.bind((host, int(port)))
            other.listen()
            with capture_logs() as logs:
                stack.mend()
            assert [(e["event"], e["port"]) for e in logs] == [("port_taken", port)]
            assert stack.pid("server") == died
        stack.mend()
        assert stack.pid("server") != died
    finally:
        stack.stop()
