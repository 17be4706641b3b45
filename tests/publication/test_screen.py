"""What may not stand on a wall is found, however it is written, and named by its row."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given, strategies as st

from engine.gateway import CommandRefused
from engine.issue.commands import DraftNotice
from engine.publication.door import sealed_command
from engine.publication.looks import checked
from engine.publication.screen import FIELDS, KINDS, NAMES, found_in, screened
from engine.vault.memory import InMemoryVault

ROOT = Path(__file__).parents[2]
BODY = {"by": "m09", "issue": 3, "audience": "public", "first": "2021-08-02"}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("身份证 420106199003071234 请核", "id_number"),
        ("420106 19900307 123X", "id_number"),
        ("420106199003071234", "id_number"),
        ("联系 13800138000", "mobile"),
        ("联系 138-0013-8000", "mobile"),
        ("联系 138 0013 8000", "mobile"),
        ("138\u200b00138000", "mobile"),
        ("+8613800138000", "mobile"),
        ("卡号 6222 0212 3456 7890 123", "bank_card"),
        ("住 冯山路12号", "address"),
        ("3栋2单元402室", "address"),
        ("其子患白血病,住院号未公开", "health"),
        ("hiv 携带者", "health"),
        ("卡号 9558801234567890123", "bank_card"),
        ("卡号 6222,0212,3456,7890,123", "bank_card"),
        ("卡号 4111/1111/1111/1111", "bank_card"),
        ("420624,19900101,1234", "id_number"),
        ("420624/1990/0101/1234", "id_number"),
        ("420624、19900101、123X", "id_number"),
        ("420624（19900101）1234", "id_number"),
        ("４２０６２４１９９００１０１１２３４", "id_number"),
        ("四二零六二四一九九〇〇一〇一一二三四", "id_number"),
        ("138/0013/8000", "mobile"),
        ("138、0013、8000", "mobile"),
        ("(138)0013，8000", "mobile"),
        ("1/3/8/0/0/1/3/8/0/0/0", "mobile"),
        ("13 800 138 000", "mobile"),
        ("１３８００１３８０００", "mobile"),
        ("一三八零零一三八零零零", "mobile"),
        ("幺三八 零零幺三 八零零零", "mobile"),
        ("壹叁捌零零壹叁捌零零零", "mobile"),
        ("找老人家里 0710-5221234", "landline"),
        ("(0710)5221234", "landline"),
        ("打到举报人家里 0710-5221234", "landline"),
        ("监督电话见墙上。家里 010-62345678", "landline"),
        ("住 便河社区3组12号", "address"),
        ("太平村二组的住户", "address"),
        ("太平村第3村民小组", "address"),
        ("住 水镜路十二号", "address"),
        ("住 A座1203", "address"),
        ("三栋二单元402", "address"),
    ],
)
def test_p18_what_may_not_be_public_is_found(text, kind):
    assert kind in found_in(text)


@pytest.mark.parametrize(
    "word",
    ["白血病", "糖尿病", "高血压", "冠心病", "脑中风", "尿毒症", "癫痫", "抑郁", "精神分裂",
     "肢体残疾", "视力残疾", "怀孕", "产检", "病史", "化疗"],
)  # fmt: skip
def test_p18_a_word_about_somebodys_health_is_found(word):
    assert found_in(f"因其家人{word},未能按时参加") == ("health",)


@pytest.mark.parametrize(
    "text",
    [
        "第 3、15、136 号问题合并办理", "第136、137、138、14号问题", "2021年7月30日前完成",
        "2021-07-30、2021-08-09 两次走访", "2018、2019、2020、2021 四年的台账",
        "拨付资金 12,000元,结余 1,380,013,800.00 元", "130、1500、2000元三档补助",
        "4000、5000、6000、3000元的四笔", "鄂办发〔2021〕12号", "见〔2021〕13号文件第二条",
        "到一楼大厅办理", "3个工作日内答复", "第二党支部负责", "便河社区的路灯",
        "拨打12345热线", "新建一栋三层办公楼",
        "整改率100%,群众满意率98.6%", "八个方面三十六项措施", "三组党员分片包干",
        "全村二组队伍轮流值守", "一单元学习、二单元讨论", "沿河路路灯十二盏", "A座一楼会议室",
        "B座1203会议室", "办公时间 8:30—12:00、14:30—17:30", "监督电话:0710-5221234",
        "举报热线 (0710)5221234、0710-5221235", "咨询 010-62345678 转 802",
        "投诉举报电话为 0710-5221234", "报修请打 0710-5221234",
        "开展集中风险排查", "系统瘫痪半天", "残疾人通道被占", "项目流产、资金闲置",
        "统一社会信用代码 91420624MA48ABCD1X", "编号 20210730123456789",
        "二〇二一年七月三十日", "一是学习,二是走访,三是整改", "太平村二组织生活会",
        "太平村两委会成员", "按 archive 归档", "增设二号窗口、三号通道",
        "每月安全生产检查两次", "慢性病随访服务到位", "防治严重病虫害", "开放疗养院床位",
        "组织两癌筛查宣传", "办公室电话:0512-65551234", "监督举报电话:县纪委0512-65551234",
        "监督电话(工作时间):0512-65551234", "修缮李家村三组路灯", "王庄一组党员包片",
        "驻村三组逐户走访", "解放路三号线改道", "五一路二号桥加固",
        "投入135、2023、2024年各一批",
        "2024.1.15-2024.12.31 前完成", "2024.10.5-2024.12.31前完成",
    ],
)  # fmt: skip
def test_p18_a_sentence_that_such_notices_have_passes(text):
    assert found_in(text) == ()


def strings(told) -> set[str]:
    if isinstance(told, dict):
        return {text for part in told.values() for text in strings(part)}
    if isinstance(told, list):
        return {text for part in told for text in strings(part)}
    return {told} if isinstance(told, str) else set()


def test_p18_whatever_the_scenarios_say_passes_but_the_numbers_put_there_to_be_stopped():
    files = (ROOT / "engine" / "scenario").glob("*.yaml")
    told = {text for file in files for text in strings(yaml.safe_load(file.read_text("utf-8")))}

    assert len(told) > 2_000
    assert {text for text in told if found_in(text)} == {
        "窗口等候时间过长,群众反映请拨 13800138000", "每日两清,报修请打 13812345678",
    }  # fmt: skip


def test_a_landline_is_told_what_to_do_about_it():
    (reason,) = screened({"measures": "找 0710-5221234"})

    assert "没有写明是办公" in reason.zh.format(**reason.facts)
    assert "not said to be an office's" in str(reason)


@pytest.mark.parametrize("number", ["4111111111111111", "6222021234567890128"])
def test_one_wrong_digit_is_no_longer_checked(number):
    other = number[:-1] + str((int(number[-1]) + 1) % 10)

    assert checked(number) != checked(other)


@pytest.mark.parametrize(
    "text",
    [
        "窗口等候时间过长", "2021年8月2日至2021年8月9日", "158 条措施,136 个问题",
        "办公电话 0712-4771234", "第 1380013 号文件", "每周一、三、五巡查 20 处",
        "按时限 30 日办结,完成率 97.5%",
    ],
)  # fmt: skip
def test_plain_work_passes(text):
    assert found_in(text) == ()


def test_every_hit_names_its_row_and_never_the_text():
    rows = {"problem": "拨 13800138000", "measures": "住 冯山路12号", "responsible": "周倩"}
    reasons = list(screened(rows, issue=3))

    assert [(r.row, r.what_en) for r in reasons] == [
        ("3.problem", "a mobile number"), ("3.measures", "an address"),
    ]  # fmt: skip
    assert "1380013" not in "".join(map(str, reasons))


@given(st.text(alphabet="0123456789", min_size=9, max_size=9))
def test_a_mobile_number_is_found_behind_any_gap(digits):
    number = "13" + digits

    for gap in ("", " ", "-", "\u3000", "·", "\u2013"):
        assert "mobile" in found_in(f"电话{gap.join(number)}。")


def test_every_kind_has_a_name():
    assert set(NAMES) == set(KINDS)


class ClosedVault(InMemoryVault):
    """A vault that nothing may reach."""

    def seal(self, text, **_):
        raise AssertionError("sealed")


def test_p18_a_draft_with_a_number_is_refused_before_anything_is_sealed():
    vault = ClosedVault()
    body = {
        **BODY, "problem": {"text": "电话 13800138000"}, "measures": {"text": "增设窗口"},
        "responsible": {"text": "郑凯 420106199003071234"},
    }  # fmt: skip
    with pytest.raises(CommandRefused) as refused:
        sealed_command("draft_notice", body, vault, cycle="c", command_id="1", limit_bytes=1000)

    assert [r.facts["row"] for r in refused.value.reasons] == ["3.problem", "3.responsible"]


def test_p18_a_notice_has_four_columns_and_each_text_is_screened():
    texts = {n for n, f in DraftNotice.model_fields.items() if f.annotation is str}

    assert set(DraftNotice.model_fields) == {
        "kind", "by", "issue", "audience", "first", "last", *FIELDS,
    }  # fmt: skip
    assert texts - {"by"} == set(FIELDS)


def test_other_commands_and_fit_drafts_are_sealed():
    vault = InMemoryVault()
    fit = {**BODY, **{n: {"text": "窗口"} for n in ("problem", "measures", "responsible")}}
    sealed = sealed_command(
        "draft_notice", fit, vault, cycle="c", command_id="1", limit_bytes=1000
    )

    assert all(sealed[n].startswith("sealed:") for n in ("problem", "measures", "responsible"))
