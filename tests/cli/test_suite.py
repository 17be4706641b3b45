"""A suite: every number counted, bounds held as bounds, and what does not hold ends with 1."""

from __future__ import annotations

import json

import pytest

from engine.scenario.acts import Title
from engine.scenario.figures import Counts, judged
from engine.scenario.load import ScenarioError, find, load_any
from engine.scenario.suite import AtLeast, Figure, Source

HERE = Title(zh="这里", en="here")
SMALL = """
format: 1
title: {zh: 两处, en: Two places}
plays: [xiangyang, jingshan]
figures:
  - place: {zh: 襄阳, en: Xiangyang}
    what: {zh: 单位, en: bodies}
    article: 107
    counted: {campaign: xiangyang-2021, count: bodies}
  - place: {zh: 襄阳, en: Xiangyang}
    what: {zh: 第 0 天, en: day 0}
    invented: 106
    counted: {campaign: xiangyang-2021, snapshot: 襄阳第 0 天, count: filed}
  - place: {zh: 京山, en: Jingshan}
    what: {zh: 党员干部, en: members}
    article: {at_least: 5000}
    invented: 5013
    counted: {campaign: jingshan-2021, count: members}
notes:
  - {place: {zh: 京山, en: Jingshan}, said: {zh: 请核对, en: please check}}
"""


def file(tmp_path, *changes):
    text = SMALL
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path = tmp_path / "suite.yaml"
    path.write_text(text, "utf-8")
    return path


def figure(**said):
    return Figure(place=HERE, what=HERE, counted=Source(cycles=("a", "b"), count="n"), **said)


@pytest.mark.parametrize(
    ("said", "found", "holds"),
    [
        ({"article": 7}, (3, 4), True),
        ({"article": 7}, (3, 5), False),
        ({"article": AtLeast(at_least=7)}, (3, 5), True),
        ({"article": AtLeast(at_least=7)}, (3, 3), False),
        ({"article": AtLeast(at_least=7), "invented": 8}, (3, 5), True),
        ({"article": AtLeast(at_least=7), "invented": 9}, (3, 5), False),
        ({"invented": 8}, (3, 5), True),
        ({"invented": 8}, (3, 6), False),
        ({"article": 3}, (3,), False),
    ],
)
def test_a_figure_holds_when_the_sum_does_and_nothing_is_missing(said, found, holds):
    ends = {name: {"n": number} for name, number in zip("ab", found, strict=False)}
    (counted,) = judged([figure(**said)], Counts(ends=ends))

    assert counted.holds is holds


def test_a_suite_prints_its_numbers_beside_the_articles(taizhang, tmp_path):
    done = taizhang("demo", str(file(tmp_path)), "--json", str(tmp_path / "out.json"))
    told = json.loads((tmp_path / "out.json").read_text("utf-8"))

    assert done.exit_code == 0
    assert [
        w for w in ("≥ 5,000", "5,013 [FX]", "106 [FX]", "请核对") if w not in done.stdout
    ] == []
    assert [(f["article"], f["counted"], f["holds"]) for f in told["figures"]] == [
        (107, 107, True), (None, 106, True), ({"at_least": 5000}, 5013, True),
    ]  # fmt: skip
    assert [play["play"] for play in told["plays"]] == ["xiangyang", "jingshan"]
    assert told["verify"]["ok"]


def test_a_number_that_does_not_hold_is_named_and_ends_with_1(taizhang, tmp_path):
    path = file(
        tmp_path, ("article: 107", "article: 108"), ("at_least: 5000", "at_least: 5014")
    )
    done = taizhang("demo", str(path), "--json", str(tmp_path / "out.json"))
    told = json.loads((tmp_path / "out.json").read_text("utf-8"))

    assert done.exit_code == 1
    assert done.stderr.splitlines() == [
        "襄阳 单位:报道 108,这里数得 107,不符",
        "京山 党员干部:报道 ≥ 5,014,这里数得 5013,不符",
    ]
    assert [f["holds"] for f in told["figures"]] == [False, True, False]


def test_a_play_that_does_not_end_as_its_file_says_ends_with_1_too(taizhang, tmp_path):
    text = find("jingshan").read_text("utf-8").replace("study: 2105", "study: 2106", 1)
    (tmp_path / "other.yaml").write_text(text, "utf-8")
    done = taizhang("demo", str(file(tmp_path, ("jingshan]", "other.yaml]"))))

    assert (done.exit_code, done.stderr) == (
        1, "other.yaml jingshan-2021 tally.study:应为 2106,实为 2105\n",
    )  # fmt: skip


def test_a_second_time_it_counts_the_second_play(taizhang, tmp_path):
    taizhang("demo", str(file(tmp_path)))
    done = taizhang("demo", str(file(tmp_path)), "--lang", "en")

    assert done.exit_code == 0
    assert "Two places" in done.stdout
    assert len(taizhang("campaign", "list", "-o", "ids").stdout.split()) == 4


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("jingshan]", "nowhere]"), "no scenario nowhere"),
        (("jingshan]", "jingshan, suite.yaml]"), "plays"),
        (("campaign: jingshan-2021", "campaign: other"), "there is no other"),
        (("campaign: jingshan-2021", "cycles: other"), "there is no other"),
        (("campaign: jingshan-2021", "play: jingshan"), "there is no jingshan: members"),
        (("campaign: jingshan-2021", "play: other"), "there is no other"),
        (("snapshot: 襄阳第 0 天", "snapshot: 别的"), "there is no 别的"),
        (("    invented: 106\n", ""), "article or invented"),
        (("campaign: jingshan-2021, ", ""), "one of: cycles, campaign, play"),
        (("article: 107", "article: many"), "figures.0.article"),
    ],
)
def test_a_suite_that_could_not_be_counted_is_refused_before_it_is_played(
    tmp_path, change, said
):
    with pytest.raises(ScenarioError) as wrong:
        load_any(file(tmp_path, change))

    assert any(said in problem for problem in wrong.value.problems)


def test_every_scenario_that_is_shipped_can_be_played():
    for path in sorted(find("nanzhang").parent.glob("*.yaml")):
        assert load_any(path)


def test_a_campaign_plays_alone_and_ends_with_its_tiers(taizhang, tmp_path):
    done = taizhang(
        "demo", "xiangyang", "--server", "real", "--json", str(tmp_path / "out.json")
    )
    told = json.loads((tmp_path / "out.json").read_text("utf-8"))

    assert done.exit_code == 0
    wanted = ("12/12", "91/91", "4/4", "107/107", "taizhang campaign show xiangyang-2021")
    assert [words for words in wanted if words not in done.stdout] == []
    assert told["campaigns"][0]["missing"] == {"filed": [], "refined": [], "guided": []}
    (middle,) = told["snapshots"]["襄阳第 0 天"].values()
    assert (middle["tally"]["filed"], middle["missing"]["filed"]) == (106, ["college-4"])


def test_what_a_snapshot_of_a_campaign_should_be_is_told_with_both_values(taizhang, tmp_path):
    text = find("xiangyang").read_text("utf-8").replace("filed: 106", "filed: 105", 1)
    (tmp_path / "other.yaml").write_text(text, "utf-8")
    done = taizhang("demo", str(tmp_path / "other.yaml"), "--server", "real")

    assert (done.exit_code, done.stderr) == (
        1, "襄阳第 0 天 xiangyang-2021 tally.filed:应为 105,实为 106\n",
    )  # fmt: skip
