"""What can be asked of a passbook."""

from __future__ import annotations

from datetime import date
from typing import Annotated, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from .events import UNSAID

Id: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$")]
Points: TypeAlias = Annotated[int, Field(ge=1, le=1000)]


class Command(BaseModel):
    """Something a person asks for."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    by: Id


class OpenPassbook(Command):
    """Begin a passbook and name who keeps it; ``by`` is the secretary."""

    registrar: Id


class NameRegistrar(Command):
    """Let another person keep it; for the secretary."""

    registrar: Id


class PublishRules(Command):
    """Publish what acts are worth from ``effective`` on; for the registrar."""

    rules: Annotated[dict[Id, Points], Field(min_length=1)]
    effective: date
    dispute_days: Annotated[int, Field(ge=1, le=365)] = 10


class PostPoints(Command):
    """Enter an act of ``day``; for the registrar. The rules of that day give the points."""

    person: Id
    act: Id
    day: date
    source: str = ""


class ReversePoints(Command):
    """Take an entry back; for the registrar."""

    entry: int


class DisputePoints(Command):
    """Say that an own entry is wrong; for the person it is about."""

    entry: int


class DecideDispute(Command):
    """Decide a dispute; for the secretary. An upheld one reverses the entry."""

    entry: int
    upheld: bool


class RedeemPoints(Command):
    """Give points for ``what``; for the registrar."""

    person: Id
    points: Points
    what: Id = UNSAID


class PublishPoints(Command):
    """Publish everybody's total on every channel at once; for the registrar."""


COMMANDS: dict[str, type[Command]] = {
    "open": OpenPassbook,
    "registrar": NameRegistrar,
    "rules": PublishRules,
    "post": PostPoints,
    "reverse": ReversePoints,
    "dispute": DisputePoints,
    "decide": DecideDispute,
    "redeem": RedeemPoints,
    "publish": PublishPoints,
}
"""What a person types to the command it stands for."""
