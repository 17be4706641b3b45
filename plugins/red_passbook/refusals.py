"""Why a passbook does not take something, with numbers and what to do.

FactRefused
├── Forbidden           only the one registrar writes; a member disputes only own entries
├── OwnEntry            the registrar writes nothing in the own passbook
├── PassbookNotOpen     nobody has been named to keep it
├── RulesNotPublished   no rules held on that day
├── ActNotInRules       the rules of that day do not know the act
├── RulesFromThePast    rules are published before they are used
├── NoSuchEntry         there is no such entry, or it is reversed
├── NotDisputable       disputed before, or the window is over
└── NotEnoughPoints     held and needed
"""

from __future__ import annotations

from engine import FactRefused


class Forbidden(FactRefused):
    """Somebody does what is another's to do."""

    def __init__(self, by: str, role: str) -> None:
        super().__init__(
            f"{by} 不能办理,应由 {role} 办理", f"forbidden for {by}; it is for {role}"
        )


class OwnEntry(FactRefused):
    """The registrar would write in the own passbook."""

    def __init__(self, by: str) -> None:
        super().__init__(
            f"{by} 是登记员,自己的存折由书记另指定的人登记",
            f"{by} is the registrar; for own entries the secretary names another",
        )


class PassbookNotOpen(FactRefused):
    """Nobody keeps a passbook yet, or somebody does already."""

    def __init__(self) -> None:
        super().__init__("存折未开立或已开立", "the passbook is not open, or open already")


class RulesNotPublished(FactRefused):
    """No rules held on the day of the act."""

    def __init__(self, day: str) -> None:
        super().__init__(f"{day} 尚无已公布的规则", f"no published rules held on {day}")


class ActNotInRules(FactRefused):
    """The rules of that day give nothing for the act."""

    def __init__(self, act: str, version: int) -> None:
        super().__init__(f"第 {version} 版规则没有 {act}", f"rules {version} do not know {act}")


class RulesFromThePast(FactRefused):
    """Rules would hold for a day before they were published."""

    def __init__(self, effective: str, today: str) -> None:
        super().__init__(
            f"规则须先公布后使用:{effective} 早于今天 {today}",
            f"rules are published before use: {effective} is before today, {today}",
        )


class NoSuchEntry(FactRefused):
    """There is no entry of that number that still counts."""

    def __init__(self, entry: int) -> None:
        super().__init__(f"没有第 {entry} 笔,或已冲正", f"no entry {entry}, or it is reversed")


class NotDisputable(FactRefused):
    """The entry cannot be disputed, or there is no dispute to decide."""

    def __init__(self, entry: int, days: int) -> None:
        super().__init__(
            f"第 {entry} 笔没有待定的异议,或已过 {days} 天异议期",
            f"entry {entry} has no open dispute, or its {days} days are over",
        )


class NotEnoughPoints(FactRefused):
    """The person holds fewer points than asked for."""

    def __init__(self, *, held: int, needed: int) -> None:
        super().__init__(
            f"现有 {held} 分,需要 {needed} 分", f"{held} points held, {needed} needed"
        )
        self.held = held
        self.needed = needed
