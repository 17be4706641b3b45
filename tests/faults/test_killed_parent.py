"""``taizhang up`` is killed: its children go with it, and whoever starts again finds room."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from workflows import holding
from workflows.embedded import DATABASE
from workflows.holding import AlreadyRunningError, held

UP = [sys.executable, "-m", "workflows.main", "up", "--port", "0", "--ui-port", "0"]


def until(found, within=40.0):
    """What ``found`` returns once it returns something."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        if answer := found():
            return answer
        time.sleep(0.1)
    raise TimeoutError(found)


def address(data, pid):
    """Where the server of the stack of ``pid`` listens, once it does."""
    with open(data / "running.json", encoding="utf-8") as file:
        said = json.load(file)
    return said["address"] if said["pid"] == str(pid) else None


@contextmanager
def up(data):
    """A real ``taizhang up`` over ``data``, killed at the end."""
    environment = {**os.environ, "TAIZHANG_DATA_DIR": str(data), "TAIZHANG_PLUGINS": ""}
    with open(data.parent / "up.log", "ab") as log:
        parent = subprocess.Popen(UP, env=environment, stdout=log, stderr=log)
    try:

        def listens():
            assert parent.poll() is None, (data.parent / "up.log").read_text("utf-8")
            path = data / "running.json"
            return path.exists() and address(data, parent.pid)

        until(listens)
        yield parent.pid
    finally:
        parent.kill()
        parent.wait()


def children(pid):
    return [int(c) for c in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def alive(pids):
    """Those of ``pids`` that run; one that nobody has reaped yet is dead."""
    return [p for p in pids if _state(p) not in ("", "Z")]


def _state(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return ""


def servers(data):
    """The processes that have the database of the server open."""
    found = set()
    for descriptor in Path("/proc").glob("[0-9]*/fd/*"):
        try:
            if os.readlink(descriptor) == str(data / DATABASE):
                found.add(int(descriptor.parts[2]))
        except OSError:
            continue
    return found


def test_whoever_starts_again_after_a_kill_has_one_server_over_one_database(tmp_path):
    data = tmp_path / "var"
    with up(data) as first:
        old = children(first)
        assert len(old) == 4
        os.kill(first, signal.SIGKILL)
        with up(data) as second:
            assert alive(old) == []
            assert len(servers(data)) == 1
            assert servers(data) < {*children(second)}
        until(lambda: not servers(data))


def test_what_a_killed_stack_left_holds_the_folder_and_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(holding, "WAITS_S", 0.5)
    with held(tmp_path) as lock:
        left = subprocess.Popen(["sleep", "60"], pass_fds=(lock,))
        (tmp_path / "lock").write_text("999999999")  # a parent that is no more
    try:
        with (
            pytest.raises(AlreadyRunningError, match=rf"{left.pid}.*请结束.*: end them"),
            held(tmp_path),
        ):
            pass
    finally:
        left.kill()
        left.wait()
    with held(tmp_path):
        pass
