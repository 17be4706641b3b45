"""Whether a notice names somebody of the unit: names are compared here and never shown.

A name of three signs counts wherever it stands. One of two has to stand as words of its
own in one of the segmenter's cuts, for 高明 is in 提高明年的指标.

Source: domain S23 (the responsible officer may be named, nobody else), P19.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import accumulate
from typing import ClassVar

from engine.cycle.state import Cycle
from engine.people.organisation import Organisation
from engine.publication.screen import FIELDS, folded
from engine.refusal import Refused
from engine.vault.port import KeyDestroyedError, Vault

READER, PURPOSE = "publication", "publication"
"""Whose reading of the names is on record, and for what: nobody sees them."""

OFFICER = "responsible"
HAN = r"[\u4e00-\u9fff]"
SPREAD = re.compile(rf"(?<={HAN})[\s·]+(?={HAN})")
SHORT = 2


@dataclass(eq=False)
class NoticeNamesAMember(Refused):
    """A notice has the full name of somebody of the unit."""

    row: str
    zh: ClassVar[str] = (
        "公示稿 {row} 写了本单位人员的姓名,请改写职务,或只说到支部(“支委会”“有的党员”),再起草"
    )
    en: ClassVar[str] = (
        "the draft has the name of a member of the unit in {row}; say the office, or stay at "
        "branch level (the committee, some members), and draft again"
    )


class Members:
    """The people of a unit, whose names lie in the vault, each under its bearer's key."""

    def __init__(
        self, organisation: Callable[[], Organisation], vault: Callable[[], Vault]
    ) -> None:
        self._organisation = organisation
        self._vault = vault

    def against(
        self, cycle: Cycle, issue: object, texts: Mapping[str, str]
    ) -> Iterator[Refused]:
        """Yield each field of a notice on ``issue`` that names somebody of the unit.

        Whoever is responsible may be named, but not for an issue of a member's own.
        """
        own = {each.number for each in cycle.issues if each.subject_kind == "member"}
        names = tuple(self._names(cycle.unit))
        for field in FIELDS:
            if (field != OFFICER or issue in own) and names_in(texts[field], names):
                yield NoticeNamesAMember(f"{issue}.{field}")

    def _names(self, unit: str) -> Iterator[str]:
        """Yield the name of everybody who is or was in the unit, erased ones left out."""
        organisation = self._organisation()
        there = {membership.person for membership in organisation.memberships(unit=unit)}
        for person in organisation.persons():
            if person.id in there:
                with suppress(KeyDestroyedError):
                    yield self._vault().open(person.name, reader=READER, purpose=PURPOSE)


def names_in(text: str, names: Collection[str]) -> bool:
    """Say whether one of ``names`` stands in ``text``, spread out or in full width."""
    plain = _plain(text)
    return any(_stands(_plain(name), plain) for name in names)


def _stands(name: str, plain: str) -> bool:
    if not re.fullmatch(f"{HAN}+", name):
        alone = rf"(?<![a-z]){re.escape(name)}(?![a-z])"
        return len(name) >= SHORT and bool(re.search(alone, plain))
    if len(name) != SHORT or name not in plain:
        return len(name) > SHORT and name in plain
    return any(_whole(name, plain, edges) for edges in _edges(plain))


def _whole(name: str, plain: str, edges: Collection[int]) -> bool:
    starts = (match.start() for match in re.finditer(name, plain))
    return any(start in edges and start + len(name) in edges for start in starts)


def _edges(plain: str) -> Iterator[frozenset[int]]:
    """Yield where words begin and end, with guessing at unknown words and without."""
    import rjieba  # noqa: PLC0415 - its dictionary takes time, and few texts come this far

    for guessing in (True, False):
        words = rjieba.cut(plain, hmm=guessing)
        yield frozenset(accumulate(map(len, words), initial=0))


def _plain(text: str) -> str:
    return SPREAD.sub("", folded(text)).strip().casefold()
