"""Why a guest's link was not made or opens nothing.

Refused
├── NotTheSecretary   links are given out by the secretary
├── NoSuchGuest       nobody of that id is invited
├── LinkBroken        mistyped, or not signed here
├── LinkReplaced      the secretary gave out a newer one
├── OtherDevice       it was opened on another device first
└── MeetingOver       the meeting it was for is closed
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from engine.refusal import Refused


@dataclass(eq=False)
class NotTheSecretary(Refused):
    """Only the secretary gives out and replaces links."""

    person: str
    zh: ClassVar[str] = "{person} 不是支部书记,代表链接由支部书记发放"
    en: ClassVar[str] = "{person} is not the branch secretary, who gives out guests' links"


@dataclass(eq=False)
class NoSuchGuest(Refused):
    """The plan of the cycle invites nobody of that id."""

    guest: str
    zh: ClassVar[str] = "{guest} 不在邀请之列"
    en: ClassVar[str] = "{guest} is not invited by the plan"


@dataclass(eq=False)
class LinkBroken(Refused):
    """The signature does not fit; what the link says is not repeated."""

    zh: ClassVar[str] = "链接不完整,请重新打开原链接"
    en: ClassVar[str] = "this link is not whole; open it again as you were given it"


@dataclass(eq=False)
class LinkReplaced(Refused):
    """A newer link makes the older one invalid."""

    zh: ClassVar[str] = "此链接已由新链接代替,请用支部书记新发的链接"
    en: ClassVar[str] = "a newer link replaced this one; use what the secretary sent last"


@dataclass(eq=False)
class OtherDevice(Refused):
    """A link opens on the device that opened it first."""

    zh: ClassVar[str] = "此链接已在另一台设备上打开,请支部书记重发"
    en: ClassVar[str] = (
        "this link was opened on another device; ask the secretary for a new one"
    )


@dataclass(eq=False)
class MeetingOver(Refused):
    """A link is good for one meeting and ends with it."""

    zh: ClassVar[str] = "会议已结束,链接不再有效"
    en: ClassVar[str] = "the meeting is over and the link with it"
