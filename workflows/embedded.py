"""The embedded stack: a Temporal server, the core worker, the plugin host and the courier.

Four child processes and one parent that starts a dead child again. A child ends when its
parent is killed. Data lies in one folder; a lock, which the children share, keeps a second
parent away from it. The server is the real one, or for a
rehearsal the one that skips time.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from typing import IO

import structlog

from engine.host.surroundings import surroundings
from engine.ledger.sql import wall_clock
from engine.private import UMASK, narrow, opener, own_folder, write_private
from engine.scenario.acts import Server
from engine.settings import Settings
from engine.vault.keyring import Keyring
from workflows import leash
from workflows.attributes import TYPES
from workflows.places import temporal_binary
from workflows.skipping import register_attributes, skipping_command

log = structlog.get_logger()

STARTS_WITHIN_S = 30
STOPS_WITHIN_S = 8
LOOK_EVERY_S = 0.5
DATABASE = "temporal.db"
APPENDING = os.O_CREAT | os.O_APPEND | os.O_WRONLY
PASSED_ON = (
    "ledger_url", "vault_url", "plugins", "plugins_dir", "plugins_file", "notices",
    "notice_addresses", "notice_hour", "payloads", "payload_keys", "actor_keys",
    "retention", "metrics",
)  # fmt: skip


class NotStartedError(Exception):
    """A part of the stack did not come up."""


def free_port() -> int:
    """Return a port on loopback that nobody listens on right now.

    A connection is made to it and ended from this side: while that fades (TIME_WAIT) the
    system gives the port to nobody who asks for any, and to whoever asks for this one.
    """
    with socket.socket() as probe, socket.socket() as caller:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", 0))
        probe.listen()
        caller.connect(probe.getsockname())
        probe.accept()[0].close()
        return int(probe.getsockname()[1])


def taken(port: int) -> bool:
    """Say whether somebody on this machine listens on ``port`` of loopback."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def running(settings: Settings) -> dict[str, str] | None:
    """Return the addresses of the stack that holds the data folder, if one does."""
    path = settings.data_dir / "running.json"
    try:
        found: dict[str, str] = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return found


def server_command(settings: Settings, port: int, ui_port: int) -> list[str]:
    """Return the command line of a durable development server."""
    command = [
        temporal_binary(), "server", "start-dev", "--ip", "127.0.0.1",
        "--port", str(port), "--ui-port", str(ui_port), "--namespace", settings.namespace,
        "--db-filename", str(settings.data_dir / DATABASE),
        "--sqlite-pragma", "journal_mode=WAL", "--sqlite-pragma", "synchronous=FULL",
        "--log-level", "error",
    ]  # fmt: skip
    for name, kind in TYPES.items():
        command += ["--search-attribute", f"{name}={kind}"]
    return command


