"""May this person do that? Every reason against it, or none.

The rules decide commands once more, with more knowledge; nothing is let through here
that they refuse, and what they never see is decided here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from engine.people.acts import BESIDE
from engine.people.roles import (
    ACTS,
    APART,
    PERSONAL,
    ROW,
    Part,
    RoleId,
    allowed,
    barred,
    holders,
)
from engine.refusal import Refused


@dataclass(eq=False)
class UnknownAct(Refused):
    """There is no such act, or no such role."""

    name: str
    zh: ClassVar[str] = "没有 {name} 这种行为或角色;见 docs/roles.md"
    en: ClassVar[str] = "there is no act or role {name}; see docs/roles.md"


@dataclass(eq=False)
class RoleMayNot(Refused):
    """The role does not include the act."""

    role: str
    act: str
    who: tuple[str, ...]
    zh: ClassVar[str] = "{role} 不可 {act};可由 {who} 办理"
    en: ClassVar[str] = "{role} may not {act}; these may: {who}"


@dataclass(eq=False)
class RoleMayNever(Refused):
    """The role is barred from the act for good, also on behalf of somebody else."""

    role: str
    act: str
    zh: ClassVar[str] = "{role} 任何时候不可 {act},代理也不可;须另请一人"
    en: ClassVar[str] = "{role} may never {act}, nor as a delegate; ask somebody else"


@dataclass(eq=False)
class PartNeeded(Refused):
    """The act is for somebody with a part in the thing."""

    person: str
    act: str
    parts: tuple[str, ...]
    zh: ClassVar[str] = "{act} 限 {parts} 本人;{person} 不是"
    en: ClassVar[str] = "{act} is for {parts}; {person} is none"


@dataclass(eq=False)
class PartBars(Refused):
    """The person has a part in the thing that the act must be kept apart from."""

    person: str
    act: str
    part: str
    zh: ClassVar[str] = "{person} 是 {part},不可 {act},须另请一人"
    en: ClassVar[str] = "{person} is {part} and may not {act}; ask somebody else"


@dataclass(eq=False)
class ActIsPersonal(Refused):
    """The act is done in one's own matter; nobody does it in somebody's place."""

    act: str
    zh: ClassVar[str] = "{act} 须本人办理,不能由被委托人代办"
    en: ClassVar[str] = "{act} is a person's own and not done by a delegate"


@dataclass(eq=False)
class ThingUnknown(Refused):
    """Duties are to be kept apart, and it is not known who has which part."""

    act: str
    zh: ClassVar[str] = "{act} 有回避要求,不知道是哪一件事,被委托人不能代办"
    en: ClassVar[str] = "{act} keeps duties apart; a delegate does it only in a known matter"


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """What an act is about: who has which part in it, and whose unit it is."""

    parts: Mapping[str, frozenset[Part]] = field(default_factory=dict)
    unit: str | None = None

    def of(self, person: str) -> frozenset[Part]:
        """Return the parts ``person`` has in it."""
        return self.parts.get(person, frozenset())


def may(
    person: str, role: RoleId, act: str, thing: Thing | None, *, own: Collection[RoleId] = (),
    giver: str | None = None,
) -> tuple[Refused, ...]:  # fmt: skip
    """Return every reason why ``person`` may not do ``act`` as ``role``; empty: may.

    Args:
        person: Opaque id.
        role: The role acted in.
        act: A command's kind or an act of ``engine.people.acts``.
        thing: What it is about; None asks about the role alone.
        own: For a delegate: the roles held by oneself. What they may never do stays barred.
        giver: For a delegate: in whose place. Neither may have a part that bars the act.
    """
    if unknown := [name for name, known in ((act, ACTS), (role, ROW)) if name not in known]:
        return tuple(UnknownAct(name) for name in unknown)
    against = list(_against(person, role, act, thing, own))
    if giver is not None and act in allowed(role):
        against += _not_lent(giver, act, thing)
    return tuple(against)


def heeds_all(act: str, giver: str | None) -> bool:
    """Say whether what any own role may never do bars ``act``, whatever role it is done in.

    It does for whoever stands in, and for all that is no command: what a superior may not
    read no other role shows. Commands are their rules' to decide: a secretary who is a
    leading cadre opens the meeting as the secretary.
    """
    return giver is not None or act in BESIDE


def _not_lent(giver: str, act: str, thing: Thing | None) -> Iterator[Refused]:
    """Yield why a delegate may not do ``act``; the rules see only in whose name it is done."""
    if act in PERSONAL:
        yield ActIsPersonal(act)
    elif thing is not None:
        yield from _barred_by_part(giver, act, thing)
    elif act in APART:
        yield ThingUnknown(act)


def _against(
    person: str, role: RoleId, act: str, thing: Thing | None, own: Collection[RoleId]
) -> Iterator[Refused]:
    acts = allowed(role)
    never = [r for r in dict.fromkeys((role, *own)) if act in barred(r)]
    yield from (RoleMayNever(r, act) for r in never)
    if act not in acts:
        if not never:
            yield RoleMayNot(role, act, holders(act))
        return
    if thing is not None:
        if acts[act] and thing.of(person).isdisjoint(acts[act]):
            yield PartNeeded(person, act, acts[act])
        yield from _barred_by_part(person, act, thing)


def _barred_by_part(person: str, act: str, thing: Thing) -> Iterator[Refused]:
    has = thing.of(person)
    yield from (PartBars(person, act, part) for part in APART.get(act, ()) if part in has)
