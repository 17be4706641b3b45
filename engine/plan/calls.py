"""What passes between a cycle and the plugin host: calls, answers, and who is there.

Plain data, so that a workflow can ask and read without reaching the host or a plugin.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal, TypeAlias, get_args

from pydantic import TypeAdapter, ValidationError

from engine.plan.closing import ClosingContext
from engine.plan.objections import Objection
from engine.plan.steps import (
    Conflict,
    Contribution,
    Invitation,
    PlanContext,
    PlannedStep,
    PluginId,
    PluginPin,
    StepContribution,
    StepName,
)
from engine.record import Record

HookName: TypeAlias = Literal[
    "contribute_steps",
    "contribute_participants",
    "review_plan",
    "review_closing",
    "on_event",
    "register_event_types",
    "check_health",
]
DETAIL_LIMIT = 200
HOOKS: tuple[HookName, ...] = get_args(HookName)
PLANNING: tuple[HookName, ...] = ("contribute_steps", "contribute_participants")
"""The hooks a cycle asks before its plan is merged; only these are part of a contribution."""


def unknown_hook(name: str) -> str:
    """Return a sentence about a hook that does not exist, with the nearest that does."""
    near = get_close_matches(name, HOOKS, 1)
    return f"unknown hook {name!r}" + (f"; did you mean {near[0]!r}?" if near else "")


FailureCode: TypeAlias = Literal[
    "plugin_failed", "invalid_contribution", "contribution_timeout", "worker_absent"
]

STEPS: TypeAdapter[list[StepContribution]] = TypeAdapter(list[StepContribution])
INVITATIONS: TypeAdapter[list[Invitation]] = TypeAdapter(list[Invitation])
OBJECTIONS: TypeAdapter[list[Objection]] = TypeAdapter(list[Objection])


class HookCall(Record):
    """One hook of one plugin, to be called once; ``steps`` are those of a plan to review."""

    hook: HookName
    plugin: PluginId
    context: PlanContext | ClosingContext
    steps: tuple[PlannedStep, ...] = ()

    def at(self, folder: Path) -> HookCall:
        """Return the call of a hook that reads the plugin's own ``folder``."""
        context = self.context.model_copy(update={"folder": folder})
        return self.model_copy(update={"context": context})


class HookEnvelope(Record):
    """What came of a call: a whole valid result, or why there is none.

    ``error`` names classes, files, lines and fields; never a value the plugin held.
    """

    hook: HookName
    plugin: PluginId
    version: str = ""
    digest: str = ""
    ok: bool
    result: list[dict[str, Any]] | None = None
    error_code: FailureCode | None = None
    error: str | None = None


def own_queue(plugin_queue: str, unit: str) -> str:
    """Return the task queue of the worker that runs the plugins of ``unit`` alone."""
    return f"{plugin_queue}.{unit}"


class RosterEntry(Record):
    """A plugin and the hooks it answers; the digest is of its configuration as written.

    One that is the unit's ``own`` is asked on the unit's own task queue.
    """

    pin: PluginPin
    hooks: tuple[HookName, ...]
    opt_in: bool = False
    config_digest: str = ""
    own: bool = False


class Roster(Record):
    """The plugins a cycle may call, and those that could not be loaded.

    ``needed`` are required from above, whatever an opening says; ``order`` is the order
    of steps that an administrator fixed.
    """

    entries: tuple[RosterEntry, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    needed: tuple[PluginId, ...] = ()
    order: tuple[StepName, ...] = ()

    def required(self) -> tuple[str, ...]:
        """Return the plugins no plan of this roster may be without."""
        pins = (entry.pin for entry in self.entries)
        required = (pin.id for pin in pins if pin.criticality == "required")
        return tuple(dict.fromkeys((*required, *self.needed)))

    def calls(self, context: PlanContext) -> tuple[HookCall, ...]:
        """Return one call a plugin and planning hook."""
        return tuple(
            HookCall(hook=hook, plugin=entry.pin.id, context=context)
            for entry in self.entries
            for hook in entry.hooks
            if hook in PLANNING
        )


def absent(call: HookCall, code: FailureCode) -> HookEnvelope:
    """Return the envelope of a call that nobody answered."""
    return HookEnvelope(hook=call.hook, plugin=call.plugin, ok=False, error_code=code)


def failure(answer: HookEnvelope) -> Conflict:
    """Return what an answer that failed says in the list of a plan's conflicts."""
    told = f"{answer.hook}: {answer.error}" if answer.error else answer.hook
    code = answer.error_code or "plugin_failed"
    return Conflict(code=code, plugin=answer.plugin, detail=told[:DETAIL_LIMIT])


def collect(roster: Roster, envelopes: Iterable[HookEnvelope]) -> tuple[Contribution, ...]:
    """Return each plugin's contribution, or its failure; one failed hook fails it whole."""
    answers = {(envelope.plugin, envelope.hook): envelope for envelope in envelopes}
    return tuple(_contribution(entry, answers) for entry in roster.entries)


def _contribution(
    entry: RosterEntry, answers: dict[tuple[str, HookName], HookEnvelope]
) -> Contribution:
    pin = entry.pin
    for hook in (h for h in entry.hooks if h in PLANNING):
        answer = answers.get((pin.id, hook))
        if answer is None:
            return _failed(pin, "worker_absent", hook)
        if not answer.ok:
            return Contribution(pin=pin, failure=failure(answer))
        if (answer.version, answer.digest) != (pin.version, pin.digest):
            return _failed(pin, "plugin_failed", "the host runs another version")
    try:
        return Contribution(
            pin=pin,
            steps=tuple(STEPS.validate_python(_rows(answers, pin, "contribute_steps"))),
            invitations=tuple(
                INVITATIONS.validate_python(_rows(answers, pin, "contribute_participants"))
            ),
        )
    except ValidationError:
        return _failed(pin, "invalid_contribution", "")


def _rows(
    answers: dict[tuple[str, HookName], HookEnvelope], pin: PluginPin, hook: HookName
) -> list[dict[str, Any]]:
    answer = answers.get((pin.id, hook))
    return (answer.result or []) if answer else []


def _failed(pin: PluginPin, code: FailureCode, detail: str) -> Contribution:
    return Contribution(pin=pin, failure=Conflict(code=code, plugin=pin.id, detail=detail))
