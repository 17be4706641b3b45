"""A whole cycle in a test: people act, days pass, refusals say why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from pydantic_core import to_jsonable_python

from engine.cycle.agenda import next_item
from engine.cycle.commands import OpenCycle
from engine.cycle.gates import open_gates
from engine.cycle.state import Cycle
from engine.gateway import CommandRefused, Reason
from engine.plan.explain import Row, explain
from engine.plan.steps import Plan, PlannedStep
from engine.policy.calendar import local_day
from engine.policy.pack import load_pack
from engine.policy.roles import RECORDERS, Person
from engine.publication.door import sealed_command
from engine.record import Lang
from engine.testing.cast import CAST, START
from engine.testing.ground import Ground, RulesGround
from engine.testing.hosted import PluginHost
from engine.testing.prepared import Acts, before_the_meeting, opening, substance, who
from engine.vault.memory import InMemoryVault

NAME, UNIT = "cycle-1", "branch-1"
MEETING_AFTER = timedelta(days=20)
TEXT_LIMIT_BYTES = 16_384


class RehearsedCycle:
    """One cycle on some ground; ``open`` it first.

    A text in a command is written ``{"text": ...}`` and sealed in ``vault``.
    """

    def __init__(self, ground: Ground) -> None:
        self.vault = InMemoryVault()
        self._ground = ground
        self._numbers = count(1)

    def open(self, people: Sequence[Person] = CAST, **changes: Any) -> RehearsedCycle:
        """Open the cycle at 9 on its first day; ``changes`` are fields of ``OpenCycle``."""
        asked: dict[str, Any] = {
            "cycle": NAME, "unit": UNIT, "people": tuple(people), "policy": load_pack(),
            "meeting_on": local_day(START + MEETING_AFTER), "rehearsal_from": START,
            "by": next((p.id for p in people if p.holds(("branch_secretary",))), "nobody"),
        }  # fmt: skip
        self._ground.open(OpenCycle.model_validate({**asked, **changes, "cycle": NAME}))
        return self

    def do(self, kind: str, by: str, **fields: Any) -> tuple[str, ...]:
        """Send a command and return the kinds of the events it caused.

        Raises:
            CommandRefused: the rules say no; see ``refused``.
        """
        name = f"act-{next(self._numbers)}"
        plain = to_jsonable_python({"by": by, **fields})
        body = sealed_command(
            kind, plain, self.vault, cycle=NAME, command_id=name,
            limit_bytes=TEXT_LIMIT_BYTES,
        )  # fmt: skip
        return self._ground.submit(NAME, kind, body, command_id=name).events

    def refused(self, kind: str, by: str, **fields: Any) -> dict[str, Reason]:
        """Send a command that has to be refused, and return every reason by its code."""
        try:
            caused = self.do(kind, by, **fields)
        except CommandRefused as refused:
            return {reason.code: reason for reason in refused.reasons}
        raise AssertionError(f"{kind} was not refused; it caused {', '.join(caused)}")

    def pass_days(self, days: int) -> None:
        """Let days pass; whatever falls due meanwhile happens."""
        if days:
            self._ground.wait(NAME, timedelta(days=days))

    def prepare(self) -> None:
        """Do all that is prescribed before the meeting; local steps are left to be done."""
        self._play(before_the_meeting(self.state, local_day(self.now)))

    def convene(self) -> None:
        """Let the day of the meeting come and open it; every gate has to be passed."""
        self.pass_days(max(0, (self.state.meeting_on - local_day(self.now)).days))
        self._play(opening(self.state))

    def reach(self, item: str) -> None:
        """Hold the open meeting as far as ``item``; prescribed items are gone through.

        Raises:
            CommandRefused: a local item on the way is not complete; the reason names it.
        """
        self.plan.step(item)
        while (meeting := self.state.meeting) and meeting.item != item:
            self._play(substance(self.state, meeting.item))
            recorder = who(self.state, *RECORDERS)
            self.do("start_item", recorder, item=next_item(self.state, meeting))

    @property
    def state(self) -> Cycle:
        """Return the cycle as it stands, as the rules see it."""
        return self._ground.state(NAME)

    @property
    def now(self) -> datetime:
        """Return the moment on the cycle's own calendar."""
        return self._ground.now(NAME)

    @property
    def plan(self) -> Plan:
        """Return the pinned plan; its ``conflicts`` say what was refused and why."""
        return self.state.pinned_plan

    @property
    def gates(self) -> dict[str, tuple[str, ...]]:
        """Return every open gate before the meeting, and what or whom it lacks."""
        return {gate.gate: gate.missing for gate in open_gates(self.state)}

    def local_steps(self) -> tuple[PlannedStep, ...]:
        """Return the steps that plugins added, in plan order."""
        return tuple(step for step in self.plan.steps if step.origin == "local")

    def explained(self, lang: Lang = "zh") -> tuple[Row, ...]:
        """Return each step of the plan with what placed it."""
        return explain(self.plan, lang)

    def _play(self, acts: Acts) -> None:
        for kind, by, fields in acts:
            self.do(kind, by, **fields)


class CycleWithoutServer(RehearsedCycle):
    """A cycle by the rules alone, planned with the plugins of ``host``."""

    def __init__(self, host: PluginHost) -> None:
        super().__init__(RulesGround(host))
