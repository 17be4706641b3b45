"""The shipped plugin, from its folder into a plan."""

from __future__ import annotations

from engine.host import Host, discover, roster
from engine.plan.calls import collect
from engine.plan.merge import merge
from engine.policy.roles import Person

from .samples import CONTEXT

GUESTS = tuple(Person(id=f"g{n}", roles=("guest_rep",)) for n in (6, 2, 3, 4, 5, 1))


def test_six_representatives_speak_in_the_order_of_the_roster():
    found = discover(None, frozenset({"open_door"}))
    host, context = Host(found), CONTEXT.model_copy(update={"people": GUESTS})
    plan = merge(collect(roster(found), map(host.invoke, roster(found).calls(context))))
    invitations, speeches = (s for s in plan.steps if s.origin == "local")

    assert plan.conflicts == ()
    assert (invitations.phase, invitations.slot) == ("before", "after:material_review")
    assert (speeches.phase, speeches.slot) == ("meeting", "after:mutual_criticism")
    assert speeches.participants == ("g6", "g2", "g3", "g4", "g5", "g1")
    assert [(p.id, p.version, len(p.digest)) for p in plan.plugins] == [
        ("open_door", "1.1.0", 64)
    ]
