"""Who comes in by the command line: the holder of a token, once anybody has an account.

Until then, and in a rehearsal, everybody does. What looks after the machine (worker, keys,
retention, plugins, the chain) asks for no token: whoever runs it holds the master key.
Every function raises ``Denied``, or why nobody is known by the token.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Literal, TypeAlias

from engine.cli.parts import Parts
from engine.people.door import Denied
from engine.refusal import Refused
from engine.vault.port import UnknownContentError

LISTS = ("read_lists",)
COUNTS = ("read_counts", "read_lists")
RUNS = (*LISTS, "read_run")
"""What operators may look at too: ids, states and what a cycle waits for (P28)."""

Scope: TypeAlias = Literal["read", "act", "read_audit", "manage_people"]


def look(parts: Parts, cycle: str, acts: Iterable[str] = LISTS) -> None:
    """Let whoever may do one of ``acts`` look at ``cycle``."""
    if door := parts.door():
        door.look(parts.settings.credential, acts, cycle)


def visible(parts: Parts, acts: Iterable[str]) -> Callable[[str], bool]:
    """Return what says of a unit whether one of ``acts`` may be done there."""
    door = parts.door()
    if door is None:
        return lambda _: True
    return door.reach(parts.settings.credential, acts).__contains__


def everywhere(parts: Parts, acts: Iterable[str]) -> None:
    """Let whoever may do one of ``acts`` in every unit go on; where there is none, nobody."""
    if parts.door() is None:
        return
    units = tuple(parts.people().organisation.units())
    if not units or not all(map(visible(parts, acts), units)):
        raise Denied


def act_in(parts: Parts, act: str, cycle: str, *, by: str) -> None:
    """Let whoever may do ``act`` in ``cycle`` in the name of ``by`` go on."""
    if door := parts.door():
        door.enter_cycle(parts.settings.credential, act, cycle, by=by)


def act_somewhere(parts: Parts, act: str, *, by: str) -> None:
    """Let ``by`` do ``act``, which belongs to no one unit."""
    door = parts.door()
    if door and not door.reach(parts.settings.credential, (act,), by=by):
        raise Denied


def oneself(parts: Parts, person: str, scope: Scope) -> None:
    """Let nobody go on as ``person`` but ``person``."""
    if door := parts.door():
        door.oneself(parts.settings.credential, person, scope)


@contextmanager
def one_denial(parts: Parts) -> Iterator[None]:
    """Answer what is not there and what may not be alike, once anybody has an account."""
    try:
        yield
    except (Refused, UnknownContentError):
        if parts.door():
            raise Denied from None
        raise


def holder(parts: Parts, scope: Scope) -> str | None:
    """Return whose the token is; None where nobody needs one."""
    door = parts.door()
    return door.holder(parts.settings.credential, scope) if door else None
