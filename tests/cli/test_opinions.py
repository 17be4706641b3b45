"""Opinions as people handle them: forms out, answers in, coded, counted, told."""

from __future__ import annotations

import json
import re
import stat

import pytest

CYCLE = "nanzhang-2021"
COL = ("--by", "m05")
FORUM = ("--channel", "forum", "--cycle", CYCLE)


def prepared(taizhang):
    """A command line over a cycle in preparation; its room of opinions is opened once."""
    room = taizhang.parts.opinions()
    shell = taizhang.but(opinions=lambda: room)
    plan = '{"content": {"text": "方案"}}'
    for words in (
        ("cycle", "open", "nanzhang"),
        ("cycle", "do", CYCLE, "file_plan", "--by", "m01", "--json", plan),
        ("cycle", "do", CYCLE, "accept_filing", "--by", "sup"),
    ):
        assert shell(*words).exit_code == 0
    return shell


@pytest.fixture
def shell(taizhang):
    return prepared(taizhang)


def ok(shell, *words: str, stdin: str | None = None) -> str:
    done = shell("opinions", *words, stdin=stdin)
    assert (done.exit_code, done.stderr) == (0, "")
    return done.stdout


def refused(shell, *words: str, stdin: str | None = None) -> str:
    done = shell("opinions", *words, stdin=stdin)
    assert (done.exit_code, done.stdout) == (1, ""), done.stdout
    return done.stderr


def codes(printed: str) -> list[str]:
    return sorted(set(re.findall(r"(?:[A-Z2-7]{4}-){7}[A-Z2-7]{4}", printed)))


def answers(shell, batch: str) -> dict[str, str]:
    said = json.loads(ok(shell, "read", batch, *COL, "-o", "json"))
    return {row["content"]: row["answer"] for row in said}


def test_from_the_printed_form_to_the_counts_in_the_cycle(shell, tmp_path):
    ok(shell, "issue", "b1", "--cycle", CYCLE, *COL, "--body", "x1", "--links", "3",
       "--paper", "2")  # fmt: skip
    ok(shell, "links", "b1", *COL, "--to", str(tmp_path / "forms.md"))
    given = codes((tmp_path / "forms.md").read_text("utf-8"))
    for code, text in zip(given, ("会风\n不够实\n", ""), strict=False):
        said = ok(shell, "answer", "b1", "--link", code, stdin=text)
        assert said == "收到,谢谢。没有记下您是谁\n"
    ok(shell, "enter", "b1", *COL, "--body", "x1", stdin="停车难\r\n")
    ok(shell, "shut", "b1", *COL)
    read = answers(shell, "b1")
    assert set(read) == {"会风\n不够实", "停车难", ""}

    coded = ok(
        shell, "code", read["会风\n不够实"], *COL, "--aspect", "style", "--text", "形式多"
    )
    ok(shell, "spoil", read["停车难"], *COL)
    sent = ok(shell, "close", "b1", *COL)

    assert "已受理" in sent
    last = shell.parts.ledger().read(limit=9999)[-1].event
    counts = {k: v for k, v in last.data.items() if k not in ("at", "by", "kind")}
    assert (last.kind, last.command) == ("OpinionBatchClosed", "opinions/b1")
    assert counts == {
        "batch": "b1", "channel": "form", "issued": 5, "returned": 3, "valid": 1, "blank": 1,
        "spoiled": 1, "opinions": 1,
    }  # fmt: skip
    assert re.fullmatch(r"已整理,归入问题 [0-9a-f]{32}\n", coded)
    (row,) = shell.data("opinions", "list", CYCLE)
    assert (row["state"], row["outstanding"], row["returned"]) == ("closed", 2, 3)


def test_the_ledger_hears_nothing_of_an_answer_before_the_batch_is_closed(shell):
    before = shell.parts.ledger().head()
    ok(shell, "issue", "b1", "--cycle", CYCLE, *COL, "--body", "x1", "--paper", "2")
    ok(shell, "enter", "b1", *COL, "--body", "x1", stdin="停车难")
    ok(shell, "shut", "b1", *COL)

    assert shell.parts.ledger().head() == before


