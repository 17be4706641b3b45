"""P11: an appeal upheld undoes a verdict that was told, and does not say whose it was."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from cycle.stages import NOW, SEALED, after
from hypothesis import given, settings, strategies as st
from rights.ground import GRADED, MORE, PEOPLE, TOO_LATE, days, evaluated, proposed, told

from engine.cycle.decide import decide
from engine.cycle.parse import enveloped, parse
from engine.refusal import Refused
from engine.views.account import account_of
from engine.views.lists import lists_of
from engine.views.past import Past
from engine.views.projector import STATE
from engine.views.report import report_of
from engine.views.statistics import statistics

APART = f"sealed:{'5' * 32}:{'6' * 64}"
WHY = f"sealed:{'7' * 32}:{'8' * 64}"
STRIKE = ("strike_verdict", "rev", {"member": "m03", "reason": APART})
ACCEPTED = ("reply_to_verdict", "m03", {"outcome": "accepted"})
EVALUATED = evaluated()
TOLD = after(EVALUATED, proposed("m03"), ACCEPTED, told("m03"))
"""A verdict was shown, accepted and told."""


def decided(outcome="upheld", about="verdict", number=1):
    """An appeal, decided; nobody sees of whom it is."""
    decision = {"appeal": number, "outcome": outcome, "reason": WHY}
    filed = ("file_appeal", "m04", {"about": about, "content": SEALED})
    return filed, ("decide_appeal", "rev", decision)


def against(state, kind, by, body, now=NOW):
    """The codes against a command; none when it is taken."""
    try:
        decide(state, parse(kind, {"by": by, **body}), now=now)
    except Refused as refused:
        return [reason.code for reason in refused.reasons]
    return []


@pytest.mark.parametrize("about", ["verdict", "criticism", "procedure", "other"])
def test_p11_a_verdict_told_is_struck_once_an_appeal_was_upheld(about):
    upheld = after(TOLD, *decided(about=about))

    assert against(TOLD, *STRIKE) == ["no_appeal_upheld"]
    assert after(upheld, STRIKE).told == ()


def test_p11_without_an_upheld_appeal_no_verdict_is_struck():
    for said in (decided("rejected"), decided()[:1], ()):
        assert against(after(TOLD, *said), *STRIKE) == ["no_appeal_upheld"]


def test_p11_a_complaint_of_retaliation_undoes_no_verdict():
    complaint = {"content": SEALED, "copy_for_superior": f"sealed:{'3' * 32}:{'4' * 64}"}
    upheld = {"appeal": 1, "outcome": "upheld", "reason": SEALED}
    state = after(
        TOLD, ("report_retaliation", "m04", complaint), ("decide_appeal", "sup", upheld)
    )

    assert against(state, *STRIKE) == ["no_appeal_upheld"]
    assert against(state, "strike_verdict", "sup", STRIKE[2]) == ["no_appeal_upheld"]


def test_p11_a_struck_verdict_is_proposed_shown_and_told_anew():
    state = after(TOLD, *decided(), STRIKE)
    answer = ("reply_to_verdict", "m03", {"outcome": "contested"})

    assert "m03" not in state.proposals
    assert against(state, *told("m03"), now=days(90)) == ["verdict_not_proposed"]
    assert against(state, *answer) == ["verdict_not_proposed"]
    anew = after(state, proposed("m03", grade="basically_qualified"))
    better = told("m03", grade="basically_qualified")
    assert against(anew, *better) == ["reply_window_open"]
    assert against(anew, *told("m03"), now=TOO_LATE) == ["verdict_not_proposed"]
    assert after(anew, better, now=TOO_LATE).told == ("m03",)


def test_p11_what_was_shown_anew_takes_another_appeal():
    anew = after(TOLD, *decided(), STRIKE, proposed("m03"), ACCEPTED, told("m03"))

    assert against(anew, *STRIKE) == ["no_appeal_upheld"]
    assert after(anew, *decided(number=2), STRIKE).told == ()


def test_p11_each_verdict_struck_takes_an_appeal_upheld():
    both = (proposed("m01"), ("reply_to_verdict", "m01", {"outcome": "accepted"}), told("m01"))
    state = after(TOLD, *both, *decided(), STRIKE)
    other = ("strike_verdict", "rev", {"member": "m01", "reason": APART})

    assert against(state, *other) == ["no_appeal_left"]
    assert against(state, other[0], "m02", other[2]) == ["not_permitted"]
    assert after(state, *decided(number=2), other).told == ()


def test_p11_an_appeal_upheld_before_the_telling_counts_as_well():
    state = after(evaluated(), proposed("m03"), ACCEPTED, *decided())

    assert against(state, *STRIKE) == ["verdict_not_told"]
    assert after(state, told("m03"), STRIKE).told == ()


def test_p11_only_who_takes_appeals_strikes_and_nobody_else_learns_that_one_was_upheld():
    upheld = after(TOLD, *decided())

    for person in ("sup", "m01", "m02", "m03", "m04", "gg"):
        command = ("strike_verdict", person, STRIKE[2])
        assert against(upheld, *command) == against(TOLD, *command) != []
    for person in ("m01", "m02", "gg"):
        assert against(upheld, "strike_verdict", person, STRIKE[2]) == ["not_permitted"]
    of_the_branch = after(evaluated(people=WITH_M02), proposed("m03"), ACCEPTED, told("m03"))
    state = after(of_the_branch, *decided())
    assert "of_the_branch" in against(state, "strike_verdict", "m02", STRIKE[2])


WITH_M02 = [
    {"id": "m02", "roles": ["committee_member", "appeal_reviewer"]},
    *({"id": i, "roles": r} for i, r in MORE.items() if i != "m02"),
]


def test_p11_where_the_superior_takes_appeals_the_superior_strikes():
    people = [p for p in PEOPLE if p["id"] != "rev"]
    state = after(evaluated(people=people), proposed("m03"), ACCEPTED, told("m03"))
    filed, (kind, _, decision) = decided()
    strike = ("strike_verdict", "sup", STRIKE[2])

    assert after(state, filed, (kind, "sup", decision), strike).told == ()


def test_p11_the_event_of_a_struck_verdict_says_nothing_of_an_appeal():
    (event,) = decide(
        after(TOLD, *decided()), parse("strike_verdict", {"by": "rev", **STRIKE[2]}), now=NOW
    )
    envelope = enveloped(event, cycle="c", version=1, command="x")

    assert envelope.stream == "cycle/c"
    assert envelope.data == {
        "at": "2021-07-30T01:00:00Z", "by": "rev", "member": "m03", "reason": APART,
        "to": ["m03", "m01", "m02"],
    }  # fmt: skip


@pytest.mark.parametrize("text", [SEALED, WHY], ids=["what was asked", "why it was upheld"])
def test_p11_no_text_of_an_appeal_is_the_reason_of_a_struck_verdict(text):
    strike = {**STRIKE[2], "reason": text}

    assert against(after(TOLD, *decided()), "strike_verdict", "rev", strike) == [
        "reason_of_an_appeal"
    ]


def test_p11_an_upheld_appeal_marks_every_verdict_shown_alike():
    state = after(evaluated(), *(proposed(m) for m in GRADED if m != "m02"), *decided())

    assert Counter(p.appeal_upheld for p in state.proposals.values()) == {True: 3}


def test_p11_a_struck_verdict_counts_for_nothing_any_more():
    excellent = proposed("m03", grade="excellent"), ACCEPTED, told("m03", grade="excellent")
    state = after(evaluated(), *excellent, *decided())
    never = after(evaluated(), *decided())
    struck = after(state, STRIKE)
    another = proposed("m04", grade="excellent")

    assert against(state, *another) == ["too_many_excellent"]
    assert against(struck, *another) == []
    assert (struck.proposals, struck.told) == (never.proposals, never.told)
    for report in (statistics, report_of, lists_of, account_of):
        of = (
            report(Past(cycle=c, position=9, at=NOW, day=NOW.date())) for c in (struck, never)
        )
        assert len({r.model_dump_json() for r in of}) == 1


def test_p11_the_file_waits_for_the_verdict_anew():
    by = {m: "m01" if m == "m02" else "m02" for m in GRADED}
    acts = [
        act
        for m in GRADED
        for act in (
            proposed(m, by=by[m]),
            ("reply_to_verdict", m, {"outcome": "accepted"}),
            told(m, by=by[m]),
        )
    ]
    state = after(evaluated(), *acts, *decided())
    anew = after(state, STRIKE, proposed("m03"), ACCEPTED, told("m03"))

    assert "verdicts" not in lacking(state)
    assert "verdicts" in lacking(after(state, STRIKE))
    assert "verdicts" not in lacking(anew)


def lacking(state):
    """The steps without which the file is not closed."""
    with pytest.raises(Refused) as refused:
        decide(state, parse("archive_cycle", {"by": "arc"}), now=days(90))
    return [s for r in refused.value.reasons if r.code == "steps_missing" for s in r.steps]


def test_p11_after_the_file_is_closed_no_verdict_is_struck():
    state = replace(after(TOLD, *decided()), status="archived")

    assert against(state, *STRIKE) == ["wrong_status"]


def test_p11_a_state_kept_before_verdicts_could_be_struck_is_read():
    kept = STATE.dump_python(after(TOLD, *decided()), mode="json")
    kept["proposals"]["m03"].pop("appeal_upheld")
    kept["appeals"][0].pop("texts")
    state = STATE.validate_python(kept, strict=False)

    assert against(state, *STRIKE) == ["no_appeal_upheld"]
    assert after(state, *decided(number=2), STRIKE).told == ()


VERDICT = [proposed("m03"), ACCEPTED, told("m03")]
steps = st.lists(
    st.sampled_from(["show", "give", "give", "uphold", "reject", "strike", "strike"]),
    max_size=10,
)


@settings(max_examples=300, deadline=None)
@given(steps)
def test_p11_in_no_order_is_a_verdict_struck_without_an_appeal_upheld_since(said):
    state, shown, upheld = EVALUATED, -1, -1
    for moment, what in enumerate(said):
        number = len(state.appeals) + 1
        commands = {
            "show": VERDICT[:1], "give": VERDICT, "strike": [STRIKE],
            "uphold": decided(number=number), "reject": decided("rejected", number=number),
        }[what]  # fmt: skip
        for command in commands:
            if against(state, *command):
                continue
            state = after(state, command)
            match command[0]:
                case "propose_verdict":
                    shown = moment
                case "decide_appeal" if what == "uphold":
                    upheld = moment
                case "strike_verdict":
                    assert upheld > shown
                    assert (state.told, state.proposals) == ((), {})
