"""What a plugin keeps of a unit: facts in the order they came; and the command to ask by."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path
from typing import Generic, TypeAlias, TypeVar

from pydantic import BaseModel, ValidationError

from engine.misshapen import lines
from engine.private import new_file

F = TypeVar("F", bound=BaseModel)
S = TypeVar("S")
A = TypeVar("A", bound=BaseModel)
Given: TypeAlias = Mapping[str, str]
"""The ``name=value`` pairs of a command."""

WAITS_S = 15
TABLE = (
    "CREATE TABLE IF NOT EXISTS fact"
    " (position INTEGER PRIMARY KEY, key TEXT UNIQUE, kind TEXT, data TEXT)"
)


class FactFile(Generic[F, S]):
    """A file of facts in a folder of the plugin's own, and the state they add up to.

    Whoever writes has the file alone until it is written: what was checked still holds.

    Args:
        path: The file, made when it is first needed; its folder has to be there.
        shapes: Every kind of fact by its name, which is kept for ever.
        fold: Facts in their order to the state.
    """

    def __init__(
        self, path: Path, shapes: Mapping[str, type[F]], fold: Callable[[Iterator[F]], S]
    ) -> None:
        self._path = path
        self._shapes = shapes
        self._fold = fold
        self._names: dict[type[BaseModel], str] = {s: name for name, s in shapes.items()}

    def state(self) -> S:
        """Return what the facts add up to."""
        with self._alone() as database:
            return self._fold(self._facts(database))

    def ask(self, fact: A, check: Callable[[S, A], None]) -> None:
        """Write down what a person asks if ``check`` lets it pass.

        Raises:
            Exception: whatever ``check`` raises; nothing is written.
        """
        with self._alone() as database:
            check(self._fold(self._facts(database)), fact)
            self._insert(database, fact, None)

    def note(self, fact: F, *, key: str) -> None:
        """Write down what the ledger says, unless its ``key`` is there already."""
        with self._alone() as database:
            self._insert(database, fact, key)

    def _facts(self, database: sqlite3.Connection) -> Iterator[F]:
        for kind, data in database.execute("SELECT kind, data FROM fact ORDER BY position"):
            yield self._shapes[kind].model_validate_json(data)

    def _insert(self, database: sqlite3.Connection, fact: BaseModel, key: str | None) -> None:
        row = (key, self._names[type(fact)], fact.model_dump_json())
        database.execute("INSERT OR IGNORE INTO fact (key, kind, data) VALUES (?, ?, ?)", row)

    @contextmanager
    def _alone(self) -> Iterator[sqlite3.Connection]:
        new_file(self._path)
        connected = sqlite3.connect(self._path, isolation_level=None, timeout=WAITS_S)
        with closing(connected) as database:
            database.execute("BEGIN IMMEDIATE")
            try:
                database.execute(TABLE)
                yield database
            except BaseException:
                database.execute("ROLLBACK")
                raise
            database.execute("COMMIT")


class FactRefused(Exception):
    """What a person asks may not be; nothing is written. Says why in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} | {en}")


def typed(
    words: Sequence[str], usage: str, *, asks: Mapping[str, type[A]],
    ask: Callable[[Path, A], None], shows: Mapping[str, Callable[[Path, Given], str]],
    today: date,
) -> str:  # fmt: skip
    """Carry out ``FOLDER COMMAND name=value ...`` and return what is to be shown.

    Args:
        words: What was typed.
        usage: What is answered to anything else.
        asks: Each command that writes a fact to the fact; ``on`` is filled in with ``today``.
        ask: Writes such a fact into the folder.
        shows: Each command that reads, to what it reads.
        today: The day it is typed on.

    Raises:
        SystemExit: wrong usage, or refused; every reason is in the message.
    """
    if len(words) < 2 or words[1] not in {*asks, *shows}:
        raise SystemExit(usage)
    folder, name = Path(words[0]), words[1]
    if not folder.is_dir():
        raise SystemExit(f"没有文件夹 {folder} | there is no folder {folder}")
    given = dict(word.partition("=")[::2] for word in words[2:])
    if name in shows:
        return shows[name](folder, given)
    try:
        ask(folder, asks[name].model_validate({**given, "on": today}))
    except ValidationError as wrong:
        raise SystemExit("\n".join(lines(wrong))) from None
    except FactRefused as refused:
        raise SystemExit(str(refused)) from None
    return "已记 | noted"
