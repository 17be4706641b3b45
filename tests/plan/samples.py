"""Short ways to write contributions, shared by the tests of the plan."""

from __future__ import annotations

from engine.plan.steps import Contribution, Invitation, Plan, PluginPin, StepContribution


def pin(name: str, scope: str = "unit") -> PluginPin:
    return PluginPin(id=name, version="1.0", digest="0" * 64, scope=scope)


def step(
    name: str,
    anchor: str = "mutual_criticism",
    side: str = "after",
    shape: str = "evidence",
    **more,
) -> StepContribution:
    return StepContribution(id=name, anchor=anchor, side=side, shape=shape, **more)


def offer(
    name: str,
    *steps: StepContribution,
    scope: str = "unit",
    invited: tuple[tuple[str, str], ...] = (),
) -> Contribution:
    invitations = tuple(Invitation(step=s, person=p) for s, p in invited)
    return Contribution(pin=pin(name, scope), steps=steps, invitations=invitations)


def local(plan: Plan) -> list[str]:
    return [s.id for s in plan.steps if s.origin == "local"]


def codes(plan: Plan) -> list[str]:
    return [c.code for c in plan.conflicts]
