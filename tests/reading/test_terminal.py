"""The same acts as a person types them, in both languages."""

from __future__ import annotations

import pytest
from cli.conftest import terminal
from streams import Told, ledger_of


@pytest.fixture
def shell(tmp_path):
    made = terminal(tmp_path, ())
    made.content = made.parts.vault().seal("窗口等候", subject="c-1", by="m01")
    told = Told("c-1", "x.1").on(2021, 7, 12).found(1, content=made.content)
    ledger_of(told, into=made.parts.ledger())
    return made


def test_a_text_is_read_and_the_audit_says_so_without_it(shell):
    asked = ("vault", "read", shell.content, "--as", "m02", "--purpose")
    assert shell(*asked, "rectify").stdout == "窗口等候\n"
    assert shell(*asked, "好奇").exit_code == 1
    listed = shell("vault", "audit", "list", "--lang", "en").stdout

    assert "m02" in listed
    assert "窗口" not in listed
    assert shell.data("vault", "audit", "list")[0]["purpose"] == "rectify"
    assert "1" in shell("vault", "audit", "verify").stdout
    assert shell("vault", "audit", "verify", "--expect", f"9:{'0' * 64}").exit_code == 1


def test_the_glass_is_broken_by_two(shell):
    ask = ("vault", "glass", "ask", "--by", "sup", "--reason", "信访", "--content")
    assert shell(*ask, shell.content, "--hours", "25").exit_code == 1
    assert shell(*ask, shell.content, "--hours", "2").exit_code == 0
    (grant,) = shell.data("vault", "glass", "list")
    agree = ("vault", "glass", "agree", grant["id"], "--by")
    alone = shell(*agree, "sup", "--lang", "en")
    assert "takes two persons" in alone.stderr
    assert shell(*agree, "m01").exit_code == 0

    assert shell.data("vault", "glass", "list")[0]["state"] == "in_force"
    read = ("vault", "read", shell.content, "--as", "sup", "--purpose", "break_glass")
    assert shell(*read).stdout == "窗口等候\n"


def test_erasing_asks_first(shell):
    done = shell("vault", "erase", "m02", "--by", "sup", stdin="n\n")

    assert done.exit_code == 1
    assert shell("vault", "erase", "m02", "--by", "sup", "--yes").exit_code == 1
    assert shell.parts.vault().open(shell.content, reader="m01", purpose="rectify")
