"""A cycle calls the plugins it wants, and hears of one that is not there."""

from __future__ import annotations

from engine.plan.calls import Roster, RosterEntry
from engine.plan.steps import Conflict, PluginPin
from engine.plan.wanted import wanted


def entry(name, *, opt_in=False):
    pin = PluginPin(id=name, version="1", digest=name)
    return RosterEntry(pin=pin, hooks=("contribute_steps",), opt_in=opt_in)


ROSTER = Roster(
    entries=(entry("usual"), entry("asked", opt_in=True)),
    conflicts=(Conflict(code="plugin_failed", plugin="broken"),),
)


def ids(roster):
    return [e.pin.id for e in roster.entries]


def test_without_a_wish_everything_but_the_opt_in_takes_part():
    assert ids(wanted(ROSTER, None)) == ["usual"]
    assert wanted(ROSTER, None).conflicts == ROSTER.conflicts


def test_a_wish_takes_those_named_and_no_other():
    assert ids(wanted(ROSTER, ("asked",))) == ["asked"]
    assert wanted(ROSTER, ("asked",)).conflicts == ()
    assert ids(wanted(ROSTER, ())) == []


def test_a_wanted_plugin_that_is_not_there_is_told():
    found = wanted(ROSTER, ("nowhere", "broken"))

    assert [(c.plugin, c.detail) for c in found.conflicts] == [
        ("broken", ""), ("nowhere", "not there"),
    ]  # fmt: skip
