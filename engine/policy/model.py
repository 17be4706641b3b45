"""A policy: the numbers and rules one cycle is held to."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from engine.policy.almanac import Calendar
from engine.policy.rules import (
    Days,
    Extensions,
    LadderStep,
    LightRule,
    LookBack,
    Retained,
    Rights,
    Roll,
    Share,
    Tracks,
)
from engine.record import Id, Record, digest

ALWAYS = frozenset({"holidays", "working_weekends"})
"""Keys with a default that were part of the digest before any other key had one."""


class Policy(Record):
    """What one cycle is held to; changing a pack changes no running cycle.

    ``quorum_open`` must be exceeded by members present; a vote counts with at least
    ``vote_present`` of the voting members present and carries with more than
    ``vote_yes`` of those due. Days are calendar days unless the name says otherwise.
    Every key with a default is off by default: that is pack version 1, and recorded
    histories hold such policies. Two cannot be off: ``k_anonymity``, for results of fewer
    answers are hidden, and ``glass_hours``, the longest that break-glass lasts.
    """

    pack: Id
    version: Annotated[int, Field(ge=1)]
    quorum_open: Share
    vote_present: Share
    vote_yes: Share
    set_books: Annotated[int, Field(ge=0)]
    mass_threshold: Share
    mass_min_sample: Annotated[int, Field(ge=1)]
    mass_min_share: Share
    notice_working_days: Annotated[int, Field(ge=1)]
    holidays: tuple[date, ...] = ()
    working_weekends: tuple[date, ...] = ()
    claim_default_days: Days | None = None
    tracks: Tracks | None = None
    extensions: Extensions | None = None
    ladder: tuple[LadderStep, ...] = ()
    lights: tuple[LightRule, ...] = ()
    light_review_days: Days | None = None
    behind_tolerance: Share = "1/5"
    notice_two_persons: bool = False
    key_on_site: bool = False
    dissatisfied_working_days: Days | None = None
    look_back: LookBack | None = None
    report_days: Days | None = None
    report_roll: Roll = "none"
    calendar: Calendar | None = None
    talk_pairs: bool = False
    replan_ahead: bool = False
    superior_reviews: bool = False
    criticism_of_others: bool = False
    rights: Rights | None = None
    retention: Retained | None = None
    glass_hours: Annotated[int, Field(ge=1, le=24)] = 24
    excellent_cap: Share | None = None
    k_anonymity: Annotated[int, Field(ge=2, le=100)] = 5

    @property
    def digest(self) -> str:
        """Return the SHA-256 of the whole pack, recorded in ``PolicyPinned``.

        A key that is off does not count, so an old policy keeps its digest.
        """
        used = set(self.model_dump(exclude_defaults=True)) | ALWAYS
        return digest(self.model_dump(mode="json", include=used))
