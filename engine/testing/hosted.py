"""A plugin host that looks for nothing: it has the folders it is given."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory

from engine.cycle.closing import closing_calls
from engine.cycle.state import Cycle
from engine.deliveries.deliverer import kept_folder
from engine.host.discovery import roster
from engine.host.health import PluginHealth
from engine.host.host import Host
from engine.host.manifest import read
from engine.plan.calls import HookCall, HookEnvelope, HookName, collect
from engine.plan.closing import Finding
from engine.plan.merge import merge
from engine.plan.reviews import findings, with_reviewers
from engine.plan.steps import Contribution, Plan, PlanContext
from engine.plan.wanted import wanted


class PluginHost:
    """Hosts one plugin, or several where their order is looked at, in this process."""

    def __init__(self, folder: Path, *others: Path) -> None:
        found = tuple(read(place) for place in (folder, *others))
        self._roster = roster(found)
        self._host = Host(found)
        self.id = found[0].id

    def health(self) -> tuple[PluginHealth, ...]:
        """Load every plugin and return how each fared; an error says what to mend."""
        return self._host.load_all()

    def ask(self, hook: HookName, context: PlanContext) -> HookEnvelope:
        """Return what the first plugin answers to ``hook``, or why there is no answer."""
        return self._host.invoke(HookCall(hook=hook, plugin=self.id, context=context))

    def answers(self, context: PlanContext) -> tuple[HookEnvelope, ...]:
        """Return the answer to each hook that a plugin declares."""
        return tuple(map(self._host.invoke, self._roster.calls(context)))

    def contributions(self, context: PlanContext) -> tuple[Contribution, ...]:
        """Return what each plugin offers to a cycle, or its failure."""
        return collect(self._roster, self.answers(context))

    def plan(self, context: PlanContext, *, wants: tuple[str, ...] | None = None) -> Plan:
        """Return the plan of a cycle that ``wants`` these plugins; None wants them all."""
        asked = self._roster if wants is None else wanted(self._roster, wants)
        answers = map(self._host.invoke, asked.calls(context))
        plan = merge(collect(asked, answers), unloaded=asked.conflicts)
        return with_reviewers(plan, asked)

    def folder(self, plugin: str, unit: str) -> Path:
        """Return where ``plugin`` keeps what it heard of ``unit``; it is there then."""
        return kept_folder(Path(self._kept.name), plugin, unit, rehearsal=False)

    @cached_property
    def _kept(self) -> TemporaryDirectory[str]:
        return TemporaryDirectory(prefix="plugins-")

    def review(self, cycle: Cycle, issue: int) -> tuple[Finding, ...]:
        """Return what the plugins of the cycle's plan say of closing ``issue``."""
        asked = closing_calls(cycle, issue)
        placed = (call.at(self.folder(call.plugin, cycle.unit)) for call in asked)
        answers = map(self._host.invoke, placed)
        return findings(cycle.pinned_plan, answers)

    def planned(self, answers: Iterable[HookEnvelope]) -> Plan:
        """Return the plan that comes of ``answers``."""
        return merge(collect(self._roster, answers), unloaded=self._roster.conflicts)
