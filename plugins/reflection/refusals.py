"""Why a reflection takes or shows nothing.

FactRefused
├── NotOpen           no meeting was closed, or its days are over
├── TicketNotValid    the ticket was used, or never given out
├── NamesSomebody     the words hold a number, an address or an illness
└── TooFew            fewer answers than may be shown
"""

from __future__ import annotations

from engine import FactRefused


class NotOpen(FactRefused):
    """The reflection has not begun, or it is over."""

    def __init__(self, cycle: str) -> None:
        super().__init__(f"{cycle} 没有开放的会后感想", f"no reflection on {cycle} is open")


class TicketNotValid(FactRefused):
    """One ticket, one answer."""

    def __init__(self) -> None:
        super().__init__("此票无效或已用", "this ticket is not valid, or was used")


class NamesSomebody(FactRefused):
    """Words that could tell who is meant are not kept."""

    def __init__(self) -> None:
        super().__init__("请勿写号码、住址、病情", "leave out numbers, addresses and illness")


class TooFew(FactRefused):
    """So few answers could be guessed; how many there are is not told either."""

    def __init__(self, needed: int) -> None:
        super().__init__(f"不满 {needed} 份,不看结果", f"no result below {needed} answers")
