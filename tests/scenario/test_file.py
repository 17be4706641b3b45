"""A scenario file is read whole: every problem at once, each with its line."""

from __future__ import annotations

import re

import pytest

from engine.scenario.load import ScenarioError, find, load
from engine.scenario.marked import read

NANZHANG = find("nanzhang").read_text("utf-8")
UNIT = "  - unit: nanzhang-finance-2"


def problems(tmp_path, *changes, text=NANZHANG):
    """Return what is wrong with the file after ``changes``, in English."""
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    file = tmp_path / "changed.yaml"
    file.write_text(text, "utf-8")
    with pytest.raises(ScenarioError) as refused:
        load(file)
    return [problem.partition(" | ")[2] for problem in refused.value.problems]


def test_every_problem_is_named_with_its_line_and_act(tmp_path):
    wrong = NANZHANG.replace("do: accept_filing", "do: accept_filings").replace(
        "by: r1", "by: r9"
    )
    found = problems(tmp_path, text=wrong)

    assert len(found) == 5
    assert all(re.match(r"line \d+, act \d+ (do|by): ", problem) for problem in found)


def test_a_field_of_the_wrong_shape_is_named_with_its_line(tmp_path):
    line = 1 + NANZHANG.split("\n").index("  - do: accept_filing")
    found = problems(tmp_path, ("do: accept_filing", "dont: accept_filing"))

    assert f"line {line}, act 2 do: is missing" in found
    assert f"line {line}, act 2 dont: is not a field" in found


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("server: real", "server: real\nserver: real"), "key server is there twice"),
        (("server: real", "server: no"), "no is ambiguous"),
        (("by: m01", "by: on"), "on is ambiguous"),
        (("day: 8", "day: 010"), "a number is plain digits"),
        (("by: m01", "by: !!python/name:os.system m01"), "no tags"),
        (('by: "{it}"', "by: {it}"), 'put it in quotes: "{it}"'),
        (('participants: "@members"', "participants: @members"), "put it in quotes"),
        (("policy: default", "policy: nowhere"), "no policy pack nowhere"),
        (("each: members", "each: nobody"), "no group nobody"),
        (("day: 11", "day: 7"), "day 7 comes after day 8"),
        (("rejected: 1", "regretted: 1"), "no such counter"),
        (("status: archived", "status: finished"), "must be"),
        (("time: \"10:00\"", "time: \"25:00\""), "must match"),
        (("start: 2021-07-12T09:00:00+08:00", "start: 2021-07-12T09:00:00"), "a moment like"),
        (("id: m02", "id: m01"), "twice"),
        (("roles: [branch_secretary, member]", "roles: [member]"), "no branch_secretary"),
        (("  members: [", "  members: &a [*a, "), "anchor inside itself"),
    ],
)  # fmt: skip
def test_what_could_surprise_is_said_in_words(tmp_path, change, said):
    assert any(said in problem for problem in problems(tmp_path, change))


@pytest.mark.parametrize("raw", [b"\xff\xfe", b"cycle: [", b"", b"- 1", b"a: 1\n---\nb: 2"])
def test_what_is_no_scenario_at_all_is_refused_in_words(tmp_path, raw):
    file = tmp_path / "broken.yaml"
    file.write_bytes(raw)

    with pytest.raises(ScenarioError):
        load(file)


def test_nothing_becomes_a_date_or_a_number_by_itself():
    said = "a: 09:30\nb: 1:2\nc: 2021-07-12\nd: 12\ne: true\nf: 1.5\ng: '12'\nh:\n"

    assert read(said).value == {
        "a": "09:30", "b": "1:2", "c": "2021-07-12", "d": 12, "e": True, "f": 1.5,
        "g": "12", "h": None,
    }  # fmt: skip


def test_an_unknown_scenario_is_answered_with_the_known_ones():
    with pytest.raises(ScenarioError, match="nanzhang"):
        find("nowhere")


def test_with_several_units_each_act_says_whose_it_is(tmp_path):
    units = NANZHANG[NANZHANG.index(UNIT) : NANZHANG.index("groups:")]
    second = units.replace("nanzhang-", "other-")
    found = problems(tmp_path, ("groups:", f"{second}groups:"))

    assert len(found) == NANZHANG.count("\n  - do: ") + 1
    assert all(problem.endswith("there are several units: name one") for problem in found)


def test_a_text_cut_in_two_by_a_comma_is_named_before_anything_is_played(tmp_path):
    found = problems(tmp_path, ("{text: 集中学习签到与笔记}", "{text: 集中学习,签到}"))

    assert len(found) == 1
    assert "evidence has text and subject, nothing else" in found[0]


def test_a_unit_may_have_a_policy_of_its_own(tmp_path):
    file = tmp_path / "own.yaml"
    file.write_text(
        NANZHANG.replace("    books:", "    policy: jiangjin\n    books:", 1), "utf-8"
    )

    assert load(file).opening().policy.pack == "jiangjin"
