"""P13: a complaint of retaliation goes to the superior with a copy sealed apart."""

from __future__ import annotations

from cycle.stages import NOW, SEALED, after, codes
from rights.ground import PEOPLE, ended

from engine.cycle.decide import decide
from engine.cycle.parse import enveloped, parse

COPY = f"sealed:{'3' * 32}:{'4' * 64}"
COMPLAINT = {"content": SEALED, "copy_for_superior": COPY}


def test_p13_the_superior_gets_the_complaint_and_its_copy():
    state = ended(people=PEOPLE)
    (event,) = decide(state, parse("report_retaliation", {"by": "m04", **COMPLAINT}), now=NOW)

    assert event.to == ("sup",)
    assert (event.content, event.copy_for_superior) == (SEALED, COPY)


def test_p13_the_complaint_does_not_say_whose_it_is():
    state = ended(people=PEOPLE)
    (event,) = decide(state, parse("report_retaliation", {"by": "m04", **COMPLAINT}), now=NOW)
    envelope = enveloped(event, cycle="c", version=1, command="x")

    assert envelope.stream == "appeal/c/1"
    assert "m04" not in envelope.model_dump_json()


def test_p13_the_copy_is_sealed_apart():
    same = {**COMPLAINT, "copy_for_superior": SEALED}

    assert codes(ended(people=PEOPLE), "report_retaliation", "m04", **same) == ["copy_missing"]


def test_p13_the_superior_decides_it_and_the_appeal_reviewer_does_not():
    state = after(ended(people=PEOPLE), ("report_retaliation", "m04", COMPLAINT))
    decision = {"appeal": 1, "outcome": "upheld", "reason": SEALED}

    assert codes(state, "decide_appeal", "rev", **decision) == ["no_such_appeal"]
    assert after(state, ("decide_appeal", "sup", decision)).appeals[0].decided
