"""What may not stand in a text that is read by those concerned, or goes to a channel.

Numbers, addresses, illness, persons' names, what marks a minor, and whoever the original
names. A segmenter errs: whoever writes the text may say that a word is no name. That is
counted; of minors it is not heard.

Source: domain P04, P26.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from engine.opinions.minors import minors
from engine.opinions.names import named, repeated
from engine.opinions.refusals import (
    MarksAMinor,
    NamedInTheOriginal,
    NamesAPerson,
    NamesSomebody,
)
from engine.publication.screen import NAMES, found_in
from engine.refusal import Refused


@dataclass(frozen=True, slots=True)
class Screened:
    """Every reason against a text, and how many words were said to be no names."""

    reasons: tuple[Refused, ...]
    overruled: int


def screened(
    text: str, field: str, *, original: str = "", no_names: Collection[str] = ()
) -> Screened:
    """Return what speaks against ``text``; no sign of ``original`` that it does not hold."""
    found = tuple(_persons(text, field, original))
    left = tuple(reason for word, reason in found if word not in no_names)
    reasons = (*_numbers(text, field), *(MarksAMinor(field, m) for m in minors(text)), *left)
    return Screened(reasons, overruled=len(found) - len(left))


def _numbers(text: str, field: str) -> Iterator[Refused]:
    for kind in found_in(text):
        yield NamesSomebody(field, *NAMES[kind])


def _persons(text: str, field: str, original: str) -> Iterator[tuple[str, Refused]]:
    """Yield each word of ``text`` that may name a person, once, with the reason."""
    here = named(text)
    for word in here:
        yield word, NamesAPerson(field, word)
    for word in repeated(text, original):
        if word not in here:
            yield word, NamedInTheOriginal(field, word)
