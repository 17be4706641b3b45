"""The rules a policy may switch on: lights, ladder, tracks, extensions, rights, look-back."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Annotated, Literal, TypeAlias

from pydantic import AfterValidator, Field

from engine.record import Record


def _share(value: str) -> str:
    if not re.fullmatch(r"[0-9]{1,9}([./][0-9]{1,9})?", value, re.ASCII):
        raise ValueError("a share is written like 1/2 or 0.9")
    if re.search(r"/0+$", value) or not 0 < Fraction(value) <= 1:
        raise ValueError("a share is above 0 and at most 1")
    return value


Share = Annotated[str, AfterValidator(_share)]
"""A part of a whole, exact: ``"1/2"`` or ``"0.90"``."""

MOST_DAYS = 3650
Days: TypeAlias = Annotated[int, Field(ge=1, le=MOST_DAYS)]
"""A number of days, 1 to 3650; calendar days unless the name says working days."""

Recipient: TypeAlias = Literal[
    "owner", "secretary", "committee", "leader", "superior", "unit_head", "everyone"
]
Colour: TypeAlias = Literal["green", "blue", "yellow", "orange", "red"]
When: TypeAlias = Literal[
    "days_left",
    "overdue",
    "done",
    "awaiting",
    "on_pace",
    "behind",
    "poor",
    "long_term",
    "slip",
]
Roll: TypeAlias = Literal["none", "next_working_day"]


class LightRule(Record):
    """One line of a light policy; the first line that matches gives the colour.

    ``days`` goes with ``days_left``: at most so many calendar days left. ``slip`` goes
    with ``slip``: the number of the unanswered slip. ``instrument`` and ``points`` take
    effect from the ``repeat``-th time on that the issue comes under this rule.
    """

    colour: Colour
    when: When
    days: Annotated[int, Field(ge=0, le=MOST_DAYS)] | None = None
    slip: Annotated[int, Field(ge=1)] | None = None
    to: tuple[Recipient, ...] = ()
    instrument: Literal["letter", "push", "slip", "list", "none"] = "letter"
    points: int = 0
    repeat: Annotated[int, Field(ge=1)] = 1


class LadderStep(Record):
    """Who is told what, ``days`` calendar days after the due day (before it: negative)."""

    days: Annotated[int, Field(ge=-MOST_DAYS, le=MOST_DAYS)]
    to: tuple[Recipient, ...]
    instrument: Literal["reminder", "overdue", "list"] = "reminder"


class Tracks(Record):
    """How long an issue may take, in calendar days, by its track.

    ``review_days`` and ``reapprove_days`` are the rhythm of the long-term track.
    """

    immediate_days: Days = 7
    phased_days: Days = 90
    review_days: Days = 90
    reapprove_days: Days = 365


class Extensions(Record):
    """How often and by how many calendar days at most a deadline may be moved."""

    most: Annotated[int, Field(ge=0)] = 2
    days: Days = 30
    decide_working_days: Days = 3


class Rights(Record):
    """How long members' rights run, in calendar days unless the name says otherwise.

    Nothing about a person is final before ``reply_working_days`` have passed or the person
    has answered. ``shield_days`` is how long after a cycle nobody judges whoever criticised
    them in it. ``edition`` says which rules bind beside: since 2 nobody decides what a critic
    of theirs contests or makes the critic's work a graver matter, a verdict is told by
    somebody else, in the words that were shown, and each verdict struck takes an appeal
    upheld; since 3 nobody finds, reopens, rejects or disposes of a critic's matter either, an
    issue out of criticism names the item, and whoever decided a matter takes no appeal
    about it. A cycle keeps the edition it was opened with.
    """

    reply_working_days: Annotated[int, Field(ge=3, le=MOST_DAYS)] = 3
    acknowledge_working_days: Days = 3
    decide_days: Days = 30
    shield_days: Days = 180
    edition: Annotated[int, Field(ge=1, le=3)] = 1


class Retained(Record):
    """How long content is kept, in calendar days unless the name says otherwise.

    Minutes and the ledger's texts from the cycle's last event once it is archived, raw
    forms from the day coding was over, talks from the talk, ballots from the last verdict.
    """

    minutes_years: Annotated[int, Field(ge=1, le=100)] = 10
    raw_forms_days: Days = 90
    talks_days: Days = 365
    ballots_days: Days = 183


class LookBack(Record):
    """When closed issues are looked at again: every key issue and ``share`` of the rest."""

    days: Days = 90
    share: Share = "1/10"
