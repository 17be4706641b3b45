"""Who reviews a self-examination: nobody one's own, and the branch's goes up (domain 2.6)."""

from __future__ import annotations

import pytest
from cycle.stages import SEALED, after, codes, cycle

from engine.policy.pack import load_pack

PASSED = {"factual": "pass", "accurate": "pass", "testable": "pass"}
AT_HOME = load_pack().model_copy(update={"superior_reviews": False})


def submitted(author, by, **more):
    return after(
        cycle(**more),
        ("file_plan", "m01", {"content": SEALED}),
        ("submit_self_exam", by, {"author": author, "content": SEALED}),
    )


@pytest.mark.parametrize("author", ["branch", "m01"])
def test_the_branchs_and_its_secretarys_are_not_reviewed_in_the_branch(author):
    state = submitted(author, "m01")

    assert codes(state, "review_self_exam", "m02", author=author, **PASSED) == [
        "superior_reviews"
    ]
    approved = after(state, ("review_self_exam", "sup", {"author": author, **PASSED}))
    assert approved.self_exams[author].status == "approved"


def test_those_of_the_others_are_reviewed_in_the_branch():
    state = submitted("m03", "m03")

    approved = after(state, ("review_self_exam", "m02", {"author": "m03", **PASSED}))
    assert approved.self_exams["m03"].status == "approved"


@pytest.mark.parametrize(("author", "by"), [("m02", "m02"), ("branch", "m01"), ("m01", "m01")])
def test_nobody_reviews_what_is_their_own(author, by):
    state = submitted(author, "m01" if author == "branch" else author)

    assert codes(state, "review_self_exam", by, author=author, **PASSED) == [
        "reviewer_is_author"
    ]


def test_a_pack_without_the_rule_leaves_the_review_to_the_committee():
    state = submitted("branch", "m01", policy=AT_HOME)

    approved = after(state, ("review_self_exam", "m02", {"author": "branch", **PASSED}))
    assert approved.self_exams["branch"].status == "approved"
