"""Events of a cycle written by hand, and a ledger that holds them."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta

from engine.cycle import events as c
from engine.cycle.parse import enveloped, stream_of
from engine.issue import events as i
from engine.ledger.memory import InMemoryLedger
from engine.plan.merge import merge
from engine.policy.pack import load_pack
from engine.policy.roles import Person
from engine.views.past import Placed

SEALED = f"sealed:{'1' * 32}:{'2' * 64}"
ROLES = {
    "m01": ("branch_secretary",), "m02": ("member",), "m03": ("member",),
    "v1": ("verifier",), "v2": ("verifier",), "sup": ("superior_officer",),
}  # fmt: skip
OPENED = date(2021, 7, 1)


def noon(day: date) -> datetime:
    """Noon in China."""
    return datetime(day.year, day.month, day.day, 4, tzinfo=UTC)


class Told:
    """Tells events one after the other; the day goes forward by ``on``."""

    def __init__(self, name: str = "c-1", unit: str = "u", **policy) -> None:
        self.name, self.day, self.events = name, OPENED, []
        self.policy = load_pack().model_copy(update=policy)
        people = tuple(Person(id=p, roles=r) for p, r in ROLES.items())
        self.cycle(
            c.CyclePlanned, cycle=name, unit=unit, meeting_on=date(2021, 7, 10), people=people,
            books=(), evaluation=False, rehearsal=False, clock_shift_s=0.0,
        )  # fmt: skip
        self.cycle(c.PolicyPinned, policy=self.policy, digest=self.policy.digest)
        self.cycle(c.PlanPinned, plan=merge(()))

    def on(self, *day: int) -> Told:
        self.day = date(*day)
        return self

    def later(self, days: int) -> Told:
        self.day += timedelta(days=days)
        return self

    def cycle(self, kind, by: str = "m01", **fields) -> Told:
        self.events.append(kind(at=noon(self.day), by=by, **fields))
        return self

    def issue(self, kind, number: int, by: str = "m02", **fields) -> Told:
        return self.cycle(kind, by, issue=number, **fields)

    def found(self, number: int, severity: str = "normal", content: str = SEALED) -> Told:
        return self.issue(
            i.IssueFound, number, content=content, category="xue", sources=("form",),
            subject_kind="branch", critics=(), severity=severity,
        )  # fmt: skip

    def claimed(self, number: int, due: date, measures: int = 1) -> Told:
        self.issue(i.IssueClaimed, number, owner="m02")
        self.issue(i.DeadlineSet, number, round=1, track="phased", due=due)
        for n in range(1, measures + 1):
            self.issue(
                i.MeasureAdded, number, measure=n, content=SEALED, standard=SEALED, due=due
            )
        return self

    def handed_in(self, number: int, measures: int = 1, *, late: bool = False) -> Told:
        for n in range(1, measures + 1):
            self.issue(i.MeasureDone, number, measure=n, evidence=(SEALED,))
        return self.issue(i.SignOffApplied, number, late=late)

    def checked(self, number: int, measures: int = 1, by: str = "v1") -> Told:
        for n in range(1, measures + 1):
            self.issue(i.VerdictGiven, number, by, measure=n, verdict="thorough")
        return self

    def asked(self, number: int, answers: int, satisfied: int, least: int = 10) -> Told:
        self.issue(
            i.MassReviewOpened, number, scope="residents", affected=100, min_sample=least
        )
        return self.issue(i.MassReviewCounted, number, answers=answers, satisfied=satisfied)

    def closed(self, number: int, round_: int = 1) -> Told:
        return self.issue(i.IssueClosed, number, round=round_)

    def placed(self) -> tuple[Placed, ...]:
        """The events as if the ledger held nothing else."""
        return tuple(Placed(position=n, event=e) for n, e in enumerate(self.events, 1))


def ledger_of(*told: Told, into=None):
    """A ledger with the events of every cycle, by the order of their days."""
    ledger = InMemoryLedger() if into is None else into
    versions: Counter[str] = Counter()
    every = sorted(((e.at, n, t.name, e) for t in told for n, e in enumerate(t.events)),
                   key=lambda row: row[:3])  # fmt: skip
    for _, _, name, event in every:
        stream = stream_of(event, name)
        versions[stream] += 1
        ledger.append([
            enveloped(event, cycle=name, version=versions[stream], command="c")
        ])  # fmt: skip
    return ledger
