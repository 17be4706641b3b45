"""What people read: cycles, issues, the three lists, histories; each states its position."""

from __future__ import annotations

from datetime import date
from typing import Any, TypeAlias

import sqlalchemy as sa

from engine.cycle.state import Cycle
from engine.issue.state import Issue
from engine.ledger.export import every
from engine.ledger.port import Ledger
from engine.record import Content, Record
from engine.views.projector import STATE, Projector
from engine.views.tables import LIVE


class CycleRow(Record):
    """One cycle in a list."""

    cycle: str
    unit: str
    status: str
    issues: int
    closed: int


class IssueRow(Record):
    """List 1, 问题清单: what was found, and where it stands."""

    issue: int
    category: str
    severity: str
    subject_kind: str
    sources: tuple[str, ...]
    content: Content
    status: str


class MeasureRow(Record):
    """List 2, 整改清单: what is done about it, and by when."""

    issue: int
    measure: int
    content: Content
    standard: Content
    due: date
    percent: int
    done: bool


class DutyRow(Record):
    """List 3, 责任清单: who answers for it, and who judged it."""

    issue: int
    owner: str
    verifiers: tuple[str, ...]
    approvers: tuple[str, ...]


class ThreeLists(Record):
    """The three lists of one ledger: same issues, same order, one position."""

    position: int
    issues: tuple[IssueRow, ...]
    measures: tuple[MeasureRow, ...]
    duties: tuple[DutyRow, ...]


History: TypeAlias = list[dict[str, Any]]


class Readings:
    """Reads the views after bringing them up to date with the ledger."""

    def __init__(self, ledger: Ledger, projector: Projector) -> None:
        self._ledger = ledger
        self._projector = projector

    def cycles(self) -> tuple[CycleRow, ...]:
        """Return every cycle with how many of its issues are closed."""
        self._projector.catch_up()
        with self._projector.engine.connect() as connection:
            rows = connection.execute(sa.select(LIVE.cycle).order_by(LIVE.cycle.c.cycle)).all()
        return tuple(
            CycleRow(
                cycle=row.cycle, unit=row.unit, status=row.status,
                issues=self.counts(row.cycle)["found"], closed=self.counts(row.cycle)["closed"],
            )
            for row in rows
        )  # fmt: skip

    def cycle(self, name: str) -> Cycle | None:
        """Return the cycle as the ledger has it, or None when it knows none."""
        self._projector.catch_up()
        query = sa.select(LIVE.cycle.c.state).where(LIVE.cycle.c.cycle == name)
        with self._projector.engine.connect() as connection:
            stored = connection.scalar(query)
        return STATE.validate_json(str(stored)) if stored else None

    def counts(self, name: str) -> dict[str, int]:
        """Return the counters of a cycle."""
        query = sa.select(LIVE.counter).where(LIVE.counter.c.cycle == name)
        with self._projector.engine.connect() as connection:
            return {str(r.counter): int(r.value) for r in connection.execute(query)}

    def three_lists(self, name: str) -> ThreeLists | None:
        """Return the three lists of a cycle, or None when the ledger knows no such cycle."""
        position = self._projector.catch_up()
        cycle = self.cycle(name)
        return lists_of(cycle, position) if cycle else None

    def history(self, stream: str) -> History:
        """Return the events of ``stream``, oldest first, with position and actor."""
        return [
            {
                "position": r.position, "version": r.event.version, "kind": r.event.kind,
                "at": r.event.data.get("at"), "by": r.event.data.get("by"),
                "command": r.event.command,
            }
            for r in every(self._ledger, stream=stream)
        ]  # fmt: skip


def lists_of(cycle: Cycle, position: int) -> ThreeLists:
    """Return the three lists of ``cycle`` as it stands at ``position``."""
    return ThreeLists(
        position=position,
        issues=tuple(_issue_row(issue) for issue in cycle.issues),
        measures=tuple(row for issue in cycle.issues for row in _measure_rows(issue)),
        duties=tuple(_duty_row(issue) for issue in cycle.issues),
    )


def _issue_row(issue: Issue) -> IssueRow:
    return IssueRow(
        issue=issue.number, category=issue.category, severity=issue.severity,
        subject_kind=issue.subject_kind, sources=issue.sources, content=issue.content,
        status=issue.status,
    )  # fmt: skip


def _measure_rows(issue: Issue) -> list[MeasureRow]:
    return [
        MeasureRow(
            issue=issue.number, measure=number, content=m.content, standard=m.standard,
            due=m.due, percent=m.percent, done=m.done,
        )
        for number, m in enumerate(issue.measures, 1)
    ]  # fmt: skip


def _duty_row(issue: Issue) -> DutyRow:
    verifiers = dict.fromkeys(v for m in issue.measures for v in m.verified_by)
    return DutyRow(
        issue=issue.number, owner=issue.owner or "", verifiers=tuple(verifiers),
        approvers=tuple(by for _, by in issue.approvals),
    )  # fmt: skip
