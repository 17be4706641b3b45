"""Events of a plugin's own are read as data, whatever became of the plugin."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st
from pydantic import ValidationError

from engine.plan.kinds import EventType, PayloadField, Upcast, departures, misfit, upcast

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


OLD = EventType(
    kind="red_passbook.Given",
    fields=(
        PayloadField(name="amount", type="whole"),
        PayloadField(name="colour", type="id", optional=True),
    ),
)


def told(type_: EventType, *kept: EventType) -> list[str]:
    return list(departures(kept, (type_,)))


def test_a_newer_version_with_a_way_up_leaves_nothing_behind():
    assert told(GIVEN, OLD, GIVEN) == []


def test_the_order_in_which_fields_are_named_is_no_change():
    assert told(GIVEN.model_copy(update={"fields": GIVEN.fields[::-1]}), GIVEN) == []


def test_a_published_version_never_changes():
    (said,) = told(OLD.model_copy(update={"fields": OLD.fields[:1]}), OLD)

    assert said.startswith("red_passbook.Given 第 1 版已公布,不能改:已存 colour id?,现报 -")
    assert (
        "red_passbook.Given version 1 is published and cannot change: kept colour id?" in said
    )


def test_a_published_way_up_never_changes():
    step = Upcast(version=2, added={"to": "somebody"})
    (said,) = told(GIVEN.model_copy(update={"upcasts": (GIVEN.upcasts[0], step)}), GIVEN)

    assert 'kept upcast 2: {"added": {"to": "nobody"}}, told upcast 2' in said


@pytest.mark.parametrize("now", [(), (OLD,)], ids=["the kind is gone", "the version is"])
def test_a_published_version_never_goes(now):
    (said,) = departures((GIVEN,), now)

    assert "red_passbook.Given version 3 is published and cannot go" in said
    assert said.startswith("red_passbook.Given 第 3 版已公布,不能撤回")


@pytest.mark.parametrize(
    ("step", "amiss"),
    [
        (Upcast(version=1), "amount, colour, points"),
        (Upcast(version=1, renamed={"amount": "points"}), "colour"),
    ],
)
def test_a_way_up_that_ends_elsewhere_is_none(step, amiss):
    wrong = GIVEN.model_copy(update={"upcasts": (step, GIVEN.upcasts[1])})
    (said,) = told(wrong, OLD)

    assert f"does not become version 3, mend the upcasts: {amiss}" in said


NAMES = st.sampled_from(("amount", "points", "to", "who", "colour", "day"))
STEPS = st.tuples(
    st.dictionaries(NAMES, NAMES, max_size=3),
    st.dictionaries(NAMES, st.none() | st.integers() | st.booleans() | st.text(max_size=3)),
    st.lists(NAMES, max_size=2, unique=True),
)


@given(
    steps=st.lists(STEPS, max_size=4),
    version=st.integers(1, 5),
    payload=st.dictionaries(NAMES, st.none() | st.integers() | st.text(max_size=3)),
)
def test_every_payload_of_every_older_version_has_a_way_up(steps, version, payload):
    type_ = EventType(
        kind="own.Given",
        version=len(steps) + 1,
        upcasts=tuple(
            Upcast(version=number, renamed=renamed, added=added, removed=tuple(removed))
            for number, (renamed, added, removed) in enumerate(steps, 1)
        ),
    )
    before = dict(payload)
    raised = upcast(type_, version, payload)

    assert payload == before
    assert raised == upcast(type_, version, payload)
    if version < type_.version:
        assert type_.upcasts[-1].added.keys() <= raised.keys()


@given(amount=st.integers(), colour=st.none() | st.text(max_size=5), told_=st.booleans())
def test_every_payload_of_a_kept_version_ends_with_the_fields_of_the_present_one(
    amount, colour, told_
):
    payload = {"amount": amount, **({"colour": colour} if told_ else {})}

    assert upcast(GIVEN, 1, payload) == {"points": amount, "to": "nobody"}
    assert misfit(GIVEN, 1, payload) == set()
