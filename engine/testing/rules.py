"""The rules of a cycle alone, from command to ledger: no server, no waiting."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any, TypeAlias

from engine.cycle.commands import OpenCycle
from engine.cycle.decide import closing_reviewed, decide, open_cycle
from engine.cycle.errors import CommandIdReused
from engine.cycle.events import AnyEvent
from engine.cycle.evolve import fold, folded
from engine.cycle.parse import enveloped, parse, stream_of
from engine.cycle.planning import pin_plan
from engine.cycle.state import Cycle
from engine.cycle.timely import moment, time_passed
from engine.gateway import CommandRefused, CycleNotFound, Receipt, RefusedLater
from engine.issue.closing import held
from engine.issue.commands import CloseIssue
from engine.issue.events import ClosingAsked
from engine.ledger.memory import InMemoryLedger
from engine.plan.closing import Finding
from engine.plan.steps import Plan
from engine.record import Command, digest
from engine.refusal import Refused

WALL = datetime(2026, 1, 5, tzinfo=UTC)
"""What the wall clock says; a rehearsal has its own calendar."""


Review: TypeAlias = Callable[[Cycle, int], tuple[Finding, ...]]
"""What the plugins of a plan say of closing an issue."""


class RulesAlone:
    """Decides, folds and appends in one breath; ``plan`` is asked once a cycle.

    ``review`` is asked before a closing, where the plan has plugins that are; without
    one they object to nothing.
    """

    def __init__(
        self, plan: Callable[[OpenCycle], Plan], review: Review = lambda cycle, issue: ()
    ) -> None:
        self.ledger = InMemoryLedger()
        self.cycles: dict[str, Cycle] = {}
        self._plan = plan
        self._review = review
        self._versions: Counter[str] = Counter()
        self._answered: dict[tuple[str, str], Receipt] = {}

    def open(self, command: OpenCycle) -> None:
        """Open a cycle and pin its plan; see ``Gateway``."""
        try:
            events = open_cycle(command, now=WALL)
        except Refused as error:
            raise CommandRefused.because(error) from None
        events = (*events, *pin_plan(self._plan(command), now=events[0].at))
        self.cycles[command.cycle] = folded(events)
        self._append(command.cycle, events, "open")

    def submit(
        self, cycle: str, kind: str, body: dict[str, Any], *, command_id: str
    ) -> Receipt:
        """Hand a command to ``cycle``, and let ring what is due; see ``Gateway``."""
        if cycle not in self.cycles:
            raise CycleNotFound(cycle)
        now = moment(self.cycles[cycle], WALL)
        passed = time_passed(self.cycles[cycle], now=now)
        state = fold(self.cycles[cycle], passed)
        try:
            command = parse(kind, body)
            if known := self._known(cycle, command_id, command):
                return known
            events = decide(state, command, now=now)
        except Refused as error:
            raise CommandRefused.because(error) from None
        state = fold(state, events)
        told = self._reviewed(state, events, now)
        state, events = fold(state, told), (*events, *told)
        rang = time_passed(state, now=moment(state, WALL))
        self.cycles[cycle] = fold(state, rang)
        self._append(cycle, (*passed, *events, *rang), command_id)
        streams = {stream_of(event, cycle) for event in events}
        receipt = Receipt(
            command=command_id, digest=_digest(command),
            events=tuple(event.kind for event in events),
            versions={stream: self._versions[stream] for stream in sorted(streams)},
        )  # fmt: skip
        if (
            isinstance(command, CloseIssue)
            and (against := state.issues[command.issue - 1]).held
        ):
            raise RefusedLater.because(held(against))
        self._answered[cycle, command_id] = receipt
        return receipt

    def _reviewed(
        self, state: Cycle, events: Iterable[AnyEvent], now: datetime
    ) -> tuple[AnyEvent, ...]:
        for event in events:
            if isinstance(event, ClosingAsked):
                found = self._review(state, event.issue)
                return closing_reviewed(state, event.issue, found, now=now)
        return ()

    def _known(self, cycle: str, command_id: str, command: Command) -> Receipt | None:
        """Return the receipt of a command that was sent before."""
        receipt = self._answered.get((cycle, command_id))
        if receipt and receipt.digest != _digest(command):
            raise CommandIdReused(command_id)
        return receipt

    def _append(self, cycle: str, events: Iterable[AnyEvent], command: str) -> None:
        for event in events:
            stream = stream_of(event, cycle)
            self._versions[stream] += 1
            version = self._versions[stream]
            self.ledger.append(
                [enveloped(event, cycle=cycle, version=version, command=command)]
            )


def _digest(command: Command) -> str:
    return digest(command.model_dump(mode="json"))


class AtOnce:
    """A gateway over the rules alone: whatever is sent is decided at once."""

    def __init__(self, rules: RulesAlone) -> None:
        self.rules = rules

    async def open(self, command: OpenCycle) -> None:
        """Open a cycle; see ``Gateway``."""
        self.rules.open(command)

    async def submit(
        self, cycle: str, kind: str, body: dict[str, Any], *, command_id: str
    ) -> Receipt:
        """Hand a command to a cycle; see ``Gateway``."""
        return self.rules.submit(cycle, kind, body, command_id=command_id)
