"""Persons in a Chinese text: what looks like a name, found by a word segmenter.

The text is cut twice, with and without guessing at unknown words. With guessing the
segmenter marks most names itself; without it an unknown name falls into single signs
behind a surname. Either is enough. What this misses is told in decision 0018.

Source: domain P26.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import ModuleType
from typing import TypeAlias

from engine.publication.screen import folded

PERSON = frozenset({"nr", "nrt", "nrfg"})
"""How the segmenter tags the names of persons."""

BOUND = frozenset(
    {"p", "c", "d", "r", "m", "q", "x", "y", "f", *(f"u{sign}" for sign in "jlzgdv")}
)
"""Tags of words that are no part of a given name: of, and, not, this, three ..."""

HIDDEN, DOT = "某", "·"
SIGN = r"[\u4e00-\u9fff]"
HAN = re.compile(f"{SIGN}+")
SPREAD = re.compile(rf"(?<!{SIGN})({SIGN})[ \t]+({SIGN})(?!{SIGN})")
"""A name of two signs, written as wide as one of three."""

Word: TypeAlias = tuple[str, str]
"""A word with the segmenter's tag."""

NONE: Word = ("", "")


@dataclass(frozen=True, slots=True)
class Lists:
    """Surnames, and what stands beside names; see ``names.toml``."""

    surnames: frozenset[str]
    words: frozenset[str]
    small: frozenset[str]
    compound: frozenset[str]
    titles: frozenset[str]
    places: frozenset[str]
    streets: frozenset[str]
    ordinary: frozenset[str]
    public: frozenset[str]

    def titled(self, word: str) -> bool:
        """Say whether a title behind ``word`` makes it a surname."""
        return word in self.surnames or word in self.words or word in self.compound

    def shaped(self, word: str) -> bool:
        """Say whether ``word`` is a surname with one or two signs behind it."""
        if word[:2] in self.compound:
            return len(word) in (3, 4)
        known = self.titled(word[0]) or word[0] in self.small
        return known and len(word) in (2, 3) and word[2:] not in self.streets


def named(text: str) -> tuple[str, ...]:
    """Return what looks like a person's name in ``text``, each once, in its order.

    A surname with a title is one. ``named("罗建军和小张")`` is ``("罗建军", "小张")``.
    """
    plain = _plain(text)
    return _longest((name for words in _cuts(plain) for name in _found(words)), plain)


def repeated(text: str, original: str) -> tuple[str, ...]:
    """Return what may be somebody's name in ``original`` and stands in ``text`` too.

    Less is enough than for ``named``, for what both say is seldom there by chance; a given
    name of two signs counts without its surname.
    """
    plain, whole = _plain(text), named(original)
    given = (name[-2:] for name in whole if _lists().shaped(name) and len(name) > 2)
    perhaps = (name for words in _cuts(_plain(original)) for name in _perhaps(words))
    return _longest((name for name in (*whole, *given, *perhaps) if name in plain), plain)


def _found(words: Sequence[Word]) -> Iterator[str]:
    lists = _lists()
    for at, (word, _) in enumerate(words):
        if word not in lists.ordinary and word not in lists.public:
            yield from _tagged(words[at:], lists)
            yield from _titled(words[at:], lists)
            yield from _spelled(words[at:], lists)


def _tagged(words: Sequence[Word], lists: Lists) -> Iterator[str]:
    """Yield the first word where the segmenter takes it for a person or half of one."""
    (word, tag), (after, kind), (last, _) = (*words[:3], NONE, NONE)[:3]
    if after == DOT and len(word) > 1 and HAN.fullmatch(word) and HAN.fullmatch(last):
        yield word + after + last
    if tag in PERSON and after not in lists.places and _believed(word, after, lists):
        half = len(word) == 2 and kind != "v" and _given((after, kind))
        yield word + after if half else word
    if lists.titled(word) and len(after) == 2 and kind in PERSON:
        yield word + after


