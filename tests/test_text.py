"""The door for text."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from engine.text import TextRefusedError, checked_text


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("\ud800", "character 1 is half"),
        ("台账\udfff", "character 3 is half"),
        ("a\x00", "U\\+0000"),
        ("长" * 6, "18 bytes long, the limit is 17"),
        ("", "empty"),
        (" \n", "empty"),
    ],
)
def test_text_that_no_store_can_keep_is_refused_in_both_languages(text, why):
    with pytest.raises(TextRefusedError, match=rf" \| .*{why}"):
        checked_text(text, limit_bytes=17)


@pytest.mark.parametrize("text", ["\ufeff台账", "\u200f台", "e\u0301", "é", "a" * 17, "🏮"])
def test_marks_and_normal_forms_pass_unchanged(text):
    assert checked_text(text, limit_bytes=17) == text


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1))
def test_whatever_utf8_carries_passes_unchanged_or_is_blank(text):
    if text.strip():
        assert checked_text(text, limit_bytes=1_000_000) == text


def test_the_message_never_quotes_the_text():
    with pytest.raises(TextRefusedError) as refused:
        checked_text("CANARY" * 9, limit_bytes=17)

    assert "CANARY" not in str(refused.value)
