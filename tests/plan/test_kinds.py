"""Events of a plugin's own are read as data, whatever became of the plugin."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from engine.plan.kinds import EventType, PayloadField, Upcast, upcast

GIVEN = EventType(
    kind="red_passbook.Given",
    version=3,
    fields=(PayloadField(name="points", type="whole"), PayloadField(name="to", type="id")),
    upcasts=(
        Upcast(version=1, renamed={"amount": "points"}, removed=("colour",)),
        Upcast(version=2, added={"to": "nobody"}),
    ),
)


def test_an_old_payload_is_read_as_the_present_version_has_it():
    old = {"amount": 5, "colour": "red"}

    assert upcast(GIVEN, 1, old) == {"points": 5, "to": "nobody"}
    assert old == {"amount": 5, "colour": "red"}


def test_what_a_payload_already_has_is_not_overwritten():
    assert upcast(GIVEN, 2, {"points": 5, "to": "m01"}) == {"points": 5, "to": "m01"}


def test_the_present_version_and_one_from_the_future_stay_as_they_are():
    assert upcast(GIVEN, 3, {"x": 1}) == upcast(GIVEN, 4, {"x": 1}) == {"x": 1}


@pytest.mark.parametrize("versions", [(), (1,), (1, 3), (1, 1), (1, 2, 3)])
def test_a_type_leaves_no_version_behind(versions):
    with pytest.raises(ValidationError, match="upcasts must lead from 1 to 3"):
        EventType(
            kind="a.B",
            version=3,
            upcasts=tuple(Upcast(version=version) for version in versions),
        )


@pytest.mark.parametrize("kind", ["Given", "a.given", "core.", "A.B"])
def test_a_kind_is_a_plugin_and_a_name(kind):
    with pytest.raises(ValidationError):
        EventType(kind=kind)
