"""An issue's life in tests: commands one after another, by a policy, on given days."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from engine.cycle.commands import COMMAND
from engine.issue.bench import Bench
from engine.issue.decide import decide
from engine.issue.events import ENGINE
from engine.issue.evolve import evolve
from engine.issue.lights import after_command
from engine.issue.state import Issue
from engine.issue.timely import passed
from engine.policy.pack import load_pack
from engine.policy.roles import Person
from engine.refusal import Refused

SEALED = f"sealed:{'1' * 32}:{'2' * 64}"
START = datetime(2021, 8, 2, 1, tzinfo=UTC)
DEFAULT = load_pack(years=(2021, 2023))
PEOPLE = {
    person: Person(id=person, roles=roles)
    for person, roles in {
        "sec": ("branch_secretary", "member"),
        "com": ("committee_member", "member"),
        "own": ("member",),
        "oth": ("member",),
        "ver": ("verifier", "member"),
        "vet": ("verifier", "member"),
        "col": ("opinion_collector", "member"),
        "pub": ("publisher", "member"),
        "pri": ("privacy_officer", "member"),
        "sup": ("superior_officer",),
        "rep": ("mass_rep",),
        "res": ("resident",),
    }.items()
}
ISSUE = Issue(
    number=1, content=SEALED, category="study", sources=("form",), subject_kind="branch",
    subject=None, critics=("oth",), severity="normal", found_at=START,
)  # fmt: skip


class Life:
    """One issue on its way; ``day`` counts from the day it was found."""

    reviewers = ()

    def __init__(self, policy=DEFAULT, *, reviewers=None, **changes):
        from dataclasses import replace

        self.reviewers = self.reviewers if reviewers is None else reviewers
        self.policy = policy
        self.issue = replace(ISSUE, **changes)
        self.now = START
        self.events = []

    def on(self, day):
        """Let time pass until ``day`` at nine o'clock, with all that it causes."""
        self.now = START + timedelta(days=day)
        bench = Bench(by=ENGINE, people=PEOPLE, policy=self.policy, now=self.now)
        for _, event in passed(self.issue, bench, START.date(), until=self.now):
            self._place(event)
        return self

    def do(self, kind, by, **body):
        """Carry a command out, adding the issue's number."""
        command = COMMAND.validate_python({"kind": kind, "by": by, "issue": 1, **body})
        bench = Bench(
            by=by, people=PEOPLE, policy=self.policy, now=self.now, reviewers=self.reviewers
        )
        for event in decide(self.issue, command, bench):
            self._place(event)
        for event in after_command(self.issue, bench):
            self._place(event)
        return self

    def refused(self, kind, by, **body):
        """Return the codes of the refusal, and hold that nothing has changed."""
        before = self.issue
        with pytest.raises(Refused) as refusal:
            self.do(kind, by, **body)
        assert self.issue == before
        return [reason.code for reason in refusal.value.reasons]

    def kinds(self):
        return [event.kind for event in self.events]

    def of(self, kind):
        return [event for event in self.events if event.kind == kind]

    def _place(self, event):
        self.issue = evolve(self.issue, event)
        self.events.append(event)

    def claimed(self, **body):
        return self.do("claim_issue", "own", **body)

    def planned(self, due=None, **body):
        due = due or str((self.now + timedelta(days=7)).date())
        self.claimed(**body)
        return self.do("add_measure", "own", content=SEALED, standard=SEALED, due=due)

    def applied(self):
        self.do("finish_measure", "own", measure=1, evidence=[SEALED])
        return self.do("apply_sign_off", "own")

    def judged(self):
        return self.do("give_verdict", "ver", measure=1, verdict="thorough", on_site=True)

    def asked(self):
        return self.do("open_mass_review", "com", scope="residents", affected=40)

    def accepted(self):
        self.do("count_mass_review", "rep", very_satisfied=40)
        return self.do("approve_issue", "com")

    def posted(self, days=9):
        window = {
            "audience": "public",
            "first": self.now.date(),
            "last": (self.now + timedelta(days=days)).date(),
        }
        texts = dict.fromkeys(("problem", "measures", "responsible"), SEALED)
        self.do("draft_notice", "pub", **window, **texts)
        self.do("clear_notice", "pri", outcome="cleared")
        return self.do("post_notice", "pub", **window)

    def closed(self):
        """From found to signed off: closed on the tenth day after now."""
        self.planned().applied().judged().asked().accepted().posted()
        day = (self.now - START).days
        return self.on(day + 10).do("close_issue", "sec")


def day(offset):
    return START.date() + timedelta(days=offset)


def iso(offset):
    return str(day(offset))


__all__ = ["DEFAULT", "PEOPLE", "SEALED", "START", "Life", "date", "day", "iso"]
