"""What a reference stands for, by the event that carries it: which act it is to read it.

Source: domain P05 to P08 and 1.6.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import chain
from typing import Any

from engine.ledger.export import every
from engine.ledger.port import Ledger, Recorded
from engine.people.permission import Thing
from engine.people.roles import Part
from engine.plan.steps import PlannedStep
from engine.policy.calendar import local_day
from engine.policy.roles import ANY_MEMBER, Person
from engine.vault.apart import is_own, of_cycle
from engine.vault.sealing import references

ACTS: Mapping[str, str] = {
    "SelfExamSubmitted": "read_self_exam",
    "CriticismRecorded": "read_criticism",
    "CriticismConfirmed": "read_criticism",
    "CriticismReplied": "read_criticism",
    "GuestSpoke": "read_speech",
    "GateExempted": "read_portrait",  # why somebody is excused: age, illness
    "MemberStepRecorded": "read_portrait",  # what is kept of one member, stage by stage
    "StepRecorded.talks": "read_talk",
}
"""Event kind, or kind and step, to the act; what is not here goes by its beginning."""

APPEAL = "read_appeal"
"""What nobody of the branch may see or learn of, by whatever way (P11, P13)."""

BEGINNINGS: tuple[tuple[str, str], ...] = (
    ("Talk", "read_talk"),
    ("Portrait", "read_portrait"),
    ("Criticism", "read_criticism"),
    ("Verdict", "read_verdict"),
    ("SelfExam", "read_self_exam"),
    ("Appeal", APPEAL),
    ("Retaliation", APPEAL),
)
MINUTES, ISSUE = "read_minutes", "read_issue"
PARTS: Mapping[str, Part] = {
    "author": "author", "critic": "critic", "of": "criticised", "member": "subject",
    "other": "party", "owner": "owner", "guest": "author",
}  # fmt: skip
PARTY: frozenset[Part] = frozenset({"party"})
CONCERNED: frozenset[Part] = frozenset({"author", "criticised", "subject", "party"})
"""Who is told when the glass is broken, and whose content goes when they are erased."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """A reference in its event: ``parts`` says who has which part in what it says.

    ``about`` is whom the issue is about that it belongs to; that alone lets nobody read it.
    """

    content: str
    cycle: str
    kind: str
    act: str
    at: datetime
    step: str = ""
    parts: Mapping[str, frozenset[Part]] = field(default_factory=dict)
    about: frozenset[str] = frozenset()

    def concerned(self) -> tuple[str, ...]:
        """Return the persons it is about, in order."""
        parts = {person for person, has in self.parts.items() if has & CONCERNED}
        return tuple(sorted(parts | self.about))


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """All that a cycle's events say for reading: its people and its references.

    ``named`` are those whom the plan names to write and check what is kept of each member,
    by step; once the meeting is closed that is sealed for them too. ``undecided`` are the
    texts of appeals and complaints that wait for a decision.
    """

    cycle: str
    unit: str
    people: Mapping[str, Person]
    uses: Mapping[str, Use]
    present: frozenset[str]
    named: Mapping[str, frozenset[str]] = field(default_factory=dict)
    rehearsal: bool = False
    clock_shift_s: float = 0.0
    archived: bool = False
    last_at: datetime
    verdict_at: datetime | None = None
    retention: Mapping[str, Any] | None = None
    glass_hours: int | None = None
    undecided: frozenset[str] = frozenset()

    def holds(self, subject: str) -> bool:
        """Say whether texts of this file may be sealed for ``subject``."""
        if is_own(subject):
            return of_cycle(subject, self.cycle)
        return subject == self.cycle or subject in self.people

    def thing(self, use: Use, members: Iterable[str] = ()) -> Thing:
        """Return the thing that reading ``use`` is about.

        ``members`` belong to the branch, whatever the roster of the cycle says.
        """
        parts: dict[str, set[Part]] = defaultdict(set)
        for person, has in use.parts.items():
            parts[person] |= has
        for person in self.present:
            parts[person].add("present")
        for person in self.named.get(use.step, ()):
            parts[person].add("named")
        for person in (*members, *(p.id for p in self.people.values() if p.holds(ANY_MEMBER))):
            parts[person].add("same_branch")
        return Thing(parts={p: frozenset(has) for p, has in parts.items()}, unit=self.unit)


def cycles(ledger: Ledger) -> tuple[str, ...]:
    """Return the name of every cycle the ledger knows, in the order they were planned."""
    found = every(ledger, prefix="cycle/")
    return tuple(dict.fromkeys(r.event.stream.split("/")[1] for r in found))


def file_of(ledger: Ledger, cycle: str) -> File | None:
    """Return the file of ``cycle``, or None when there is no such cycle."""
    own = every(ledger, stream=f"cycle/{cycle}")
    apart = (every(ledger, prefix=f"{room}/{cycle}/") for room in ("issue", "appeal"))
    records = tuple(sorted(chain(own, *apart), key=lambda r: r.position))
    if not records or records[0].event.kind != "CyclePlanned":
        return None
    opening = records[0].event.data
    policy = _last(records, "PolicyPinned").get("policy", {})
    people = [Person.model_validate(p) for p in opening["people"]]
    return File(
        cycle=cycle, unit=opening["unit"], people={p.id: p for p in people},
        uses=_by_content(uses(cycle, records)),
        present=frozenset(_present(records)), named=_named(records, people),
        rehearsal=bool(opening.get("rehearsal")),
        clock_shift_s=_shift(records),
        archived=_when(records, "CycleArchived") is not None,
        last_at=max(datetime.fromisoformat(r.event.data["at"]) for r in records),
        verdict_at=_verdict_at(records), retention=policy.get("retention"),
        glass_hours=policy.get("glass_hours"), undecided=frozenset(_undecided(records)),
    )  # fmt: skip


def file_with(
    content: str, subject: str, names: Iterable[str], opened: Callable[[str], File | None]
) -> File | None:
    """Return the file that uses ``content``; the cycle it is sealed for comes first.

    A file that repeats what is sealed for another has no say in it.
    """
    files = map(opened, dict.fromkeys((subject, *names)))
    return next((f for f in files if f and content in f.uses and f.holds(subject)), None)


def _by_content(found: Iterable[Use]) -> dict[str, Use]:
    """Return each reference's first use: whoever repeats one gets no part in what it says."""
    first: dict[str, Use] = {}
    for use in found:
        first.setdefault(use.content, use)
    return first