def test_p27_each_link_is_printed_once_with_a_plain_notice_in_a_file_of_the_owner(
    shell, tmp_path
):
    file = tmp_path / "forms.md"
    ok(shell, "issue", "b1", "--cycle", CYCLE, *COL, "--body", "x1", "--links", "3")
    ok(shell, "links", "b1", *COL, "--to", str(file), "--site", "https://o.example.org")
    printed = file.read_text("utf-8")

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert len(codes(printed)) == 3
    for told in ("记下的", "谁能看到", "保存多久", "Stored", "Who sees it", "How long", "90",
                 "https://o.example.org", "不满 5 份"):  # fmt: skip
        assert printed.count(told) >= 3
    assert "nothing_to_draw" in refused(shell, "links", "b1", *COL, "--to", f"{file}.2")
    assert not (tmp_path / "forms.md.2").exists()


def test_links_never_overwrite_a_file(shell, tmp_path):
    file = tmp_path / "forms.md"
    file.write_text("kept")
    ok(shell, "issue", "b1", "--cycle", CYCLE, *COL, "--body", "x1", "--links", "1")

    assert "file_not_written" in refused(shell, "links", "b1", *COL, "--to", str(file))
    assert file.read_text() == "kept"
    ok(shell, "links", "b1", *COL, "--to", f"{file}.2")


def test_p27_a_paper_form_has_room_to_write_and_the_notice(shell):
    ok(shell, "issue", "b1", "--cycle", CYCLE, *COL, "--body", "x1", "--paper", "1")
    form = ok(shell, "form", "b1", "x1")

    assert form.startswith("# 征求意见表 · b1 · x1")
    assert [word for word in ("意见:", "Opinion:", "告知", "Notice") if word not in form] == []
    assert codes(form) == []
    assert "没有向 x2 发过表" in refused(shell, "form", "b1", "x2")


def test_54_bodies_come_from_a_table(shell, tmp_path):
    rows = [f"b{n:02},branch,0,4" for n in range(26)]
    rows += [f"u{n:02},unit,{1},{4 if n < 16 else 5}" for n in range(28)]
    (tmp_path / "t.csv").write_text("\ufeffbody,kind,links,paper\n" + "\n".join(rows), "utf-8")
    said = ok(shell, "issue", "b1", "--cycle", CYCLE, *COL, "--bodies", str(tmp_path / "t.csv"))

    assert "256" in said
    assert re.search(r"branch\W+26\W+104", said)
    assert re.search(r"unit\W+28\W+152", said)


def test_every_wrong_row_of_a_table_is_named_and_nothing_issued(shell, tmp_path):
    (tmp_path / "t.csv").write_text(
        "body,kind,links,paper\nx1,branch,1,1\n张三,b,-1,1\nx3,,1,x\n"
    )
    wrong = refused(
        shell, "issue", "b1", "--cycle", CYCLE, *COL, "--bodies", str(tmp_path / "t.csv")
    )

    assert [" ".join(line.split()[:4]) for line in wrong.splitlines()] == [
        "第 3 行 body", "第 3 行 links", "第 4 行 kind", "第 4 行 paper",
    ]  # fmt: skip
    assert "张三" not in wrong
    assert shell.data("opinions", "list") == []
    (tmp_path / "u.csv").write_text("name,kind\nx,y\n")
    assert "表头" in refused(
        shell, "issue", "b1", "--cycle", CYCLE, *COL, "--bodies", str(tmp_path / "u.csv")
    )


@pytest.mark.parametrize(
    "words",
    [
        ("issue", "b2", "--cycle", CYCLE, "--body", "x", "--paper", "1"),
        ("links", "b1", "--to", "/nowhere"),
        ("enter", "b1", "--body", "x1"),
        ("shut", "b1"),
        ("read", "b1"),
        ("close", "b1"),
    ],
    ids=lambda words: words[0],
)
@pytest.mark.parametrize("person", ["m01", "sup", "nobody"])
def test_only_the_collector_handles_opinions(shell, words, person):
    ok(shell, "issue", "b1", "--cycle", CYCLE, *COL, "--body", "x1", "--paper", "1")

    assert "not_the_collector" in refused(shell, *words, "--by", person, stdin="x")


