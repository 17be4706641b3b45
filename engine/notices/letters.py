"""From an event to one letter a person: what, by when, what to do. Never any content."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta, timezone
from typing import Any

from engine.ledger.port import Recorded
from engine.notices.words import phrases, say
from engine.record import Lang, Record
from engine.vault.door import is_id

LOCAL = timezone(timedelta(hours=8))
"""The local time of days in notices: UTC+8."""

LONG_OVERDUE_DAYS = 30
NUMBERS = ("issue", "step", "number", "count", "points", "measure")
WORDS = ("light", "instrument", "outcome", "owner", "successor")
DAYS = ("due", "decide_by", "review_due", "asked")


class Text(Record):
    """A letter in one language."""

    subject: str
    lines: tuple[str, ...]


class Letter(Record):
    """What one event has to say to one person; ``day`` is the event's local day."""

    event_id: str
    position: int
    person: str
    cycle: str
    day: date
    zh: Text
    en: Text

    @property
    def key(self) -> str:
        """Return ``<event id>/<person>``: the same however often it is written."""
        return f"{self.event_id}/{self.person}"


def letters(recorded: Recorded) -> tuple[Letter, ...]:
    """Return a letter for each person in the event's ``to``; none without such a list.

    The event is read as it lies in the ledger: an unknown kind, or fields of another
    shape, make a plain letter and never an error.
    """
    return tuple(_letter(recorded, person) for person in _told(recorded.event.data))


def cycle_of(recorded: Recorded) -> str:
    """Return the cycle an event belongs to: the second part of its stream."""
    return recorded.event.stream.split("/")[1]


def moment_of(recorded: Recorded) -> datetime:
    """Return when it happened by the cycle's calendar, else when it was written down."""
    try:
        at = datetime.fromisoformat(recorded.event.data["at"])
    except (KeyError, TypeError, ValueError):
        return recorded.recorded_at
    return at if at.tzinfo else recorded.recorded_at


def _told(data: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the ids in ``to``; other events keep a day or a moment under that name."""
    to = data.get("to")
    if not isinstance(to, list | tuple):
        return ()
    return tuple(dict.fromkeys(person for person in to if is_id(person)))


def _letter(recorded: Recorded, person: str) -> Letter:
    day = moment_of(recorded).astimezone(LOCAL).date()
    cycle = cycle_of(recorded)
    return Letter(
        event_id=recorded.event.event_id, position=recorded.position, person=person,
        cycle=cycle, day=day, zh=_text("zh", recorded, person, day),
        en=_text("en", recorded, person, day),
    )  # fmt: skip


def _text(lang: Lang, recorded: Recorded, person: str, day: date) -> Text:
    data = recorded.event.data
    facts = {"cycle": cycle_of(recorded), **_facts(lang, data)}
    keys = list(_keys(recorded.event.kind, data, person))
    where = say(lang, "line", "issue" if "issue" in facts else "cycle", **facts)
    what = _first(lang, "what", keys, facts)
    extra = [
        say(lang, "line", name, **facts)
        for name in ("instrument", "points", "asked")
        if facts.get(name)
    ]
    do = say(lang, "line", "do", do=_first(lang, "do", keys, facts))
    lines = (where, what, *_deadline(lang, data, day), *extra, do)
    return Text(subject=f"{what} · {where}", lines=lines)


def _facts(lang: Lang, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return only what may go out: numbers, days and words of a closed shape."""
    numbers = {n: data[n] for n in NUMBERS if type(data.get(n)) is int}
    if "points" in numbers:
        numbers["points"] = abs(numbers["points"])
    known = phrases(lang)["word"]
    words = {w: known.get(data[w], data[w]) for w in WORDS if is_id(data.get(w))}
    days = {d: found for d in DAYS if (found := _day(data.get(d)))}
    return {**numbers, **words, **days}


def _day(value: object) -> date | None:
    """Return the day in ``value``: written plainly, or as a date that explains itself."""
    value = value.get("day") if isinstance(value, dict) else value
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _keys(kind: str, data: Mapping[str, Any], person: str) -> Iterator[str]:
    """Yield the keys under which a phrase may stand, the closest first."""
    if person in (data.get("owner"), data.get("successor")):
        yield f"{kind}.you"
    for name in ("light", "outcome", "reason", "what"):
        if is_id(data.get(name)):
            yield f"{kind}.{data[name]}"
    if type(data.get("step")) is int:
        yield f"{kind}.{_stage(data['step'])}"
    yield kind
    yield "plain"


def _stage(step: int) -> str:
    if step <= 0:
        return "before" if step else "on"
    return "after" if step < LONG_OVERDUE_DAYS else "long"


def _first(lang: Lang, group: str, keys: list[str], facts: Mapping[str, Any]) -> str:
    """Return the first phrase that is there and finds all its facts."""
    for key in keys:
        try:
            return say(lang, group, key, **facts)
        except KeyError:
            continue
    raise KeyError(group)


def _deadline(lang: Lang, data: Mapping[str, Any], day: date) -> Iterator[str]:
    due = next((d for name in DAYS[:3] if (d := _day(data.get(name)))), None)
    if due is not None:
        days = (due - day).days
        which = "today" if days == 0 else "left" if days > 0 else "over"
        left = say(lang, "line", which, days=abs(days))
        yield say(lang, "line", "due", due=due, left=left)
