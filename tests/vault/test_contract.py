"""What every vault promises: in memory, on SQLite, on PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from pydantic import TypeAdapter

from engine.record import Content
from engine.text import TextRefusedError
from engine.vault.port import (
    KeyDestroyedError,
    KeyReusedError,
    NotAnIdError,
    PurposeMissingError,
    Read,
    UnknownContentError,
)

SECRET = "重业务、轻学习 CANARY"
NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
UNKNOWN = f"sealed:{'0' * 32}:{'0' * 64}"


def test_a_sealed_text_comes_out_for_a_purpose_and_every_reading_is_kept(vault):
    content = vault.seal(SECRET, subject="m05", by="m09")
    other = vault.seal("其他", subject="m06", by="m09")

    assert vault.open(content, reader="m05", purpose="reply") == SECRET
    assert vault.open(content, reader="m01", purpose="report") == SECRET
    assert vault.open(other, reader="m06", purpose="reply") == "其他"

    first, second = vault.reads(subject="m05")
    assert first == Read(content=content, subject="m05", reader="m05", purpose="reply", at=NOON)
    assert (second.reader, second.purpose) == ("m01", "report")
    assert len(vault.reads()) == 3


def test_a_reference_has_the_form_that_events_carry(vault):
    content = vault.seal(SECRET, subject="m05", by="m09")

    assert TypeAdapter(Content).validate_python(content) == content


@pytest.mark.parametrize("purpose", ["", " ", "p", "\ud800", "了解张三的情况"])
def test_nobody_reads_but_for_a_purpose_on_the_list(vault, purpose):
    content = vault.seal(SECRET, subject="m05", by="m09")

    with pytest.raises(PurposeMissingError):
        vault.open(content, reader="m05", purpose=purpose)
    assert vault.reads() == []


def test_names_are_refused_where_ids_are_kept_in_clear_and_not_repeated(vault):
    content = vault.seal(SECRET, subject="m05", by="m09")
    attempts = {
        "subject": lambda: vault.seal("x", subject="张三", by="m09"),
        "by": lambda: vault.seal("x", subject="m05", by="张三"),
        "reader": lambda: vault.open(content, reader="张三", purpose="reply"),
        "reason": lambda: vault.destroy("m05", by="m09", reason="因张三要求"),
    }

    for field, attempt in attempts.items():
        with pytest.raises(NotAnIdError, match=field) as refused:
            attempt()
        assert "张三" not in str(refused.value)


@pytest.mark.parametrize("text", ["", "\ud800", "a\x00", "长" * 400_000])
def test_text_no_store_can_keep_is_refused(vault, text):
    with pytest.raises(TextRefusedError):
        vault.seal(text, subject="m05", by="m09")


def test_text_comes_out_letter_by_letter(vault):
    text = "\ufeff台\u200f账 e\u0301 é 🏮\r\n"
    content = vault.seal(text, subject="m05", by="m09")

    assert vault.open(content, reader="m05", purpose="reply") == text


def test_a_destroyed_key_takes_the_content_along_and_only_that(vault):
    gone = vault.seal(SECRET, subject="m05", by="m09")
    kept = vault.seal("留下", subject="m06", by="m09")
    vault.open(gone, reader="m05", purpose="reply")
    vault.destroy("m05", by="archivist", reason="retention")

    with pytest.raises(KeyDestroyedError):
        vault.open(gone, reader="m05", purpose="reply")
    with pytest.raises(KeyDestroyedError):
        vault.seal("new", subject="m05", by="m09")
    assert vault.open(kept, reader="m06", purpose="reply") == "留下"
    assert [r.content for r in vault.reads(subject="m05")] == [gone]


def test_a_subject_may_be_closed_before_anything_is_sealed_for_it(vault):
    vault.destroy("m05", by="archivist", reason="retention")

    with pytest.raises(KeyDestroyedError):
        vault.seal(SECRET, subject="m05", by="m09")


def test_the_same_key_gives_the_same_reference_and_never_another_text(vault):
    first = vault.seal(SECRET, subject="m05", by="m09", key="c1|content")

    assert vault.seal(SECRET, subject="m05", by="m09", key="c1|content") == first
    with pytest.raises(KeyReusedError):
        vault.seal("other", subject="m05", by="m09", key="c1|content")


def test_keys_of_two_subjects_never_meet(vault):
    first = vault.seal(SECRET, subject="m05", by="m09", key="c1|content")

    assert vault.seal(SECRET, subject="m06", by="m09", key="c1|content") != first


def test_without_a_key_the_same_text_is_sealed_anew(vault):
    first = vault.seal(SECRET, subject="m05", by="m09")

    assert vault.seal(SECRET, subject="m05", by="m09") != first


@pytest.mark.parametrize("content", [UNKNOWN, "", "junk", "sealed:1:2", "张三"])
def test_an_unknown_reference_is_said_to_be_unknown(vault, content):
    with pytest.raises(UnknownContentError):
        vault.open(content, reader="m05", purpose="reply")


KEYED = {"subject": "m05", "by": "m09", "key": "c1|content"}
LATER = NOON.date() + timedelta(days=1)


def test_p22_what_is_withdrawn_is_gone_and_can_be_handed_in_again(vault):
    first = vault.seal(SECRET, **KEYED)
    other = vault.seal("留下", subject="m05", by="m09")
    vault.withdraw([first])
    with pytest.raises(UnknownContentError):
        vault.open(first, reader="m05", purpose="reply")
    again = vault.seal("改写之后", **KEYED)

    assert vault.open(again, reader="m05", purpose="reply") == "改写之后"
    assert vault.open(other, reader="m05", purpose="reply") == "留下"


def test_what_two_have_handed_in_stays_until_both_take_it_back(vault):
    """One of them may have been accepted, and its event carries the text."""
    content = vault.seal(SECRET, **KEYED)
    vault.seal(SECRET, **KEYED)
    vault.withdraw([content])
    assert vault.open(content, reader="m05", purpose="reply") == SECRET
    vault.withdraw([content, UNKNOWN])

    with pytest.raises(UnknownContentError):
        vault.open(content, reader="m05", purpose="reply")


def test_a_destroyed_text_stays_destroyed_when_it_is_withdrawn(vault):
    content = vault.seal(SECRET, **KEYED)
    vault.shred([content], by="engine", reason="retention")
    vault.withdraw([content])

    with pytest.raises(KeyDestroyedError):
        vault.open(content, reader="m05", purpose="reply")
    with pytest.raises(KeyDestroyedError):
        vault.seal(SECRET, **KEYED)


def test_p22_loose_is_what_was_sealed_before_a_day_and_nobody_carries(vault):
    carried, loose = (vault.seal(text, subject="m05", by="m09") for text in ("甲", "乙"))
    gone = vault.seal("丙", subject="m05", by="m09")
    vault.shred([gone], by="engine", reason="retention")

    assert vault.loose([carried], before=LATER) == (loose,)
    assert vault.loose([carried], before=NOON.date()) == ()