def test_an_answer_is_coded_by_the_collector_alone(shell):
    ok(shell, "issue", "b1", "--cycle", CYCLE, *COL, "--body", "x1", "--paper", "1")
    ok(shell, "enter", "b1", *COL, "--body", "x1", stdin="停车难")
    ok(shell, "shut", "b1", *COL)
    answer = answers(shell, "b1")["停车难"]
    code = ("code", answer, "--aspect", "a", "--text", "车位少")

    for words in (code, ("spoil", answer)):
        assert "not_the_collector" in refused(shell, *words, "--by", "m01")
    problem = ok(shell, *code, *COL).split()[-1]
    reply = ("--text", "下月增设车位")
    assert "not_the_collector" in refused(shell, "out-of-remit", problem, "--by", "m01", *reply)
    assert "not_the_collector" in refused(shell, "explain", problem, "--by", "m07", *reply)
    ok(shell, "explain", problem, "--by", "m01", *reply)


def test_problems_are_read_sealed_or_by_a_reader_on_record_and_replies_go_to_the_channel(shell):
    for batch, text in (("f1", "停车难啊停车难"), ("f2", "找不到车位")):
        ok(shell, "issue", batch, *FORUM, *COL)
        ok(shell, "enter", batch, *COL, "--body", "site", stdin=text)
        ok(shell, "shut", batch, *COL)
    first, second = (
        ok(
            shell, "code", answers(shell, batch)[text], *COL, "--aspect", "site", "--text", put
        ).split()[-1]
        for batch, text, put in (
            ("f1", "停车难啊停车难", "车位少"),
            ("f2", "找不到车位", "停放不便"),
        )
    )
    ok(shell, "merge", first, second, *COL)
    ok(shell, "explain", second, *COL, "--text", "下月增设")
    assert shell.data("opinions", "problems", CYCLE) == []
    assert shell.data("opinions", "replies", CYCLE, "--channel", "forum") == []
    for batch in ("f1", "f2"):
        ok(shell, "close", batch, *COL)

    (sealed,) = shell.data("opinions", "problems", CYCLE)
    assert (sealed["heading"], sealed["channels"]) == ("(密封)", ["forum"])
    (told,) = shell.data("opinions", "replies", CYCLE, "--channel", "forum", "--reader", "m01")
    assert (told["heading"], told["reply"], told["state"]) == (
        "停放不便",
        "下月增设",
        "explained",
    )
    assert shell.data("opinions", "replies", CYCLE, "--channel", "form") == []
    assert {r.reader for r in shell.parts.vault().reads(subject=CYCLE)} == {"m01"}


def test_a_name_is_told_with_a_way_out_and_the_way_out_is_counted(shell):
    ok(shell, "issue", "b1", "--cycle", CYCLE, *COL, "--body", "x1", "--paper", "1")
    ok(shell, "enter", "b1", *COL, "--body", "x1", stdin="去外地的车太少")
    ok(shell, "shut", "b1", *COL)
    answer = answers(shell, "b1")["去外地的车太少"]
    code = ("code", answer, *COL, "--aspect", "a", "--text", "吴江、秦岭的班车不够")

    told = refused(shell, *code).splitlines()
    assert [line.rpartition("加 ")[2] for line in told] == [
        "--no-name 吴江 [names_a_person]", "--no-name 秦岭 [names_a_person]"
    ]  # fmt: skip
    ok(shell, *code, "--no-name", "吴江", "--no-name", "秦岭")
    (problem,) = shell.data("opinions", "problems", CYCLE, *COL)
    assert problem["overruled"] == 2


