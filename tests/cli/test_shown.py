"""What anybody writes is shown to everybody else letter by letter, and does nothing else."""

from __future__ import annotations

import ast
import json
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

import engine.cli
from engine.cli import show
from engine.cli.story import Story
from engine.cli.words import Words
from engine.scenario.load import find, load

from .test_opinions import COL, CYCLE, codes, ok, prepared
from .test_people import PEOPLE, TREE

WRITTEN = "食堂 [/b] [red]少[/red] \x1b[31m红\x1b]0;x\x07 \x9b2J \u202e反"
SHOWN = "食堂 [/b] [red]少[/red] ␛[31m红␛]0;x␇ <U+009B>2J <U+202E>反"
ACTING = "\x1b\x07\x9b\u202e"


def harmless(printed: str) -> bool:
    return not any(sign in printed for sign in ACTING)


def test_one_answer_hides_no_other_of_its_batch(taizhang, tmp_path):
    shell = prepared(taizhang)
    ok(shell, "issue", "b1", "--cycle", CYCLE, *COL, "--body", "x1", "--links", "2")
    ok(shell, "links", "b1", *COL, "--to", str(tmp_path / "forms.md"))
    given = codes((tmp_path / "forms.md").read_text("utf-8"))
    for code, text in zip(given, (WRITTEN, "停车难"), strict=True):
        ok(shell, "answer", "b1", "--link", code, stdin=text)
    ok(shell, "shut", "b1", *COL)
    read = ok(shell, "read", "b1", *COL)

    assert harmless(read)
    assert ("停车难" in read, "[red]少[/red]" in read, "[/b]" in read) == (True, True, True)
    told = ok(shell, "read", "b1", *COL, "-o", "json")
    assert harmless(told)
    assert WRITTEN in {row["content"] for row in json.loads(told)}


def test_a_table_takes_neither_cells_nor_its_title_for_markup(capsys):
    rows = [{"unit": WRITTEN, "name": "多\n行"}]
    show.listed("table", Words("zh"), WRITTEN, ("unit", "name"), rows, key="unit")
    printed = capsys.readouterr().out

    assert harmless(printed)
    assert printed.startswith(SHOWN)
    assert printed.count(SHOWN) == 2
    show.listed("ids", Words("zh"), "", ("unit",), rows, key="unit")
    assert capsys.readouterr().out == f"{SHOWN}\n"


def test_a_unit_is_listed_by_the_name_it_was_given(taizhang, tmp_path):
    tree, people = tmp_path / "tree.csv", tmp_path / "people.csv"
    tree.write_text(TREE.replace("第二支部", "食堂[/x]支部\x9b2J"), "utf-8")
    people.write_text(PEOPLE, "utf-8")
    done = taizhang("people", "import", str(tree), str(people), "--by", "root")
    assert done.exit_code == 0, done.stderr
    shown = taizhang("people", "list", "--units")

    assert (shown.exit_code, shown.stderr) == (0, "")
    assert "食堂[/x]支部<U+009B>2J" in shown.stdout


def test_a_text_that_is_read_alone_keeps_its_lines_and_nothing_that_acts(taizhang):
    body = json.dumps({"content": {"text": f"{WRITTEN}\n二\t行"}})
    assert taizhang("cycle", "open", "nanzhang").exit_code == 0
    sent = taizhang("cycle", "do", CYCLE, "file_plan", "--by", "m01", "--json", body)
    assert sent.exit_code == 0, sent.stderr
    content = taizhang.parts.ledger().read(limit=9999)[-1].event.data["content"]
    shown = taizhang("vault", "read", content, "--as", "m01", "--purpose", "review")

    assert shown.stdout == f"{SHOWN}\n二\t行\n"


def test_a_refusal_is_one_line_whatever_was_typed(taizhang):
    done = taizhang("cycle", "show", "没有\n已办 [ok]\x1b[2J")

    assert (done.exit_code, len(done.stderr.splitlines())) == (1, 1)
    assert "没有␊已办 [ok]␛[2J" in done.stderr


def test_a_play_is_told_as_its_file_says_and_as_nothing_else(taizhang, tmp_path):
    file = tmp_path / "play.yaml"
    text = find("nanzhang").read_text("utf-8")
    odd = json.dumps(WRITTEN)
    begin, rest = text.split("title:\n  zh: ", 1)
    titled = f"{begin}title:\n  zh: {odd}\n{rest.split(chr(10), 1)[1]}"
    acted = titled.replace("    zh: 服务对象代表逐一发言\n", f"    zh: {odd}\n")
    assert acted != titled
    file.write_text(acted, "utf-8")
    done = taizhang("demo", str(file))

    assert done.exit_code == 0, done.stderr
    assert harmless(done.stdout)
    assert done.stdout.count(SHOWN) == 2


def test_on_a_terminal_the_only_colours_are_our_own(monkeypatch):
    shown = StringIO()
    made = show.Screen(file=shown, force_terminal=True, color_system="standard", width=120)
    monkeypatch.setattr("engine.cli.story.console", lambda: made)
    script = load(find("nanzhang"))
    titled = script.model_copy(
        update={"title": script.title.model_copy(update={"zh": WRITTEN})}
    )
    with Story(Words("zh"), titled):
        pass
    made.print(WRITTEN, style="dim")

    assert f"\x1b[1m{SHOWN}\x1b[0m" in shown.getvalue()
    assert f"\x1b[2m{SHOWN}\x1b[0m" in shown.getvalue()


@pytest.mark.parametrize("called", ["echo", "secho", "print", "Console", "getLogger"])
def test_nothing_is_printed_but_by_the_one_door(called):
    found = [
        f"{file.name}:{node.lineno}"
        for file in Path(engine.cli.__file__).parent.glob("*.py") if file.name != "show.py"
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and (
            (isinstance(node.func, ast.Name) and node.func.id == called != "echo")
            or (
                isinstance(node.func, ast.Attribute) and node.func.attr == called
                and ast.unparse(node.func.value) in ("typer", "click", "rich", "sys.stdout")
            )
        )
    ]  # fmt: skip

    assert not found
    assert issubclass(show.Screen, Console)
