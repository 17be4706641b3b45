"""Why something about people is refused; the root is ``engine.refusal.Refused``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from engine.refusal import Refused


@dataclass(eq=False)
class NoSuchUnit(Refused):
    """There is no unit of that id."""

    unit: str
    zh: ClassVar[str] = "没有单位 {unit};请用 taizhang people list --units 查看"
    en: ClassVar[str] = "there is no unit {unit}; see taizhang people list --units"


@dataclass(eq=False)
class NoSuchPerson(Refused):
    """There is no person of that id."""

    person: str
    zh: ClassVar[str] = "没有人员 {person};请用 taizhang people list 查看"
    en: ClassVar[str] = "there is no person {person}; see taizhang people list"


@dataclass(eq=False)
class NoSuchRole(Refused):
    """No membership carries that role."""

    role: str
    known: tuple[str, ...]
    zh: ClassVar[str] = "没有角色 {role};可用:{known}"
    en: ClassVar[str] = "there is no role {role}; there are {known}"


@dataclass(eq=False)
class UnitMisplaced(Refused):
    """A unit cannot stand where the change puts it."""

    unit: str
    why_zh: str
    why_en: str
    zh: ClassVar[str] = "{unit}:{why_zh}"
    en: ClassVar[str] = "{unit}: {why_en}"


@dataclass(eq=False)
class DatesReversed(Refused):
    """A span ends before it begins."""

    first: str
    last: str
    zh: ClassVar[str] = "止于 {last},早于起始 {first}"
    en: ClassVar[str] = "ends on {last}, before it begins on {first}"


@dataclass(eq=False)
class MembershipOverlaps(Refused):
    """The same role in the same unit twice at a time."""

    person: str
    unit: str
    role: str
    first: str
    zh: ClassVar[str] = "{person} 自 {first} 起已在 {unit} 任 {role};先写明止期"
    en: ClassVar[str] = "{person} is {role} of {unit} since {first}; end that first"


@dataclass(eq=False)
class NoSuchMembership(Refused):
    """The person has no open membership in the unit."""

    person: str
    unit: str
    zh: ClassVar[str] = "{person} 现在不在 {unit}"
    en: ClassVar[str] = "{person} is no member of {unit} now"
