"""P26: whoever an opinion names is taken out at coding, children before all."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given, strategies as st
from opinions.conftest import BATCH, DAY, sqlite_room

from engine.opinions.answers.batches import Issue
from engine.opinions.answers.pool import Entry
from engine.opinions.minors import minors, years
from engine.opinions.names import named, repeated
from engine.opinions.refusals import MarksAMinor, NamedInTheOriginal, NamesAPerson
from engine.opinions.screening import screened
from engine.refusal import Refused

SCENARIOS = Path(__file__).parents[2] / "engine" / "scenario"

NAMING = {
    "会计沈佳怡报账要等两个月": ("沈佳怡",),
    "队长罗建军骂人": ("罗建军",),
    "支部书记胡功国说了不算": ("胡功国",),
    "这件事找过李梅、张伟,都没有回音": ("李梅", "张伟"),
    "办事员周涛上班玩手机": ("周涛",),
    "村支书欧阳志远半年没来": ("欧阳志远",),
    "司马懿然天天迟到": ("司马懿",),
    "希望高书记多下来看看": ("高书记",),
    "请周老师补课": ("周老师",),
    "赵师傅打菜手抖": ("赵师傅",),
    "小张老王从不开会": ("小张", "老王"),
    "姓赵的态度差": ("姓赵",),
    "陈某把钱拿走了": ("陈某",),
    "食堂的阿强打菜手抖": ("阿强",),
    "买买提·艾力反映过": ("买买提·艾力",),
    "联系人:李　梅": ("李梅",),
    "我的女儿李浩然被推倒": ("李浩然",),
    "高明同志收了礼": ("高明",),
}
"""Opinions as people write them, with invented names (two stand in public reports)."""

ORDINARY = (
    "食堂离工地太远,中午来不及吃饭",
    "高质量发展讲得多,落实得少",
    "马上就办变成马上再说",
    "公告张贴不及时,何时更新没人知道",
    "严肃处理迟到早退",
    "许多人反映停车难",
    "任务安排不均,常年加班",
    "石板路烂了,路灯不亮",
    "金额算错,程序太繁琐",
    "冯山社区的健身器材坏了",
    "蔡甸区顾家岗的公交少",
    "学习习近平总书记重要讲话只念稿子",
    "应急演练走过场",
    "和书记反映、向主任反映都没有结果",
    "水电费、易拉罐、白天、万元、温水",
    "谢谢,意见收到",
    "职工的孩子入学难",
    "共同学习流于形式,对不同学历的党员一刀切",
    "同学会、同学录不属本单位",
    "退休年龄为六十岁,十八岁以上的志愿者太少",
    "学史明理、学史增信、学史崇德、学史力行",
    "文明创建、安全带、许可证、顾客、胡同、纪律、叶子、熊猫、申请书",
    "车停放混乱,房租太高,严抓不放,管得太死",
)

OF_MINORS = {
    "他才12岁": ("12岁",),
    "他才１２周岁": ("12周岁",),
    "一个十二岁的学徒": ("十二岁",),
    "十七八岁就上夜班": ("十七八岁",),
    "未满十八岁也上工": ("未满十八岁",),
    "三个月大的婴儿没人管": ("三个月大",),
    "三年级有人受欺负": ("三年级",),
    "初二学生欠学费": ("初二",),
    "那位同学被罚站": ("同学",),
    "有个小朋友摔伤": ("小朋友",),
    "王丽的儿子被推倒": ("王丽的儿子",),
    "刘强家的孩子没上学": ("刘强家的孩子",),
    "孩子王小明转学难": ("孩子王小明",),
}


@pytest.mark.parametrize(("text", "names"), NAMING.items(), ids=list(NAMING))
def test_p26_a_name_is_found_in_what_people_write(text, names):
    assert named(text) == names


@pytest.mark.parametrize("text", ORDINARY)
def test_p26_an_ordinary_opinion_passes(text):
    assert screened(text, "paraphrase").reasons == ()


def texts_of(told) -> list[str]:
    """Every text that somebody hands in, however deep it lies."""
    if isinstance(told, list):
        return [text for part in told for text in texts_of(part)]
    if not isinstance(told, dict):
        return []
    own = [told["text"]] if isinstance(told.get("text"), str) else []
    return own + [text for part in told.values() for text in texts_of(part)]


def test_p26_every_text_of_the_scenarios_passes_but_one_that_is_a_name():
    files = SCENARIOS.glob("*.yaml")
    told = {t for file in files for t in texts_of(yaml.safe_load(file.read_text("utf-8")))}
    caught = {text for text in told if named(text) or minors(text)}

    assert len(told) > 80
    assert caught == {"郑凯"}


@pytest.mark.parametrize(("text", "marks"), OF_MINORS.items(), ids=list(OF_MINORS))
def test_p26_what_marks_a_minor_is_found(text, marks):
    assert minors(text) == marks


@pytest.mark.parametrize(
    ("numeral", "age"),
    [("7", 7), ("两", 2), ("十", 10), ("十七", 17), ("二十", 20), ("三十七", 37), ("七八", 7),
     ("十七八", 17), ("三四十", 30), ("半", 0), ("一百零二", 100)],
)  # fmt: skip
def test_p26_an_age_is_read_in_digits_and_in_words(numeral, age):
    assert years(numeral) == age


@given(st.integers(0, 120))
def test_p26_ages_below_eighteen_mark_a_minor_and_no_others(age):
    assert bool(minors(f"那人{age}岁")) == (age < 18)


SURNAMES = (
    "王",
    "李",
    "张",
    "刘",
    "陈",
    "杨",
    "赵",
    "周",
    "吴",
    "孙",
    "胡",
    "郭",
    "罗",
    "宋",
    "欧阳",
)
GIVEN = ("丽", "敏", "伟", "涛", "建国", "秀英", "志强", "佳怡", "梓涵", "学军", "桂英", "晓明")
ORIGINALS = ("{}把公章锁在家里", "听说{}从不下村", "反映{}在发放补贴时优亲厚友", "都是{}说了算")
CODED = ("盖章要等{}", "会计{}报账太慢", "希望{}改一改", "{}同志办事拖拉")


@given(
    st.sampled_from(SURNAMES), st.sampled_from(GIVEN), st.sampled_from(ORIGINALS),
    st.sampled_from(CODED),
)  # fmt: skip
def test_p26_a_name_planted_in_both_texts_is_always_refused(surname, given_, original, coded):
    name = surname + given_
    against = screened(coded.format(name), "paraphrase", original=original.format(name))

    assert any(reason.facts["word"] in coded.format(name) for reason in against.reasons)


@pytest.mark.parametrize(
    ("text", "original", "word"),
    [
        ("建军管得太严", "队长罗建军骂人", "建军"),
        ("请志远常来", "欧阳志远半年没来", "志远"),
        ("段建军管得严", "都怕段建军", "段建军"),
    ],
)
def test_p26_less_is_enough_for_whoever_the_original_names(text, original, word):
    (reason,) = screened(text, "paraphrase", original=original).reasons

    assert isinstance(reason, NamedInTheOriginal)
    assert (named(text), repeated(text, original)) == ((), (word,))
    assert screened(text, "paraphrase").reasons == ()


def test_p26_nothing_of_the_original_is_told_that_was_not_typed():
    against = screened("有人管得太严,王丽看见", "paraphrase", original="罗建军打了王丽和李梅")
    told = " ".join(str(reason) for reason in against.reasons)

    assert "王丽" in told
    assert [name for name in ("罗建军", "建军", "李梅") if name in told] == []


def answer(room, text: str) -> str:
    room.asked(Issue(body="b01", kind="branch", paper=1))
    room.pool.enter(BATCH, Entry(body="b01", day=DAY, text=text))
    room.shut()
    return room.answers.of(BATCH)[0].id


@pytest.fixture
def room(tmp_path):
    made = sqlite_room(tmp_path)
    yield made
    made.close()


def overruled(room) -> int:
    (problem,) = room.codings.problems("c1")
    return problem.overruled


def test_p26_every_finding_is_told_at_once_and_nothing_is_coded(room):
    said = answer(room, "罗建军欺负我的同桌")
    with pytest.raises(Refused) as refusal:
        room.coding.code(said, "罗建军、赵师傅对12岁的人,13800138000", by="col", aspect="a")

    assert [(r.code, r.facts.get("word")) for r in refusal.value.reasons] == [
        ("names_somebody", None), ("marks_a_minor", "12岁"), ("names_a_person", "罗建军"),
        ("names_a_person", "赵师傅"),
    ]  # fmt: skip
    assert room.codings.problems("c1") == ()


def test_p26_a_word_that_is_no_name_is_said_to_be_none_and_counted(room):
    said = answer(room, "去外地的车太少,来回要一天")
    put = {"by": "col", "aspect": "a"}
    with pytest.raises(NamesAPerson, match="--no-name 吴江"):
        room.coding.code(said, "吴江的班车少", **put)
    with pytest.raises(NamesAPerson, match="--no-name 吴江"):
        room.coding.code(said, "吴江的班车少", **put, no_names=("江", "吴江的"))
    problem = room.coding.code(said, "吴江的班车少", **put, no_names=("吴江", "别的词"))
    assert overruled(room) == 1
    room.coding.code(said, "班次不够", **put, problem=problem, no_names=("吴江",))
    assert overruled(room) == 1
    room.coding.explain(problem, "吴江的车已加开", by="m01", no_names=("吴江",))
    assert overruled(room) == 2


def test_p26_no_word_makes_a_minor_an_adult(room):
    said = answer(room, "有个孩子在工地上")
    text = "王丽的儿子12岁"

    with pytest.raises(Refused) as refusal:
        room.coding.code(
            said, text, by="col", aspect="a", no_names=("王丽", "王丽的儿子", "12岁", text)
        )
    assert {type(r) for r in refusal.value.reasons} == {MarksAMinor}


def test_p26_replies_name_nobody_either(room):
    problem = room.coding.code(answer(room, "排队太久"), "窗口少", by="col", aspect="a")

    for settle in (room.coding.explain, room.coding.rule_out):
        with pytest.raises(NamesAPerson, match="reply"):
            settle(problem, "已责成沈佳怡整改", by="m01")
    room.coding.explain(problem, "已增设窗口", by="m01")
