"""A gateway without a server: the rules alone, for tests of what stands on a gateway."""

from __future__ import annotations

from datetime import UTC, datetime

from engine.cycle.decide import decide, open_cycle
from engine.cycle.evolve import fold, folded
from engine.cycle.parse import enveloped, parse, stream_of
from engine.cycle.planning import pin_plan
from engine.cycle.timely import moment, time_passed
from engine.gateway import CommandRefused, CycleNotFound, Receipt
from engine.ledger.memory import InMemoryLedger
from engine.plan.merge import merge
from engine.record import digest
from engine.refusal import Refused

WALL = datetime(2026, 1, 5, tzinfo=UTC)


class InProcessGateway:
    """Decides, folds and appends in one breath."""

    def __init__(self, contributions=()) -> None:
        self.ledger = InMemoryLedger()
        self.cycles = {}
        self._contributions = contributions

    async def open(self, command):
        try:
            events = open_cycle(command, now=WALL)
        except Refused as error:
            raise CommandRefused.because(error) from None
        plan = merge(self._contributions)
        events = (*events, *pin_plan(plan, now=events[0].at))
        self.cycles[command.cycle] = folded(events)
        self._append(command.cycle, events, "open")

    async def submit(self, cycle, kind, body, *, command_id):
        if cycle not in self.cycles:
            raise CycleNotFound(cycle)
        now = moment(self.cycles[cycle], WALL)
        passed = time_passed(self.cycles[cycle], now=now)
        state = fold(self.cycles[cycle], passed)
        try:
            command = parse(kind, body)
            events = decide(state, command, now=now)
        except Refused as error:
            raise CommandRefused.because(error) from None
        state = fold(state, events)
        rang = time_passed(state, now=moment(state, WALL))
        self.cycles[cycle] = fold(state, rang)
        self._append(cycle, (*passed, *events, *rang), command_id)
        kinds = tuple(e.kind for e in events)
        return Receipt(
            command=command_id,
            digest=digest(command.model_dump(mode="json")),
            events=kinds,
            versions={},
        )

    def _append(self, cycle, events, command):
        for event in events:
            stream = stream_of(event, cycle)
            version = 1 + len(self.ledger.read(stream=stream, limit=9999))
            self.ledger.append(
                [enveloped(event, cycle=cycle, version=version, command=command)]
            )
