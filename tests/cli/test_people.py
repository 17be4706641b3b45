"""What a terminal says about people: by id, a name only for a purpose and on record."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest
from inprocess import WALL

from engine.policy.calendar import local_day
from engine.record import EventEnvelope

TREE = """单位,类别,名称,上级
nz,县,南漳,
u1,支部,第一支部,nz
nanzhang-finance-2,支部,第二支部,nz
"""
PEOPLE = """人员,姓名,单位,角色,起,止
m01,张三,nanzhang-finance-2,支部书记;党员,2021-01-04,
m02,李四,nanzhang-finance-2,支委;党员,2021-01-04,
m05,王五,nanzhang-finance-2,党员,2021-01-04,
sup,赵六,nz,上级党组织,2021-01-04,
"""
BRANCH = "nanzhang-finance-2"
TODAY = local_day(WALL)
WEEK = str(TODAY + timedelta(days=6))
PASSWORD = "correct horse battery\n"


@pytest.fixture
def sheets(tmp_path):
    (tmp_path / "tree.csv").write_text(TREE, "utf-8")
    (tmp_path / "people.csv").write_text(PEOPLE, "gb18030")
    return str(tmp_path / "tree.csv"), str(tmp_path / "people.csv")


@pytest.fixture
def people(taizhang, sheets):
    """A command line over an organisation that was imported."""
    done = taizhang("people", "import", *sheets, "--by", "sup")
    assert done.exit_code == 0, done.stderr
    return taizhang


def said(done):
    assert done.exit_code == 0, done.stderr
    return done.stdout


def test_a_dry_run_then_the_import_then_nothing_more_to_do(taizhang, sheets):
    asked = ("people", "import", *sheets, "--by", "sup")

    assert said(taizhang(*asked, "--dry-run")) == (
        "机构 3 个,人员 4 人,任职 6 条:将新增 13,将变更 0,不变 0;什么也没有写入\n"
    )
    assert said(taizhang(*asked, "--lang", "en")) == (
        "3 units, 4 persons, 6 memberships: 13 new, 0 changed, 0 the same\n"
    )
    assert "新增 0,变更 0,不变 13" in said(taizhang(*asked))


def test_every_wrong_row_is_a_line_and_nothing_is_imported(taizhang, sheets, tmp_path):
    (tmp_path / "people.csv").write_text(PEOPLE + "李四,,u9,班长,昨天,\n", "utf-8")
    done = taizhang("people", "import", *sheets, "--by", "sup", "--lang", "en")

    assert done.exit_code == 1
    assert done.stderr.splitlines() == [
        "people.csv row 6 from: a day is needed, such as 2021-07-30",
        "people.csv row 6 person: an id is needed: lower-case letters, digits, . _ -, "
        "never a name",
        *[line for line in done.stderr.splitlines() if " role: " in line],
        "people.csv row 6 unit: no such unit: list it in the tree",
    ]
    assert taizhang.data("people", "list", "--units") == []


def test_lists_are_by_day_and_unit_and_hold_no_name(people):
    rows = people.data("people", "list", "--unit", BRANCH)

    assert [(row["person"], row["role"]) for row in rows][:2] == [
        ("m01", "branch_secretary"), ("m01", "member"),
    ]  # fmt: skip
    assert people.data("people", "list", "--on", "2020-12-31") == []
    assert "[no_such_unit]" in people("people", "list", "--unit", "u9").stderr
    table = said(people("people", "list"))
    assert "支部书记" in table
    assert "张三" not in table
    assert people.data("people", "list", "--units")[0] == {
        "unit": BRANCH, "level": "branch", "name": "第二支部", "parent": "nz",
    }  # fmt: skip


def test_a_name_is_read_for_a_purpose_by_somebody_and_that_is_kept(people):
    assert "张三" not in said(people("people", "show", "m01"))
    assert people("people", "show", "m01", "--purpose", "people").exit_code == 1

    told = people.data("people", "show", "m01", "--purpose", "people", "--by", "sup")

    assert told["name"] == "张三"
    (read,) = people.parts.vault().reads(subject="m01")
    assert (read.reader, read.purpose) == ("sup", "people")
    assert people("people", "show", "nobody").exit_code == 1


def test_a_name_where_an_id_belongs_is_wrong_usage(people):
    assert people("people", "show", "张三").exit_code == 2
    assert people("people", "password", "m01", "--by", "张三").exit_code == 2


def test_an_office_is_lent_shown_and_returned(people):
    asked = ("--unit", BRANCH, "--from", str(TODAY), "--to", WEEK, "--by", "m01")
    done = people("people", "delegate", "m01", "m02", "--role", "支部书记", *asked)
    lent = said(done).split()[1]

    assert people.data("people", "show", "m02")["delegations"][0]["id"] == lent
    assert "支部书记" in said(people("people", "show", "m02"))
    assert said(people("people", "return", lent, "--by", "m02")) == (
        f"委托 {lent} 已收回,从现在起不能再以委托人的名义办理\n"
    )
    (kept,) = people.data("people", "show", "m02")["delegations"]
    assert (kept["first"], kept["last"]) == (str(TODAY), str(TODAY))
    assert datetime.fromisoformat(kept["returned_at"]) == WALL
    assert people("people", "return", lent, "--by", "m02").exit_code == 1
    wrong = people("people", "delegate", "m01", "m02", "--role", "班长", *asked)
    assert (wrong.exit_code, "[no_such_role]" in wrong.stderr) == (1, True)


def test_what_the_delegate_may_never_do_is_said(people, sheets, tmp_path):
    more = PEOPLE + f"m09,钱七,{BRANCH},党小组长,2021-01-04,\n"
    (tmp_path / "people.csv").write_text(more, "utf-8")
    said(people("people", "import", *sheets, "--by", "sup"))
    asked = ("--unit", BRANCH, "--from", str(TODAY), "--to", WEEK, "--by", "m01")

    done = people("people", "delegate", "m01", "m09", "--role", "branch_secretary", *asked)

    assert "不在委托之内:close_issue" in said(done)


@pytest.fixture
def burdened(people):
    """A cycle in whose ledger m05 owns issue 1 of the branch."""
    said(people("cycle", "open", "nanzhang"))
    plan = json.dumps({"content": {"text": "方案"}})
    said(people("cycle", "do", "nanzhang-2021", "file_plan", "--by", "m01", "--json", plan))
    issue = {"content": {"text": "学得浅"}, "category": "study", "sources": ["form"]}
    found = ("cycle", "do", "nanzhang-2021", "find_issue", "--by", "m04")
    said(people(*found, "--json", json.dumps(issue)))
    claimed = EventEnvelope(
        stream="issue/nanzhang-2021/1", version=2, kind="IssueClaimed", command="c-claim",
        data={"issue": 1, "owner": "m05", "at": "2021-08-01T01:00:00Z", "by": "m05"},
    )  # fmt: skip
    people.parts.ledger().append([claimed])
    return people


def test_nobody_leaves_before_every_issue_is_handed_over_or_named(burdened):
    asked = ("people", "leave", "m05", "--unit", BRANCH, "--last", str(TODAY), "--by", "m01")

    tried = burdened(*asked, "--dry-run")
    refused = burdened(*asked)
    assert (tried.exit_code, tried.stdout) == (1, "nanzhang-2021/1 支部问题\n")
    assert tried.stderr == refused.stderr
    assert (refused.exit_code, refused.stderr.count("\n")) == (1, 1)
    assert "--successor nanzhang-2021/1=人员" in refused.stderr
    named = ("--to", "u1", "--successor", "nanzhang-2021/1=m02")
    assert said(burdened(*asked, *named, "--dry-run")) == "nanzhang-2021/1 支部问题\n"
    left = said(burdened(*asked, "--to", "u1", "--successor", "nanzhang-2021/1=m02"))
    assert left.splitlines()[0] == f"m05 在 {BRANCH} 的任职到 {TODAY} 为止"
    assert "taizhang cycle do nanzhang-2021 hand_over_issue" in left
    assert '"successor": "m02"' in left
    assert burdened.data("people", "show", "m02")["pending"] == [
        {"issue": "nanzhang-2021/1", "person": "m05", "successor": "m02"}
    ]


def test_a_dry_run_of_leaving_tells_whatever_the_leaving_would(people):
    asked = ("people", "leave", "m01", "--unit", BRANCH, "--to", "u-none", "--by", "m01")
    last = ("--last", str(TODAY))

    tried, refused = people(*asked, *last, "--dry-run"), people(*asked, *last)
    assert tried.exit_code == refused.exit_code == 1
    assert tried.stderr == refused.stderr
    for code in ("no_secretary_left", "no_such_unit"):
        assert f"[{code}]" in tried.stderr


def test_who_answers_for_nothing_leaves_freely_and_a_bad_successor_is_wrong_usage(people):
    asked = ("people", "leave", "m05", "--unit", BRANCH, "--last", str(TODAY), "--by", "m01")

    assert said(people(*asked, "--dry-run")) == "m05 没有要移交的问题\n"
    assert people(*asked, "--successor", "4=m02").exit_code == 2
    assert people(*asked).exit_code == 0


def test_a_password_opens_the_account_and_is_never_shown(people):
    asked = ("people", "password", "m05", "--by", "sup", "--stdin", "--login", "wang")
    done = people(*asked, stdin=PASSWORD)

    assert said(done) == "m05 的口令已设置,结束了 0 个登录\n"
    accounts = people.parts.people().accounts
    token = accounts.sign_in("wang", PASSWORD.strip(), address="10.0.0.1")
    assert accounts.begun(token) == ("m05", "given")
    assert "结束了 1 个登录" in said(people(*asked, stdin=PASSWORD))


def test_a_weak_password_opens_no_account(people):
    done = people("people", "password", "m05", "--by", "sup", "--stdin", stdin="short\n")

    assert (done.exit_code, "[password_too_weak]" in done.stderr) == (1, True)
    assert people("people", "account", "m05", "--by", "sup", "--close").exit_code == 1


def test_a_password_is_asked_for_twice(people):
    typed = PASSWORD + PASSWORD
    done = people("people", "password", "m05", "--by", "sup", stdin=typed)

    assert done.exit_code == 0
    assert PASSWORD.strip() not in done.output


def test_a_token_is_shown_once_listed_and_revoked(people):
    said(people("people", "password", "m05", "--by", "sup", "--stdin", stdin=PASSWORD))
    made = people("people", "token", "make", "m05", "--scope", "read", "--by", "m05")
    token = said(made).strip()

    assert people.parts.people().tokens.whose(token, "read_counts") == "m05"
    (row,) = people.data("people", "token", "list", "--person", "m05")
    assert token.split("_")[1] == row["prefix"]
    assert token.split("_", 2)[2] not in json.dumps(row)
    revoke = ("people", "token", "revoke", row["prefix"], "--by", "m05")
    assert said(people(*revoke)) == f"令牌 {row['prefix']} 已撤销\n"
    assert people(*revoke).exit_code == 1


def test_an_account_is_closed_and_opened_again(people):
    said(people("people", "password", "m05", "--by", "sup", "--stdin", stdin=PASSWORD))

    assert said(people("people", "account", "m05", "--close", "--by", "sup")) == (
        "m05 的账号已停用\n"
    )
    assert said(people("people", "account", "m05", "--reopen", "--by", "sup")) == (
        "m05 的账号已恢复\n"
    )
    shown = said(people("people", "show", "m05"))
    assert all(word in shown for word in ("开户", "设置口令", "停用账号", "恢复账号"))


def test_an_identity_is_linked_and_unlinked(people):
    at = ("people", "link", "m05", "--issuer", "https://id.example", "--by", "sup")

    assert said(people(*at, "--subject", "s-1")) == "已关联 m05\n"
    assert people.parts.people().identities.holder("https://id.example", "s-1") == "m05"
    assert said(people(*at, "--lang", "en")) == "m05 is linked there no more\n"
    assert people.parts.people().identities.holder("https://id.example", "s-1") is None


def test_a_notice_that_names_somebody_of_the_unit_is_refused(burdened):
    days = {"first": str(TODAY), "last": str(TODAY + timedelta(days=9))}
    texts = {"problem": {"text": "王五不下社区"}, "measures": {"text": "每周一天"},
             "responsible": {"text": "李四"}}  # fmt: skip
    body = json.dumps({"issue": 1, "audience": "public", **days, **texts})
    drafted = burdened(
        "cycle", "do", "nanzhang-2021", "draft_notice", "--by", "m01", "--json", body,
        "--lang", "en",
    )  # fmt: skip

    assert drafted.exit_code == 1
    assert "the draft has the name of a member of the unit in 1.problem" in drafted.stderr
    assert "1.responsible" not in drafted.stderr
