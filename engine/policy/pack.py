"""Policy packs: the numbers a branch works by, read from TOML and pinned per cycle."""

from __future__ import annotations

import tomllib
from datetime import date
from fractions import Fraction
from importlib.resources import files
from typing import Annotated

from pydantic import AfterValidator, Field

from engine.record import Id, Record, digest


def _share(value: str) -> str:
    if not 0 < Fraction(value) <= 1:
        raise ValueError("a share is written like 1/2 or 0.9, above 0 and at most 1")
    return value


Share = Annotated[str, AfterValidator(_share)]
"""A part of a whole, exact: ``"1/2"`` or ``"0.90"``."""


class Policy(Record):
    """What one cycle is held to; changing a pack changes no running cycle.

    ``quorum_open`` must be exceeded by members present; a vote counts with at least
    ``vote_present`` of the voting members present and carries with more than
    ``vote_yes`` of those due. Days are calendar days unless the name says otherwise.
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

    @property
    def digest(self) -> str:
        """Return the SHA-256 of the whole pack, recorded in ``PolicyPinned``."""
        return digest(self.model_dump(mode="json"))


def load_pack(name: str = "default") -> Policy:
    """Return the shipped pack ``name``.

    Raises:
        FileNotFoundError: no pack of that name is shipped.
        pydantic.ValidationError: the file has a wrong key or value.
    """
    text = (files("engine.policy") / "packs" / f"{name}.toml").read_text("utf-8")
    return Policy.model_validate(tomllib.loads(text))
