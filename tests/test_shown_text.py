"""What people wrote acts on no terminal, and nothing of it is hidden."""

from __future__ import annotations

import json

import pytest

from engine.terminal import escaped, one_line, visible


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("食堂窗口 [/b] 太少", "食堂窗口 [/b] 太少"),
        ("\x1b[2J\x07", "␛[2J␇"),
        ("\x1b]0;title\x9c", "␛]0;title<U+009C>"),
        ("\x9b31m", "<U+009B>31m"),
        ("\x7f\x00\x1f", "␡␀␟"),
        ("已办\r未办", "已办␍未办"),
        ("一\r\n二\n三\t四", "一\n二\n三\t四"),
        ("a\u202eb\u2066c\u2069", "a<U+202E>b<U+2066>c<U+2069>"),
        ("\u2028\udcff", "<U+2028><U+DCFF>"),
        ("é 𠮷 👩‍👩‍👧 \u200f\ufeff", "é 𠮷 👩‍👩‍👧 \u200f\ufeff"),
    ],
)
def test_a_character_that_would_act_is_a_sign_and_every_other_stays(written, shown):
    assert visible(written) == shown


def test_on_one_line_a_break_is_a_sign_too():
    assert one_line("被拒\n已办\t[ok]") == "被拒␊已办␉[ok]"


def test_json_says_the_same_and_acts_on_no_terminal():
    said = {"text": "\x1b[2J\x9b31m\x7f\u202e\u2028 中文"}
    written = json.dumps(said, ensure_ascii=False)

    assert json.loads(escaped(written)) == said
    assert "中文" in escaped(written)
    assert escaped(written) == visible(escaped(written))
