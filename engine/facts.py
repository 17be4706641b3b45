"""What a plugin keeps of a unit: facts in the order they came; and the command to ask by."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, Generic, Literal, TypeAlias, TypeVar

from pydantic import BaseModel, ValidationError

from engine.misshapen import lines
from engine.plan.kinds import EventType, upcast
from engine.stored import Stored, alone, insert, knows, ready, rows, stored
from engine.terminal import visible

F = TypeVar("F", bound=BaseModel)
S = TypeVar("S")
A = TypeVar("A", bound=BaseModel)
Given: TypeAlias = Mapping[str, str]
"""The ``name=value`` pairs of a command."""


class FactFile(Generic[F, S]):
    """A file of facts in a folder of the plugin's own, and the state they add up to.

    Whoever writes has the file alone until it is written: what was checked still holds.
    Each fact is written with the version of its type and read as the newest one has it.

    Args:
        path: The file, made when it is first needed; its folder has to be there.
        shapes: Every kind of fact by its name, which is kept for ever.
        fold: Facts in their order to the state.
        types: What the plugin registers; a fact of none of them is of version 1 for ever.
        table: Another than ``fact`` only where files with another are in use already.
    """

    def __init__(
        self, path: Path, shapes: Mapping[str, type[F]], fold: Callable[[Iterator[F]], S],
        types: Iterable[EventType] = (), *, table: Literal["fact", "event"] = "fact",
    ) -> None:  # fmt: skip
        self._path = path
        self._shapes = shapes
        self._fold = fold
        self._types = {name: t for t in types for name in (t.kind, t.kind.split(".")[1])}
        self._table = table
        self._names: dict[type[BaseModel], str] = {s: name for name, s in shapes.items()}

    def state(self) -> S:
        """Return what the facts add up to."""
        return self._fold(self._facts(stored(self._path, (self._table,))))

    def ask(self, fact: A, check: Callable[[S, A], None]) -> None:
        """Write down what a person asks if ``check`` lets it pass.

        Raises:
            Exception: whatever ``check`` raises; nothing is written.
        """
        with self._alone() as database:
            check(self._fold(self._facts(rows(database, self._table))), fact)
            self._insert(database, fact, None)

    def note(self, fact: F, *, key: str) -> None:
        """Write down what the ledger says, unless its ``key`` is there already."""
        with self._alone() as database:
            if not knows(database, self._table, key):
                self._insert(database, fact, key)

    def decide(
        self, decide: Callable[[S], tuple[F, ...]], *, key: str | None = None
    ) -> tuple[F, ...]:
        """Write down what follows from the state, and return it; none if ``key`` is there.

        Raises:
            Exception: whatever ``decide`` raises; nothing is written.
        """
        with self._alone() as database:
            if knows(database, self._table, key):
                return ()
            facts = decide(self._fold(self._facts(rows(database, self._table))))
            for number, fact in enumerate(facts):
                self._insert(database, fact, None if number else key)
            return facts

    def _facts(self, facts: Iterable[Stored]) -> Iterator[F]:
        for fact in facts:
            yield self._shapes[fact.kind].model_validate(self._newest(fact))

    def _newest(self, fact: Stored) -> dict[str, Any]:
        """Return the data of ``fact`` as the present version of its type has it.

        Raises:
            FactRefused: a newer plugin wrote it, and this one cannot know what it says.
        """
        known = self._types.get(fact.kind)
        version = known.version if known else 1
        if fact.version > version:
            raise FactRefused(
                f"{fact.kind} 第 {fact.version} 版是新版插件写的,本插件只到第 {version} 版;"
                "请装回新版插件",
                f"a newer plugin wrote version {fact.version} of {fact.kind}, this one knows "
                f"{version}: install the newer one again",
            )
        return upcast(known, fact.version, fact.data) if known else fact.data

    def _insert(self, database: sqlite3.Connection, fact: BaseModel, key: str | None) -> None:
        name = self._names[type(fact)]
        version = self._types[name].version if name in self._types else 1
        insert(database, self._table, key, name, version, fact.model_dump_json())

    @contextmanager
    def _alone(self) -> Iterator[sqlite3.Connection]:
        with alone(self._path) as database:
            ready(database, self._table)
            yield database


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

    What people wrote comes with a sign for every character that would act on a terminal.

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
        return visible(shows[name](folder, given))
    try:
        ask(folder, asks[name].model_validate({**given, "on": today}))
    except ValidationError as wrong:
        raise SystemExit(visible("\n".join(lines(wrong)))) from None
    except FactRefused as refused:
        raise SystemExit(visible(str(refused))) from None
    return "已记 | noted"