class Stack:
    """The four child processes over one data folder, which they hold by ``lock`` as well.

    They end with the thread that starts them, if it ends first.
    """

    def __init__(
        self, settings: Settings, *, port: int = 0, ui_port: int = 0,
        server: Server = "real", lock: int | None = None,
    ) -> None:  # fmt: skip
        self._settings = settings
        self._server = server
        self._shared = () if lock is None else (lock,)
        self._port = port or free_port()
        self._ui_port = ui_port or free_port()
        self._children: dict[str, subprocess.Popen[bytes]] = {}
        self._logs: dict[str, IO[bytes]] = {}

    @property
    def address(self) -> str:
        """Return where clients find the server."""
        return f"127.0.0.1:{self._port}"

    @property
    def ui(self) -> str:
        """Return where a browser finds the Web UI; nowhere on the server that skips time."""
        if self._server == "time_skipping":
            return ""
        return f"http://127.0.0.1:{self._ui_port}"

    def pid(self, part: str) -> int:
        """Return the process id of ``server``, ``worker``, ``host`` or ``courier``."""
        return self._children[part].pid

    def reap(self, part: str) -> int:
        """Wait until ``part`` has died and return its exit code."""
        return self._children[part].wait(STOPS_WITHIN_S)

    def start(self) -> None:
        """Start server, worker, host and courier, the latter when the server can be reached.

        Raises:
            NotStartedError: a port is taken, or the server did not listen within half a
                minute.
            PayloadKeyError: the keys of payloads cannot be used.
        """
        if ports := self._taken():
            raise NotStartedError(
                f"端口 {'、'.join(ports)} 已有程序在用:请停下它,或用 --port、--ui-port 另选"
                f"(0 为任一空闲) | port already in use: {', '.join(ports)}; stop what listens "
                "there, or choose others with --port and --ui-port (0: any that is free)"
            )
        own_folder(self._settings.data_dir)
        for beside in ("", "-wal", "-shm"):
            narrow(self._settings.data_dir / f"{DATABASE}{beside}")
        if self._settings.payloads != "plain":
            Keyring(self._settings.payload_folder).ensure(wall_clock())
        for part in ("server", "worker", "host", "courier"):
            self._spawn(part)
            if part == "server":
                self._await_server()
                self._introduce()
        where = {"address": self.address, "ui": self.ui, "pid": str(os.getpid())}
        write_private(self._settings.data_dir / "running.json", json.dumps(where).encode())
        log.info("stack_started", address=self.address, ui=self.ui)

    def mend(self) -> None:
        """Start every child again that has died."""
        for part, child in list(self._children.items()):
            if child.poll() is not None:
                if part == "server" and (ports := self._taken()):
                    log.error("port_taken", port=",".join(ports))
                    continue  # to wait for it is all that helps
                log.warning("child_restarted", part=part, exit_code=child.returncode)
                self._spawn(part)
                if part == "server":
                    self._await_server()

    def stop(self) -> None:
        """Stop courier, host, worker and server, in that order, and forget the addresses."""
        for part in ("courier", "host", "worker", "server"):
            child = self._children.pop(part, None)
            if child is None or child.poll() is not None:
                continue
            child.terminate()
            try:
                child.wait(STOPS_WITHIN_S)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
        for file in self._logs.values():
            file.close()
        (self._settings.data_dir / "running.json").unlink(missing_ok=True)
        log.info("stack_stopped")

    def _taken(self) -> list[str]:
        """Return which ports of the server others use: their server is not to be ours."""
        own = [self._port] if self._server == "time_skipping" else [self._port, self._ui_port]
        return [str(port) for port in own if taken(port)]

    def _spawn(self, part: str) -> None:
        command = [sys.executable, "-I", "-S", leash.__file__, str(os.getpid())]
        command += self._command(part)
        if part not in self._logs:
            path = self._settings.data_dir / f"{part}.log"
            self._logs[part] = os.fdopen(opener(str(path), APPENDING), "ab")
        self._children[part] = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=self._logs[part],
            stderr=self._logs[part],
            env=self._environment(part),
            start_new_session=True,
            pass_fds=() if part == "host" else self._shared,  # plugins let go of nothing
            umask=UMASK,
        )

    def _command(self, part: str) -> list[str]:
        if part == "courier":
            return [sys.executable, "-m", "workflows.courier"]
        if part != "server":
            return [sys.executable, "-m", "workflows.process", part]
        if self._server == "time_skipping":
            return skipping_command(self._port)
        return server_command(self._settings, self._port, self._ui_port)

    def _introduce(self) -> None:
        """Register our search attributes where the command line cannot."""
        if self._server == "time_skipping":
            at = self._settings.model_copy(update={"temporal_address": self.address})
            asyncio.run(register_attributes(at))

    def _environment(self, part: str) -> dict[str, str]:
        """Return the child's environment; plugin code sees no secret and no store."""
        chosen = {
            **os.environ,
            "TAIZHANG_TEMPORAL_ADDRESS": self.address,
            "TAIZHANG_DATA_DIR": str(self._settings.data_dir.absolute()),
        }
        for name in PASSED_ON:
            value = getattr(self._settings, name)
            if value is not None:
                chosen[f"TAIZHANG_{name.upper()}"] = str(value)
        if self._server == "time_skipping":
            chosen["TAIZHANG_APPEND_LINGER_S"] = "0"  # no day passes while one is open
            chosen["TAIZHANG_RETENTION"] = "off"  # skipped nights are nobody's
        return surroundings(chosen) if part == "host" else chosen

    def _await_server(self) -> None:
        deadline = time.monotonic() + STARTS_WITHIN_S
        while time.monotonic() < deadline:
            if self._children["server"].poll() is not None:
                break
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self._port)) == 0:
                    return
            time.sleep(0.1)
        said = (self._settings.data_dir / "server.log").read_text("utf-8", "replace")
        raise NotStartedError(f"Temporal 没有启动 | did not start: {said[-400:]}")


def keep_up(stack: Stack) -> None:
    """Mend the stack until this process is asked to stop."""
    asked: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda received, _: asked.append(received))
    while not asked:
        time.sleep(LOOK_EVERY_S)
        stack.mend()
