"""Every place of the article, played whole on a server with its plugins' own commands."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys

import pytest

NUMBERS = {
    "襄阳 单位": 107,
    "襄阳 县(区、市)、开发区党(工)委": 12,
    "襄阳 市直单位党组(党委)": 91,
    "襄阳 高校党委": 4,
    "襄阳 第 0 天已报方案": 106,
    "襄阳 方案、流程、指导都走完": 107,
    "十堰 会前研判的支部(已开会)": 3,
    "十堰 一人一份“肖像”,本人确认": 15,
    "荆州 巡回指导第几轮": 2,
    "荆州 上一轮转入的意见": 1,
    "中建三局 征求意见表": 256,
    "中建三局 局属党支部": 26,
    "中建三局 二级单位对口部门": 28,
    "中建三局 发给党支部的表": 104,
    "中建三局 发给对口部门的表": 152,
    "中建三局 收回的表": 231,
    "中建三局 有效的表": 224,
    "中建三局 工地座谈会(多场)": 2,
    "中建三局 座谈会的意见,与表分开数": 16,
    "京山 党(工)委": 77,
    "京山 查找问题的党员干部": 5013,
    "京山 学上“浅”": 2105,
    "京山 悟上“表”": 1604,
    "京山 实上“飘”": 1304,
    "蔡甸区审计局 报道引用的批评意见": 3,
    "蔡甸区审计局 提出人确认的": 3,
    "蔡甸区审计局 本人有异议的": 1,
    "蔡甸区审计局 党员": 15,
    "蔡甸区审计局 会后感想,不记名": 6,
    "南漳县财政局第二党支部 邀请的服务对象代表": 6,
    "南漳县财政局第二党支部 逐一发言的代表": 6,
    "南漳县财政局第二党支部 全程参与的代表": 6,
    "荆州 清单": 3,
    "咸宁 清单": 3,
    "天门 清单": 3,
    "神农架林区 清单": 3,
    "以上各地 三张清单出自一本台账的地方": 4,
    "冯山社区 认领的问题": 136,
    "冯山社区 整改措施": 158,
    "冯山社区 第 31 天已销账": 88,
    "冯山社区 第 76 天已销账": 136,
    "冯山社区 四账走完的问题": 136,
    "顾家岗社区 上墙的行": 12,
    "顾家岗社区 写了手机号被拦下时,墙上的行": 11,
    "顾家岗社区 有异议而暂缓的": 1,
    "顾家岗社区 实事已办结、问题已销号": 1,
    "潜江市委编办 存折": 20,
    "潜江市委编办 记分": 60,
    "潜江市委编办 冲正": 2,
    "潜江市委编办 微信群公布的合计": 119,
    "潜江市委编办 党务公开栏的合计": 119,
}
ARTICLE = {
    "襄阳 单位": 107, "京山 党(工)委": 77, "中建三局 征求意见表": 256,
    "京山 查找问题的党员干部": {"at_least": 5000}, "冯山社区 认领的问题": 136,
    "冯山社区 整改措施": 158, "南漳县财政局第二党支部 逐一发言的代表": 6,
}  # fmt: skip


@pytest.fixture(scope="module")
def hubei(tmp_path_factory):
    """What the command printed, and the summary it wrote."""
    folder = tmp_path_factory.mktemp("hubei")
    kept = {n: v for n, v in os.environ.items() if not n.startswith("TAIZHANG_")}
    done = subprocess.run(
        [sys.executable, "-m", "workflows.main", "demo", "hubei", "--json", "out.json"],
        cwd=folder, env={**kept, "TAIZHANG_DATA_DIR": str(folder / "var")},
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr
    return done.stdout, json.loads((folder / "out.json").read_text("utf-8"))


@pytest.mark.timeout(720)  # ten places: three minutes alone, four and more among others
def test_every_number_is_counted_and_stands_beside_the_articles(hubei):
    _, told = hubei
    figures = {f"{f['place']['zh']} {f['what']['zh']}": f for f in told["figures"]}

    assert {name: f["counted"] for name, f in figures.items()} == NUMBERS
    assert {name: figures[name]["article"] for name in ARTICLE} == ARTICLE
    assert all(f["holds"] for f in figures.values())
    assert told["verify"]["ok"]
    assert [play["differences"] for play in told["plays"]] == [[]] * 10


@pytest.mark.timeout(720)
def test_an_open_bound_is_never_printed_as_exact_and_terms_are_pointed_out(hubei):
    said, told = hubei

    assert "≥ 5,000" in said
    assert not re.search(r"(?<!≥ )\b5,?000\b", said)
    assert "5,013 [FX]" in said
    assert [n["place"]["zh"] for n in told["notes"] if "民主生活会" in n["said"]["zh"]] == [
        "京山之后一段", "顾家岗社区",
    ]  # fmt: skip
