"""A suite: several scenarios played one after another, and the numbers they must come to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BeforeValidator, Field, model_validator

from engine.record import Id, Record
from engine.scenario.acts import Server, Text, Title
from engine.scenario.model import Scenario


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Ids: TypeAlias = Annotated[
    tuple[Id, ...], BeforeValidator(_listed, json_schema_input_type=Id | tuple[Id, ...])
]


class AtLeast(Record):
    """An open bound: never printed, and never held to, as an exact number."""

    at_least: int


class Source(Record):
    """Where a number is counted: over ``cycles``, in a ``campaign``, or in what was ``seen``.

    ``count`` names it. With ``snapshot`` it is the number of that moment. ``play`` is the
    scenario in which a plugin's command showed it.
    """

    cycles: Ids = ()
    campaign: Id | None = None
    play: Text | None = None
    snapshot: Text | None = None
    count: Text

    @model_validator(mode="after")
    def _one_place(self) -> Source:
        if sum((bool(self.cycles), self.campaign is not None, self.play is not None)) != 1:
            raise ValueError("one of: cycles, campaign, play")
        return self


class Figure(Record):
    """A number of the article beside the one counted; ``invented`` is of the demo's making.

    Where the article has no number, or an open bound, ``invented`` is what has to come out.
    """

    place: Title
    what: Title
    article: int | AtLeast | None = None
    invented: int | None = None
    counted: Source

    @model_validator(mode="after")
    def _something_to_hold_to(self) -> Figure:
        if self.article is None and self.invented is None:
            raise ValueError("article or invented: something to hold it to")
        return self


class Note(Record):
    """Something a reader has to know of a place, such as a term that is not what it seems."""

    place: Title
    said: Title


class Suite(Record):
    """The file: which scenarios, on which server, and what they have to come to."""

    format: Literal[1]
    title: Title
    server: Server = "real"
    plays: Annotated[tuple[Text, ...], Field(min_length=1)]
    figures: tuple[Figure, ...] = ()
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Repertoire:
    """A suite with its scenarios by the name under which it plays them."""

    suite: Suite
    scripts: Mapping[str, Scenario]

    @property
    def server(self) -> Server:
        """Return on which server all of it is played."""
        return self.suite.server
