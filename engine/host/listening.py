"""Give events to plugins in a process of its own: ``python -m engine.host.listening``.

Whoever delivers holds the ledger; whoever hears has neither a handle to it nor its address.
"""

from __future__ import annotations

import io
import os
import selectors
import subprocess
import sys
import time
from pathlib import Path
from typing import IO

from engine import logs
from engine.host.discovery import discover
from engine.host.host import Host
from engine.host.hush import hush
from engine.host.kept import KeptTypes
from engine.host.scopes import load
from engine.host.surroundings import surroundings
from engine.plan.calls import FailureCode, HookEnvelope
from engine.plan.delivered import Delivered, DeliveryContext
from engine.record import Record

PATIENCE_S = 30.0
"""How long one event may take, the first import of its plugin included."""
CHUNK = 65_536


class Listening(Record):
    """What the process is told at its start: which plugins there are, and for whom on.

    ``kept`` is the file of the types of event that plugins ever published.
    """

    folder: Path | None
    allowed: frozenset[str] | None
    scopes: Path
    kept: Path | None = None


class Told(Record):
    """One event for one plugin, a line on the process's standard input."""

    context: DeliveryContext
    event: Delivered


class Listener:
    """The side that delivers: starts the process at the first event, and again if it died."""

    def __init__(self, listening: Listening, *, patience_s: float = PATIENCE_S) -> None:
        self._listening = listening
        self._patience_s = patience_s
        self._process: subprocess.Popen[bytes] | None = None

    def deliver(self, context: DeliveryContext, event: Delivered) -> HookEnvelope:
        """Return what the plugin made of ``event``; a process that died or hung is told."""
        process = self._running()
        assert process.stdin is not None
        assert process.stdout is not None
        line = Told(context=context, event=event).model_dump_json().encode()
        try:
            process.stdin.write(line + b"\n")
            process.stdin.flush()
            answer = _line(process.stdout, time.monotonic() + self._patience_s)
            return HookEnvelope.model_validate_json(answer)
        except TimeoutError:
            return self._ended(context, "contribution_timeout", f"{self._patience_s:g} s")
        except (OSError, ValueError):
            return self._ended(context, "worker_absent", "the process of the plugins ended")

    def close(self) -> None:
        """End the process, if there is one."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            assert pipe is not None
            _shut(pipe)

    def _ended(self, context: DeliveryContext, code: FailureCode, error: str) -> HookEnvelope:
        self.close()
        return HookEnvelope(
            hook="on_event", plugin=context.plugin, ok=False, error_code=code, error=error
        )

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self.close()
            self._process = subprocess.Popen(
                [sys.executable, "-m", "engine.host.listening",
                 self._listening.model_dump_json()],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=surroundings(os.environ),
            )  # fmt: skip
        return self._process


def _shut(pipe: IO[bytes]) -> None:
    try:
        pipe.close()
    except BrokenPipeError:
        return


def _line(stream: IO[bytes], deadline: float) -> bytes:
    """Return the next line of ``stream``.

    Raises:
        TimeoutError: there is none by ``deadline``.
        OSError: there will be none.
    """
    found = b""
    with selectors.DefaultSelector() as waiting:  # select.select takes no file above 1023
        waiting.register(stream, selectors.EVENT_READ)
        while not found.endswith(b"\n"):
            if not waiting.select(max(deadline - time.monotonic(), 0)):
                raise TimeoutError
            read = os.read(stream.fileno(), CHUNK)
            if not read:
                raise OSError("the pipe is closed")
            found += read
    return found


def main() -> None:
    """Hear one event a line until there are no more; what plugins print goes to the log."""
    asked = Listening.model_validate_json(sys.argv[1])
    told, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(line_buffering=True)  # whoever is killed has said it all
    hush()
    logs.configure()
    host = Host(
        discover(asked.folder, asked.allowed), scopes=lambda: load(asked.scopes),
        kept=KeptTypes(asked.kept) if asked.kept else None,
    )  # fmt: skip
    for line in told:
        given = Told.model_validate_json(line)
        answer = host.deliver(given.context, given.event)
        answers.write(answer.model_dump_json().encode() + b"\n")
        answers.flush()
    os._exit(0)  # a thread that hangs in a plugin must not keep the process


if __name__ == "__main__":
    main()
