"""Whatever is said of talks and in whatever order, the gate names whom the events name."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import chain

from cycle.stages import MEMBERS, NOW, SEALED, prepared
from hypothesis import given, settings, strategies as st

from engine.cycle.decide import decide
from engine.cycle.evolve import fold
from engine.cycle.gates import missing
from engine.cycle.parse import parse
from engine.plan.steps import PlannedStep
from engine.policy.calendar import local_day
from engine.refusal import Refused

STEP = PlannedStep(id="talks", phase="before")
READY = prepared()
HOLDERS = {"secretary": {"m01"}, "committee": {"m01", "m02"}}
GATES = ["talks", "study"]
persons = st.sampled_from(MEMBERS[:4])
days = st.dates(date(2021, 7, 29), date(2021, 8, 1))
names = st.sampled_from("abcd")
talkers = st.sampled_from(sorted(HOLDERS))
required = st.tuples(st.sampled_from(["m01", "m02"]), persons, talkers).map(
    lambda r: [("require_talk", r[0], {"member": r[1], "talker": r[2], "content": SEALED})]
)
excused = st.tuples(persons, st.sampled_from(GATES)).map(
    lambda x: [("exempt_member", "sup", {"member": x[0], "gate": x[1], "reason": SEALED})]
)
talked = st.tuples(persons, persons, names, days, days).map(
    lambda t: [
        ("confirm_talk", t[0], {"other": t[1], "talk": t[2], "held_on": t[3]}),
        ("confirm_talk", t[1], {"other": t[0], "talk": t[2], "held_on": t[4]}),
    ]
)
acts = st.lists(
    st.one_of(required, required, talked, talked, talked.map(lambda t: t[:1]), excused)
)


def told(commands):
    """The events of those that are not refused, half a day apart, and the state at the end."""
    state, events = READY, []
    for number, (kind, by, body) in enumerate(commands):
        now = NOW + timedelta(days=number / 2)
        try:
            caused = decide(state, parse(kind, {"by": by, **body}), now=now)
        except Refused:
            continue
        state, events = fold(state, caused), [*events, *caused]
    return state, events


def unheld(events):
    """The members named by a requirement after which nothing in ``events`` met it."""
    for number, due in enumerate(events):
        if due.kind != "TalkRequired":
            continue
        since, on = events[number + 1 :], local_day(due.at)
        begun = {e.talk for e in events[:number] if e.kind == "TalkConfirmed"}
        sides = {
            (e.talk, e.by, e.other)
            for e in since
            if e.kind == "TalkConfirmed" and e.talk not in begun and e.held_on >= on
        }
        holders = HOLDERS[due.talker] - {due.member}
        held = any(
            {(talk, due.member, holder), (talk, holder, due.member)} <= sides
            for talk in "abcd"
            for holder in holders
        )
        excused = any(
            e.kind == "GateExempted" and (e.member, e.gate) == (due.member, "talks")
            for e in since
        )
        if not held and not excused:
            yield due.member


@settings(max_examples=400, deadline=None)
@given(acts)
def test_a_required_talk_is_open_until_both_have_held_it_since(said):
    state, events = told(chain.from_iterable(said))

    assert set(missing(state, STEP)) == set(unheld(events))
    assert (state.status == "ready") == (not missing(state, STEP))
