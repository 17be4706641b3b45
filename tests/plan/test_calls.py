"""What a cycle asks of plugins, and how answers become contributions."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from engine.plan.calls import PLANNING, HookEnvelope, Roster, RosterEntry, absent, collect
from engine.plan.steps import PlanContext

from .samples import pin, step

CONTEXT = PlanContext(
    cycle="c", unit="u", opened_at=datetime(2021, 7, 1, tzinfo=UTC), core_steps=(), people=()
)
ROSTER = Roster(entries=(RosterEntry(pin=pin("a"), hooks=PLANNING),))
STEPS = [step("a.x").model_dump(mode="json")]
INVITED = [{"step": "a.x", "person": "g1"}]


def answers(*results, **more) -> list[HookEnvelope]:
    given = {"plugin": "a", "version": "1.0", "digest": "0" * 64, "ok": True} | more
    return [
        HookEnvelope(hook=h, result=r, **given) for h, r in zip(PLANNING, results, strict=False)
    ]


def test_each_plugin_is_asked_once_a_hook():
    assert [(c.plugin, c.hook) for c in ROSTER.calls(CONTEXT)] == [("a", h) for h in PLANNING]


def test_two_answers_make_one_contribution():
    (whole,) = collect(ROSTER, answers(STEPS, INVITED))

    assert whole.failure is None
    assert [s.id for s in whole.steps] == ["a.x"]
    assert [i.person for i in whole.invitations] == ["g1"]


@pytest.mark.parametrize(
    ("given", "code", "detail"),
    [
        (answers(STEPS), "worker_absent", "contribute_participants"),
        (answers(STEPS, INVITED, digest="1" * 64), "plugin_failed", "another version"),
        (answers(STEPS, [{"step": "a.x"}]), "invalid_contribution", ""),
        (
            answers(
                STEPS, None, ok=False, error_code="contribution_timeout", error="limit 8 s"
            ),
            "contribution_timeout",
            "contribute_steps: limit 8 s",
        ),
    ],
)
def test_one_missing_or_bad_answer_fails_the_plugin_whole(given, code, detail):
    (whole,) = collect(ROSTER, given)

    assert whole.failure is not None
    assert whole.failure.code == code
    assert detail in whole.failure.detail
    assert (whole.steps, whole.invitations) == ((), ())


def test_a_call_nobody_took_is_an_answer_too():
    silent = [absent(call, "worker_absent") for call in ROSTER.calls(CONTEXT)]

    assert collect(ROSTER, silent)[0].failure is not None
