"""Try a plugin's planning hooks on a body with every role, as a cycle would ask them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import get_args

from engine.host.host import Host
from engine.host.manifest import Found
from engine.plan.calls import HookCall, HookEnvelope, Roster, RosterEntry, collect
from engine.plan.explain import explain_conflict
from engine.plan.merge import merge
from engine.plan.prescribed import CORE_STEPS
from engine.plan.reviews import reviews
from engine.plan.steps import PlanContext
from engine.policy.roles import Person, Role

BODY = PlanContext(
    cycle="trial",
    unit="trial",
    opened_at=datetime(2026, 1, 5, tzinfo=UTC),
    core_steps=CORE_STEPS,
    people=tuple(
        Person(id=f"p{n:02}", roles=(role,)) for n, role in enumerate(get_args(Role), 1)
    ),
)
"""One person for each role there is."""


def tried(host: Host, found: Found) -> Iterator[str]:
    """Yield what goes wrong when the plugin plans, and what no plan would take from it.

    A plugin that cannot work without configuration is not tried.
    """
    if found.manifest is None:
        return
    roster = Roster(entries=(RosterEntry(pin=found.pin, hooks=found.manifest.hooks),))
    answers = [host.invoke(call) for call in roster.calls(BODY)]
    if any((answer.error or "").startswith("config: ") for answer in answers):
        return
    wrong = [line for answer in answers for line in _failed(answer)]
    yield from wrong
    yield from _changed(host, answers, roster.calls(BODY))
    plan = merge(collect(roster, answers))
    if not wrong:
        yield from (explain_conflict(conflict, "en") for conflict in plan.conflicts)
    for call in reviews(roster, BODY, plan):
        yield from _failed(host.invoke(call))


def _failed(answer: HookEnvelope) -> Iterator[str]:
    if not answer.ok:
        yield f"{answer.hook}: {answer.error}"


def _changed(
    host: Host, answers: list[HookEnvelope], calls: tuple[HookCall, ...]
) -> Iterator[str]:
    """Yield the hooks that answer the same question differently the second time."""
    for answer, call in zip(answers, calls, strict=True):
        if answer.ok and host.invoke(call).result != answer.result:
            yield f"{call.hook}: gives another answer when asked again, it must be pure"
