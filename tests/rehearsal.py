"""A play by the rules alone: no server, everything else as in a demo."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from inprocess import InProcessGateway

from engine.host.discovery import discover, roster
from engine.host.host import Host
from engine.plan.calls import collect
from engine.plan.prescribed import CORE_STEPS
from engine.plan.steps import PlanContext
from engine.scenario.load import find, load
from engine.scenario.onlooker import Onlooker
from engine.scenario.play import play
from engine.vault.memory import InMemoryVault
from engine.views.projector import Projector
from engine.views.readings import Readings

NANZHANG = load(find("nanzhang"))


def contributions():
    """What the open-door plugin adds to a plan."""
    found = discover(None, frozenset({"open_door"}))
    host, present = Host(found), roster(found)
    context = PlanContext(
        cycle="c", unit="u", opened_at=datetime(2021, 7, 1, tzinfo=UTC), core_steps=CORE_STEPS,
        people=NANZHANG.opening().people,
    )  # fmt: skip
    return collect(present, [host.invoke(call) for call in present.calls(context)])


async def rehearsed(scenario, folder, plan=()):
    """Play ``scenario``; return its acts and how its cycles stand in the end."""
    gateway, acts = InProcessGateway(plan), []
    projector = Projector(gateway.ledger, sa.create_engine(f"sqlite:///{folder}/views.db"))
    onlooker = Onlooker(gateway, gateway.ledger, Readings(gateway.ledger, projector))

    def told(played):
        onlooker.told(played)
        acts.append(played)

    await play(
        scenario, onlooker, InMemoryVault(), told=told, limit_bytes=16384, look=onlooker.look
    )
    return acts, [await onlooker.look(unit, None) for unit in scenario.units]