def uses(cycle: str, records: Iterable[Recorded]) -> Iterator[Use]:
    """Yield every reference in ``records``; a later event of the same item knows its parts."""
    items: dict[object, dict[str, frozenset[Part]]] = {}
    members: dict[object, frozenset[str]] = {}
    records = tuple(records)
    for number, recorded in enumerate(records):
        kind, data = recorded.event.kind, recorded.event.data
        parts = _parts(kind, data)
        if kind == "TalkRequired":
            parts |= dict.fromkeys(_talkers(data, records[number:]), PARTY)
        item = (kind[:6], data.get("item"), data.get("issue"))
        if data.get("item") is not None:
            parts = items.setdefault(item, parts)
        if kind == "IssueFound" and data.get("subject"):
            members[data["issue"]] = frozenset({data["subject"]})
        for content in references(data):
            yield Use(
                content=content, cycle=cycle, kind=kind, act=_act(kind, data),
                at=datetime.fromisoformat(data["at"]), step=str(data.get("step", "")),
                parts=parts, about=members.get(data.get("issue"), frozenset()),
            )  # fmt: skip


def _act(kind: str, data: Mapping[str, Any]) -> str:
    step = str(data.get("step", "")).partition(".")[0]
    if known := ACTS.get(f"{kind}.{step}") or ACTS.get(kind):
        return known
    beginning = next((act for word, act in BEGINNINGS if kind.startswith(word)), None)
    return beginning or (ISSUE if data.get("issue") is not None else MINUTES)


def _parts(kind: str, data: Mapping[str, Any]) -> dict[str, frozenset[Part]]:
    parts: dict[str, frozenset[Part]] = {}
    for name, part in PARTS.items():
        if isinstance(person := data.get(name), str):
            parts[person] = parts.get(person, frozenset()) | {part}
    if kind.startswith("Talk"):
        for name in {"by", "member"} & data.keys():
            parts[data[name]] = parts.get(data[name], frozenset()) | PARTY
    return parts


def _talkers(required: Mapping[str, Any], since: Iterable[Recorded]) -> set[str]:
    """Return the other of the two: the secretary, or who of the committee has held it."""
    others = set(required["to"]) - {required["member"]}
    if required["talker"] == "secretary":
        return others
    confirmed: dict[str, set[str]] = defaultdict(set)
    on = local_day(datetime.fromisoformat(required["at"]))
    for event in (recorded.event for recorded in since):
        if event.kind == "TalkConfirmed" and date.fromisoformat(event.data["held_on"]) >= on:
            confirmed[event.data["talk"]].add(event.data["by"])
    held = (both for both in confirmed.values() if required["member"] in both)
    return others & {person for both in held for person in both}


def _last(records: Iterable[Recorded], kind: str) -> Mapping[str, Any]:
    return next((r.event.data for r in reversed([*records]) if r.event.kind == kind), {})


def _when(records: Iterable[Recorded], kind: str) -> datetime | None:
    at = _last(records, kind).get("at")
    return datetime.fromisoformat(at) if at else None


def _verdict_at(records: Iterable[Recorded]) -> datetime | None:
    """Return when the last verdict was told; None while one that was struck is not anew."""
    told: dict[str, datetime] = {}
    struck: set[str] = set()
    for event in (recorded.event for recorded in records):
        if event.kind == "VerdictTold":
            told[event.data["member"]] = datetime.fromisoformat(event.data["at"])
            struck.discard(event.data["member"])
        elif event.kind == "VerdictStruck":
            struck.add(event.data["member"])
    return None if struck else max(told.values(), default=None)


def _undecided(records: Iterable[Recorded]) -> Iterator[str]:
    said = [r.event for r in records if r.event.data.get("appeal") is not None]
    decided = {e.data["appeal"] for e in said if e.kind == "AppealDecided"}
    for event in said:
        if event.data["appeal"] not in decided:
            yield from references(event.data)


def _shift(records: Iterable[Recorded]) -> float:
    shifts = [r.event.data["clock_shift_s"] for r in records if "clock_shift_s" in r.event.data]
    return float(shifts[-1]) if shifts else 0.0


def _named(records: Iterable[Recorded], people: Iterable[Person]) -> dict[str, frozenset[str]]:
    """Return whom the plan names for what every member passes, till the meeting is over."""
    if _when(records, "MeetingClosed"):
        return {}
    found: dict[str, frozenset[str]] = {}
    plan = _last(records, "PlanPinned").get("plan", {})
    for step in map(PlannedStep.model_validate, plan.get("steps", ())):
        roles = tuple(r for stage in step.stages for r in stage.by if r != "subject")
        found[step.id] = frozenset(p.id for p in people if roles and p.holds(roles))
    return found


def _present(records: Iterable[Recorded]) -> Iterator[str]:
    for recorded in records:
        if recorded.event.kind == "MeetingOpened":
            yield from recorded.event.data["present"]