def test_p03_problems_are_seen_by_others_once_closed_and_without_an_aspect_of_too_few(shell):
    for body in ("x1", "x2"):
        ok(shell, "issue", "b1", "--cycle", CYCLE, *COL, "--body", body, "--paper", "5")
        for n in range(5):
            ok(shell, "enter", "b1", *COL, "--body", body, stdin=f"停车难 {body} {n}")
    ok(shell, "shut", "b1", *COL)
    said = list(answers(shell, "b1").values())
    first = ok(shell, "code", said[0], *COL, "--aspect", "rare", "--text", "灯坏")
    into = ("--problem", ok(
        shell, "code", said[1], *COL, "--aspect", "site", "--text", "车位"
    ).split()[-1])  # fmt: skip
    for answer in said[2:6]:
        ok(shell, "code", answer, *COL, "--aspect", "site", "--text", "车位", *into)
    for answer in said[6:]:
        ok(shell, "code", answer, *COL, "--aspect", "food", "--text", "伙食")

    assert shell.data("opinions", "problems", CYCLE) == []
    assert "not_the_collector" in refused(shell, "problems", CYCLE, "--by", "m01")
    assert len(shell.data("opinions", "problems", CYCLE, *COL)) == 6
    ok(shell, "close", "b1", *COL)
    told = {row["problem"]: row["aspect"] for row in shell.data("opinions", "problems", CYCLE)}
    assert told[first.split()[-1].strip()] is None
    assert told[into[1].strip()] == "site"


def test_p02_while_answers_come_in_nobody_sees_how_many_did(shell):
    ok(shell, "issue", "b1", "--cycle", CYCLE, *COL, "--body", "x1", "--paper", "3")
    (before,) = shell.data("opinions", "list", CYCLE)
    said = ok(shell, "enter", "b1", *COL, "--body", "x1", stdin="停车难")
    (after,) = shell.data("opinions", "list", CYCLE)

    assert said == "已录入(x1)\n"
    assert before == after
    assert (after["issued"], after["returned"], after["valid"]) == (3, None, None)
    ok(shell, "shut", "b1", *COL)
    (shut,) = shell.data("opinions", "list", CYCLE)
    assert (shut["returned"], shut["outstanding"], shut["uncoded"]) == (1, 2, 1)


def test_results_are_for_closed_batches_and_large_groups(shell):
    for body, paper in (("x1", "4"), ("x2", "6")):
        ok(shell, "issue", "b1", "--cycle", CYCLE, *COL, "--body", body, "--paper", paper)
        for n in range(int(paper)):
            ok(shell, "enter", "b1", *COL, "--body", body, stdin=f"停车难 {body} {n}")
    assert "batch_not_closed" in refused(shell, "results", "b1")
    ok(shell, "shut", "b1", *COL)
    for answer in answers(shell, "b1").values():
        ok(shell, "code", answer, *COL, "--aspect", "site", "--text", "车位")
    ok(shell, "close", "b1", *COL)

    assert shell.data("opinions", "results", "b1") == [
        {"aspect": "", "answers": 10, "bodies": ["x1", "x2"]}
    ]
    assert ok(shell, "results", "b1", "--kind", "branch") == "10 份\n"
    for query in (("--body", "x1"), ("--body", "x2"), ("--without", "x1")):
        assert "人数太少" in refused(shell, "results", "b1", *query)
    assert (
        "Too few"
        in refused(shell, "results", "b1", "--body", "x1", "--lang", "en").capitalize()
    )


@pytest.mark.parametrize(
    ("link", "text", "code"),
    [("ABCD", "x", "link_not_valid"), (None, "长" * 2000, "4096"), (None, "a\x00", "U+0000")],
)
def test_a_respondent_hears_what_is_wrong(shell, tmp_path, link, text, code):
    ok(shell, "issue", "b1", "--cycle", CYCLE, *COL, "--body", "x1", "--links", "1")
    ok(shell, "links", "b1", *COL, "--to", str(tmp_path / "f.md"))
    (good,) = codes((tmp_path / "f.md").read_text("utf-8"))

    assert code in refused(shell, "answer", "b1", "--link", link or good, stdin=text)
    ok(shell, "answer", "b1", stdin=f"{good}\n好")
    assert "link_used" in refused(shell, "answer", "b1", "--link", good, stdin="再")


def test_a_batch_that_the_cycle_refused_is_closed_by_closing_it_again(shell):
    ok(shell, "issue", "f1", *FORUM, *COL)
    ok(shell, "shut", "f1", *COL)
    absent = shell.without_server()
    assert absent("opinions", "close", "f1", *COL).exit_code == 3

    first = ok(shell, "close", "f1", *COL)
    assert "已受理" in first
