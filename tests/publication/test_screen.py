"""What may not stand on a wall is found, however it is written, and named by its row."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from engine.gateway import CommandRefused
from engine.issue.commands import DraftNotice
from engine.publication.door import sealed_command
from engine.publication.screen import FIELDS, KINDS, NAMES, found_in, screened
from engine.vault.memory import InMemoryVault

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
    ],
)
def test_p18_what_may_not_be_public_is_found(text, kind):
    assert kind in found_in(text)


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
