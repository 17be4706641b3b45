"""At least once has to be safe: one effect, however often an event is delivered."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from hashlib import sha256
from pathlib import Path

from engine.host.manifest import read
from engine.record import Record
from engine.testing.beforehand import UnreadyError, beforehand, done, units
from engine.testing.redelivered import Delivering, Heard

PATIENCE_S = 300
SQLITE = b"SQLite format 3\x00"
BESIDE = ("-wal", "-shm", "-journal")
NOTHING = "it kept nothing of {} events, so nothing was compared: see contract.toml"


class Effects(Record):
    """How many events a plugin heard, how often it died of it, and what was otherwise."""

    events: int = 0
    kills: int = 0
    wrong: tuple[str, ...] = ()


def effects(plugin: Path, ledger: Path, place: Path, *, times: int) -> Effects:
    """Deliver all of ``ledger`` once, ``times`` over, and through kills; compare what is kept.

    Args:
        plugin: Its folder.
        ledger: A SQLite ledger; it is copied and not changed.
        place: An empty folder to work in.
        times: How often each event is delivered in the second run.
    """
    manifest = read(plugin).manifest
    if manifest is None or "on_event" not in manifest.hooks:
        return Effects()
    try:
        bench = _Bench(plugin, ledger, place)
        once = bench.delivered("once")
    except UnreadyError as unready:
        return Effects(wrong=(str(unready),))
    if not once.events or once.failed:
        return Effects(events=once.events, wrong=once.failed or ("no event reached it",))
    usual = kept(bench.folder("once"))
    if usual == bench.before:
        return Effects(events=once.events, wrong=(NOTHING.format(once.events),))
    again = bench.delivered("again", times=times)
    deaths = sorted({1, (once.events + 1) // 2, once.events})
    kills = bench.killed("killed", deaths)
    wrong = (
        *([] if kills == len(deaths) else [f"was killed {kills} times of {len(deaths)}"]),
        *again.failed,
        *_unlike(usual, kept(bench.folder("again")), f"delivered {times} times"),
        *_unlike(usual, kept(bench.folder("killed")), "after kills"),
    )
    return Effects(events=once.events, kills=kills, wrong=wrong)


class _Bench:
    """Runs deliveries, each series over a ledger and a folder of its own."""

    def __init__(self, plugin: Path, ledger: Path, place: Path) -> None:
        self._plugin, self._ledger, self._place = plugin, ledger, place
        self._told = beforehand(plugin)
        self._units = units(ledger) if self._told.before else ()
        self.before: dict[str, str] = {}

    def folder(self, series: str) -> Path:
        return self._place / series / "kept"

    def delivered(
        self, series: str, *, times: int = 1, dies_after: int = 0, later_h: int = 0
    ) -> Heard:
        """Run one process; one that was killed has heard nothing."""
        copy = self._place / series / "ledger.db"
        if not copy.exists():
            self.folder(series).mkdir(parents=True)
            shutil.copy(self._ledger, copy)
            for where in self._units:
                done(self._plugin, self._told.before, self.folder(series), where)
            self.before = kept(self.folder(series))
        asked = Delivering(
            ledger=f"sqlite:///{copy}", plugin=self._plugin, folder=self.folder(series),
            times=times, dies_after=dies_after, later_h=later_h, config=self._told.config,
        )  # fmt: skip
        ended = subprocess.run(
            [sys.executable, "-m", "engine.testing.redelivered"], capture_output=True,
            input=asked.model_dump_json().encode(), timeout=PATIENCE_S, check=False,
        )  # fmt: skip
        if ended.returncode:
            return Heard(events=0, failed=(f"its process ended with {ended.returncode}",))
        return Heard.model_validate_json(ended.stdout.splitlines()[-1])

    def killed(self, series: str, deaths: Sequence[int]) -> int:
        """Kill the process after the effect of these events; return how often it died."""
        before = kills = 0
        for number, death in enumerate(deaths):
            # the event it died of is delivered again, and counts again
            after = death - before + (1 if number else 0)
            if self.delivered(series, dies_after=after, later_h=number).failed:
                kills += 1
            before = death
        self.delivered(series, later_h=len(deaths))
        return kills


def kept(folder: Path) -> dict[str, str]:
    """Return a digest of each file below ``folder``; of a database, of what it says."""
    return {
        str(path.relative_to(folder)): sha256(_said(path)).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.endswith(BESIDE)
    }


def _said(path: Path) -> bytes:
    if path.read_bytes()[: len(SQLITE)] != SQLITE:
        return path.read_bytes()
    with closing(sqlite3.connect(path)) as database:
        return "\n".join(database.iterdump()).encode()


def _unlike(usual: dict[str, str], found: dict[str, str], when: str) -> Iterator[str]:
    for name in sorted(usual.keys() | found.keys()):
        if usual.get(name) != found.get(name):
            yield f"{name} is otherwise {when}"