def _believed(word: str, after: str, lists: Lists) -> bool:
    """Say whether a word tagged as a name is one: the dictionary tags ordinary words so."""
    sure = word[0] in lists.surnames or word[:2] in lists.compound
    return lists.shaped(word) and (sure or after in lists.titles or not _listed(word))


def _titled(words: Sequence[Word], lists: Lists) -> Iterator[str]:
    """Yield a surname with its title, or with what makes do for one: 老王, 小张, 姓赵."""
    (word, _), (after, _) = (*words[:2], NONE)[:2]
    if lists.titled(word) and after in lists.titles:
        yield word + after
    if len(word) == 2 and word[0] in "小老" and word[1] in lists.surnames:
        yield word
    if word in "小老姓" and lists.titled(after):
        yield word + after


def _spelled(words: Sequence[Word], lists: Lists) -> Iterator[str]:
    """Yield a surname with the one word, or the signs, behind it."""
    if words[0][0] in lists.surnames or words[0][0] in lists.compound:
        yield from _one_word(words, lists)
        yield from _signs(words, lists)


def _perhaps(words: Sequence[Word]) -> Iterator[str]:
    lists = _lists()
    for at, (word, tag) in enumerate(words):
        if (
            tag in PERSON
            and len(word) == 2
            and lists.shaped(word)
            and _given((*words[at + 1 :], NONE)[0])
        ):
            yield word + words[at + 1][0]
        if lists.titled(word):
            yield from _one_word(words[at:], lists)
        if lists.titled(word) or word in lists.small:
            yield from _signs(words[at:], lists)


def _one_word(words: Sequence[Word], lists: Lists) -> Iterator[str]:
    """Yield the first word with the word of two signs behind it, unless a place or title."""
    (word, _), (after, kind), (last, _) = (*words[:3], NONE, NONE)[:3]
    a_word = len(after) == 2 and HAN.fullmatch(after) and kind not in BOUND - {"d"}
    if a_word and after not in lists.titles and not {after, last} & lists.places:
        yield word + after


def _signs(words: Sequence[Word], lists: Lists) -> Iterator[str]:
    """Yield the first word with the one or two single signs behind it, unless a place."""
    name, rest = words[0][0], (*words[1:4], NONE)
    for number, sign in enumerate(rest[:2]):
        if not _given(sign):
            break
        name += sign[0]
        if rest[number + 1][0] in lists.places:
            return
    if len(name) > len(words[0][0]):
        yield name


def _given(word: Word) -> bool:
    sign, tag = word
    return len(sign) == 1 and bool(HAN.match(sign)) and (tag not in BOUND or sign == HIDDEN)


def _longest(names: Iterable[str], plain: str) -> tuple[str, ...]:
    """Return each name once, in the order of ``plain``, without parts of longer ones."""
    known = _lists().ordinary | _lists().public
    kept: list[str] = []
    for name in sorted(set(names) - known, key=len, reverse=True):
        if not any(name in longer for longer in kept):
            kept.append(name)
    return tuple(sorted(kept, key=plain.index))


def _plain(text: str) -> str:
    return SPREAD.sub(r"\1\2", folded(text))


def _cuts(plain: str) -> tuple[list[Word], list[Word]]:
    tag = _segmenter().tag
    return tag(plain, hmm=True), tag(plain, hmm=False)


def _listed(word: str) -> bool:
    return bool(_segmenter().has_word(word))


def _segmenter() -> ModuleType:
    import rjieba  # noqa: PLC0415 - its dictionary takes time, and most commands name nobody

    return rjieba


@cache
def _lists() -> Lists:
    raw = tomllib.loads(files("engine.opinions").joinpath("names.toml").read_text("utf-8"))
    parts = {name: told.split() if " " in told else told for name, told in raw.items()}
    return Lists(**{name: frozenset(told) for name, told in parts.items()})
