"""A role is known by its id, by its title, and by either half of a title with a slash."""

from __future__ import annotations

import pytest

from engine.cli.people_options import roles_named
from engine.people.refusals import NoSuchRole
from engine.people.roles import GRANTED, WORD
from engine.people.titles import ROLES, TITLES, accepted


@pytest.mark.parametrize(
    "word", ["督导组", "巡回指导组", "督导组/巡回指导组", "guidance_group"]
)
def test_the_guidance_group_is_known_by_either_half_of_its_title(word):
    assert roles_named([word]) == ("guidance_group",)


def test_every_role_is_known_by_its_title_and_its_id():
    assert all(ROLES[WORD[role]] == ROLES[role] == role for role in GRANTED)


def test_a_half_that_could_mean_another_role_is_no_title():
    titles = accepted(
        {"member": "甲/乙", "verifier": "乙/丙", "recorder": "丙", "teller": "丁/"}
    )

    assert titles == {
        "甲/乙": "member", "乙/丙": "verifier", "丙": "recorder", "丁/": "teller",
        "甲": "member", "丁": "teller",
    }  # fmt: skip


def test_whoever_writes_an_unknown_role_is_told_every_word_there_is():
    with pytest.raises(NoSuchRole) as refused:
        roles_named(["班长"])

    for lang in ("zh", "en"):
        said = refused.value.sentence(lang)
        assert [word for word in (*TITLES, *GRANTED) if word not in said] == []
