"""A digest: all letters of one person and day, as one message in two languages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Literal, TypeAlias

from engine.notices.letters import LOCAL, Letter, Text
from engine.notices.words import say
from engine.record import Lang, Record

State: TypeAlias = Literal["collected", "sending", "sent", "failed", "dead"]
"""``sending`` lasts for one delivery; found by another process it means a crash."""


class Digest(Record):
    """One message to one person; ``rehearsal`` is the cycle rehearsed, else empty.

    ``attempts`` counts deliveries begun; ``next_try`` and ``sent_at`` are ISO moments.
    """

    key: str
    person: str
    day: date
    rehearsal: str
    state: State
    letters: int
    attempts: int
    error: str
    next_try: str
    sent_at: str


def due_at(day: date, hour: time) -> datetime:
    """Return the moment from which the digest of ``day`` may go out: local ``hour``."""
    return datetime.combine(day, hour, LOCAL)


def subject(digest: Digest, letters: Sequence[Letter]) -> str:
    """Return the subject: the letter's own, or how many there are."""
    zh, en = (_subject(lang, digest, letters) for lang in _LANGS)
    return f"{zh} | {en}"


def body(digest: Digest, letters: Sequence[Letter]) -> str:
    """Return all letters, Chinese first, and the key by which doubles are recognised."""
    zh, en = (_block([_of(lang, letter) for letter in letters]) for lang in _LANGS)
    key = " | ".join(say(lang, "digest", "key", key=digest.key) for lang in _LANGS)
    return f"{zh}\n\n{en}\n\n{key}\n"


_LANGS: tuple[Lang, Lang] = ("zh", "en")


def _of(lang: Lang, letter: Letter) -> Text:
    return letter.zh if lang == "zh" else letter.en


def _subject(lang: Lang, digest: Digest, letters: Sequence[Letter]) -> str:
    mark = say(lang, "digest", "rehearsal" if digest.rehearsal else "product")
    if len(letters) == 1:
        return f"{mark}{_of(lang, letters[0]).subject}"
    return mark + say(lang, "digest", "many", day=digest.day, count=len(letters))


def _block(texts: Sequence[Text]) -> str:
    """Return numbered letters, the lines after the first indented."""
    return "\n".join(f"{n}. " + "\n   ".join(text.lines) for n, text in enumerate(texts, 1))


def backoff(attempts: int) -> timedelta:
    """Return how long to wait after ``attempts`` failures: 1 minute, doubled, at most 4 h."""
    return timedelta(minutes=min(2 ** (attempts - 1), 240))
