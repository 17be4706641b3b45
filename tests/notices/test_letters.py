"""A letter says what, by when and what to do, in two languages, and no content."""

from __future__ import annotations

from datetime import date
from string import Formatter

import pytest

from engine.ledger.memory import InMemoryLedger
from engine.notices.letters import letters
from engine.notices.words import phrases

from .samples import SEALED, TOLD, Stream


def written(kind, *to, at="2026-01-05T02:00:00Z", **data):
    ledger = InMemoryLedger()
    ledger.append([Stream()(kind, at, *to, **data)])
    return letters(ledger.read()[0])


def test_a_red_light_says_issue_days_points_and_what_to_do():
    (letter,) = written("LightChanged", "m01", **TOLD["LightChanged"] | {"due": "2026-01-02"})

    assert letter.zh.subject == "亮灯:红灯 · 周期 c1 第 4 号问题"
    assert letter.zh.lines == (
        "周期 c1 第 4 号问题",
        "亮灯:红灯",
        "期限 2026-01-02,已逾期 3 天",
        "方式:提示函",
        "扣 2 分",
        "请办:立即整改并说明原因,需要时约谈责任人",
    )
    assert letter.en.lines[2] == "due 2026-01-02, days overdue: 3"


@pytest.mark.parametrize(
    ("due", "said"), [("2026-01-05", "今天到期"), ("2026-01-15", "还有 10 天")]
)
def test_days_are_counted_from_the_local_day_of_the_event(due, said):
    (letter,) = written("LookBackDue", "m01", at="2026-01-04T17:00:00Z", due=due)

    assert letter.day == date(2026, 1, 5)
    assert letter.zh.lines[2].endswith(said)


@pytest.mark.parametrize("kind", TOLD)
def test_every_kind_has_words_of_its_own_in_both_languages(kind):
    (letter,) = written(kind, "m01", **TOLD[kind])

    for lang, text in (("zh", letter.zh), ("en", letter.en)):
        assert phrases(lang)["what"]["plain"] not in text.lines
        assert "{" not in "".join(text.lines)


def test_each_person_gets_one_letter_and_the_new_owner_one_of_his_own():
    mine, yours = written("IssueTransferred", "m01", "m09", "m01", owner="m09")

    assert (mine.person, yours.person) == ("m01", "m09")
    assert mine.zh.lines[1] == "责任人已变更"
    assert yours.zh.lines[1] == "问题已转由您负责"
    assert yours.key == "issue/c1/4@1/m09"


def test_what_is_sealed_or_said_freely_never_goes_out():
    (letter,) = written(
        "SlipIssued", "m01", number=1, reason=SEALED, light="密 CANARY", note="CANARY",
        instrument="CANARY text",
    )  # fmt: skip

    assert "CANARY" not in letter.model_dump_json()
    assert "sealed" not in letter.model_dump_json()


@pytest.mark.parametrize(
    "data", [{}, {"due": "soon"}, {"due": 7}, {"issue": "four"}, {"light": None}, {"at": "x"}]
)
def test_an_unknown_kind_or_odd_fields_make_a_plain_letter(data):
    (letter,) = written("PluginSpoke", "m01", **data)

    assert letter.zh.lines[1] == "有一件事请您知悉"


def test_a_known_kind_without_its_facts_is_said_plainly():
    (letter,) = written("SlipIssued", "m01")

    assert letter.zh.lines[1] == "有一件事请您知悉"


@pytest.mark.parametrize("to", ["2026-01-09", None, {"a": 1}, [], ["张三", 7]])
def test_whatever_is_no_list_of_ids_tells_nobody(to):
    assert written("CyclePostponed", to=to) == ()


def test_both_languages_have_the_same_phrases_with_the_same_places():
    def places(lang):
        return {
            (group, key): {name for _, name, _, _ in Formatter().parse(phrase) if name}
            for group, held in phrases(lang).items()
            for key, phrase in held.items()
        }

    assert places("zh") == places("en")
