"""The closing predicate: eight combinations, and exactly one closes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import product

import pytest

from engine.issue.signoff import may_close, unmet
from engine.issue.state import Issue, MassReview, Measure, Notice
from engine.policy.pack import load_pack

POLICY = load_pack()
NOON = datetime(2021, 8, 2, 4, tzinfo=UTC)
MEASURE = Measure(
    content="c", standard="s", due=date(2021, 9, 1), done=True, evidence=("e",),
    verified_by=("v1",),
)  # fmt: skip
REVIEW = MassReview(
    scope="residents", min_sample=10, affected=40, answers=40, satisfied=40, counted=True
)
NOTICE = Notice(audience="public", first=date(2021, 8, 2), last=date(2021, 8, 6), expired=True)
READY = Issue(
    number=1, content="c", category="study", sources=("form",), subject_kind="branch",
    subject=None, critics=("m09",), severity="normal", found_at=NOON, status="noticed",
    owner="m03", measures=(MEASURE,), review=REVIEW, approvals=(("committee", "m02"),),
    notice=NOTICE,
)  # fmt: skip


def issue(*, resolved: bool, thorough: bool, approved: bool, noticed: bool = True) -> Issue:
    measure = replace(MEASURE, done=resolved, verified_by=("v1",) if thorough else ())
    review = REVIEW if approved else replace(REVIEW, satisfied=20)
    notice = NOTICE if noticed else replace(NOTICE, expired=False)
    return replace(READY, measures=(measure,), review=review, notice=notice)


@pytest.mark.parametrize(
    ("resolved", "thorough", "approved"), list(product((False, True), repeat=3))
)
def test_exactly_one_of_eight_combinations_closes(resolved, thorough, approved):
    case = issue(resolved=resolved, thorough=thorough, approved=approved)

    assert may_close(case, POLICY) is (resolved and thorough and approved)


def test_no_combination_closes_before_the_notice_is_over():
    for resolved, thorough, approved in product((False, True), repeat=3):
        case = issue(resolved=resolved, thorough=thorough, approved=approved, noticed=False)

        assert not may_close(case, POLICY)


def test_every_reason_is_given_at_once():
    case = issue(resolved=False, thorough=False, approved=False, noticed=False)

    assert [r.code for r in unmet(case, POLICY)] == [
        "measures_not_done",
        "not_thorough",
        "public_not_satisfied",
        "notice_not_over",
    ]


def test_an_issue_without_measure_is_never_resolved():
    assert unmet(replace(READY, measures=()), POLICY)[0].code == "no_measure"


def test_a_key_issue_needs_two_verifiers_and_the_superior():
    key = replace(READY, severity="key")

    assert [r.code for r in unmet(key, POLICY)] == [
        "not_thorough",
        "not_on_site",
        "not_approved",
    ]

    twice = replace(MEASURE, verified_by=("v1", "v2"), on_site=True)
    approvals = (("committee", "m02"), ("superior", "sup"))
    assert may_close(replace(key, measures=(twice,), approvals=approvals), POLICY)


@pytest.mark.parametrize("judge", ["m03", "m09"])
def test_neither_owner_nor_critic_may_have_verified(judge):
    case = replace(READY, measures=(replace(MEASURE, verified_by=(judge,)),))

    assert [r.code for r in unmet(case, POLICY)] == ["duties_not_separate"]


def test_p19_a_members_own_issue_is_never_noticed_in_public():
    own = replace(READY, subject_kind="member", subject="m05")

    assert [r.code for r in unmet(own, POLICY)] == ["scope_not_allowed"]
    assert may_close(replace(own, notice=replace(NOTICE, audience="internal")), POLICY)


def test_nobody_asked_counts_only_with_the_superiors_consent():
    nobody = MassReview(scope="none_with_reason", min_sample=10, affected=0)

    assert not may_close(replace(READY, review=nobody), POLICY)
    assert may_close(replace(READY, review=replace(nobody, no_review_approved=True)), POLICY)


def test_an_open_objection_suspends_sign_off():
    assert [r.code for r in unmet(replace(READY, open_objection=True), POLICY)] == [
        "objection_open"
    ]
