"""Events as they will lie in the ledger, written by hand."""

from __future__ import annotations

from dataclasses import dataclass

from engine.notices.port import UndeliveredError
from engine.record import EventEnvelope

SEALED = f"sealed:{'1' * 32}:{'2' * 64}"
TOLD = {
    "LightChanged": {"light": "red", "instrument": "letter", "points": 2, "due": "2026-01-05"},
    "EscalationRaised": {"step": 7, "instrument": "notice", "due": "2025-12-29"},
    "RedoNoticeIssued": {"reason": SEALED},
    "ChaseNoticeIssued": {"reason": SEALED},
    "SlipIssued": {"number": 2, "reason": SEALED},
    "ExtensionRequested": {
        "asked": "2026-02-01",
        "decide_by": {"day": "2026-01-08", "rule": "x"},
    },
    "ExtensionDecided": {"outcome": "granted", "due": "2026-02-01"},
    "ExtensionDecisionLate": {},
    "MassRejected": {},
    "DissatisfiedDue": {"count": 3, "due": {"day": "2026-01-09", "rule": "dissatisfied"}},
    "CallBackLate": {"count": 2, "due": "2026-01-09"},
    "RatingContested": {"reason": SEALED},
    "LongTermReviewDue": {"what": "review", "due": "2026-01-09"},
    "LongTermLapsed": {"due": "2026-01-09"},
    "MeasureOverdue": {"measure": 1, "due": "2026-01-09"},
    "LookBackDue": {"due": "2026-01-09"},
    "IssueClaimed": {"reason": "default_claim", "owner": "m09"},
    "IssueTransferred": {"owner": "m09"},
    "IssueHandedOver": {"successor": "m09"},
}
"""Each kind that tells somebody, with its fields besides issue, at, by, to."""


class Stream:
    """Numbers events of one stream."""

    def __init__(self, stream: str = "issue/c1/4") -> None:
        self.stream = stream
        self.version = 0

    def __call__(self, kind: str, at: str, *to: str, **data) -> EventEnvelope:
        self.version += 1
        told = {"to": list(to)} if to else {}
        return EventEnvelope(
            stream=self.stream, version=self.version, kind=kind, command=f"c{self.version}",
            data={"kind": kind, "issue": 4, "by": "engine", "at": at, **told, **data},
        )  # fmt: skip


def planned(cycle: str, *, rehearsal: bool, shift_s: float = 0.0) -> EventEnvelope:
    data = {"at": "2026-01-01T00:00:00Z", "rehearsal": rehearsal, "clock_shift_s": shift_s}
    return EventEnvelope(
        stream=f"cycle/{cycle}", version=1, kind="CyclePlanned", command="open", data=data
    )


@dataclass(frozen=True)
class Delivered:
    key: str
    person: str
    subject: str
    body: str


class InMemoryPost:
    """Keeps what it is given, once a key; ``fails`` says how often it first refuses."""

    def __init__(self, fails: int = 0) -> None:
        self.got: list[Delivered] = []
        self.fails = fails

    def deliver(self, *, key, person, address, subject, body):
        if self.fails:
            self.fails -= 1
            raise UndeliveredError(person)
        if key not in [delivered.key for delivered in self.got]:
            self.got.append(Delivered(key, person, subject, body))
