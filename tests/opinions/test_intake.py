"""What the door for answers promises, on SQLite and on PostgreSQL."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from opinions.conftest import BATCH, DAY, KEYS

from engine.opinions.answers.batches import Issue
from engine.opinions.answers.pool import Entry
from engine.opinions.refusals import (
    BatchNotOpen,
    BodyChanged,
    BodyUnknown,
    FormsIssued,
    LinkNotValid,
    LinkUsed,
    NoFormLeft,
    TooManyForms,
)
from engine.opinions.token import drawn, read
from engine.refusal import RefusedForMany
from engine.text import TextRefusedError

FOUR = Issue(body="b01", kind="branch", links=4)


def test_one_link_takes_one_answer_and_the_second_hears_that_it_came(room):
    room.asked(FOUR)
    (link,) = room.links(1)
    room.intake.answer(BATCH, link, "食堂太远", today=DAY)

    with pytest.raises(LinkUsed, match="已经收到"):
        room.intake.answer(BATCH, link, "另一份", today=DAY)
    assert room.texts() == ["食堂太远"]
    assert room.tokens.unused(BATCH) == 0


def test_a_link_is_read_however_it_is_typed(room):
    room.asked(FOUR)
    (link,) = room.links(1)
    typed = link.lower().replace("-", " ").replace("o", "0").replace("b", "8")
    room.intake.answer(BATCH, typed, "", today=DAY)

    assert room.texts() == [""]


@pytest.mark.parametrize("link", ["", "ABCD", "A" * 32, "张三", "\ud800"])
def test_what_is_no_link_is_not_valid(room, link):
    room.asked(FOUR)

    with pytest.raises(LinkNotValid):
        room.intake.answer(BATCH, link, "x", today=DAY)
    assert room.texts() == []


def test_a_link_of_another_batch_or_with_one_wrong_sign_is_not_valid(room):
    room.asked(FOUR)
    (link,) = room.links(1)
    wrong = ("B" if link[5] == "C" else "C").join((link[:5], link[6:]))

    for batch, written in ((BATCH, wrong), (BATCH, drawn(KEYS, "other", 0)), ("nowhere", link)):
        with pytest.raises(LinkNotValid):
            room.intake.answer(batch, written, "x", today=DAY)
    with pytest.raises(LinkNotValid):
        room.intake.answer(BATCH, drawn(KEYS, BATCH, 7), "x", today=DAY)


def test_a_link_that_was_drawn_and_never_given_out_takes_nothing(room):
    room.asked(FOUR)

    with pytest.raises(LinkUsed):
        room.intake.answer(BATCH, drawn(KEYS, BATCH, 0), "x", today=DAY)
    assert room.texts() == []


def test_a_refused_answer_leaves_its_link_good(room):
    room.asked(FOUR)
    (link,) = room.links(1)
    for text in ("\ud800", "a\x00", "长" * 2000):
        with pytest.raises(TextRefusedError):
            room.intake.answer(BATCH, link, text, today=DAY)

    room.intake.answer(BATCH, link, "好", today=DAY)
    assert room.texts() == ["好"]


def test_after_the_batch_is_shut_no_form_is_taken_and_none_issued(room):
    room.asked(FOUR)
    (link,) = room.links(1)
    room.pool.shut(BATCH, today=DAY)

    for attempt in (
        lambda: room.intake.answer(BATCH, link, "x", today=DAY),
        lambda: room.batches.issue(BATCH, [FOUR]),
        lambda: room.pool.enter(BATCH, Entry(body="b01", day=DAY, text="x")),
        lambda: room.pool.keep(BATCH, Entry(body="b01", day=DAY, text="x"), receipt="0" * 32),
    ):
        with pytest.raises(BatchNotOpen, match="共发出 4 份"):
            attempt()
    assert room.texts() == []


def test_eight_answers_with_one_link_at_once_are_one_answer(room):
    room.asked(FOUR)
    (link,) = room.links(1)

    def send(number: int) -> bool:
        try:
            room.intake.answer(BATCH, link, f"第{number}份", today=DAY)
        except LinkUsed:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        taken = [n for n, ok in enumerate(pool.map(send, range(8))) if ok]

    assert room.texts() == [f"第{taken[0]}份"]
    assert len(taken) == 1


def test_paper_forms_are_entered_up_to_the_number_issued(room):
    room.asked(Issue(body="b01", kind="branch", links=2, paper=2))
    for text in ("一", ""):
        room.pool.enter(BATCH, Entry(body="b01", day=DAY, text=text))

    with pytest.raises(NoFormLeft, match="2 份纸质表"):
        room.pool.enter(BATCH, Entry(body="b01", day=DAY, text="三"))
    with pytest.raises(BodyUnknown):
        room.pool.enter(BATCH, Entry(body="b02", day=DAY, text="x"))
    assert room.texts() == ["", "一"]


def test_forms_are_issued_to_every_body_or_to_none(room):
    room.asked(FOUR)

    with pytest.raises(RefusedForMany) as refused:
        room.batches.issue(
            BATCH, [Issue(body="b01", kind="unit", links=1),
                    Issue(body="b02", kind="unit", links=1999)]
        )  # fmt: skip
    assert [type(r) for r in refused.value.reasons] == [BodyChanged, FormsIssued, TooManyForms]
    assert room.batches.get(BATCH).issued == 4


def test_issuing_again_counts_no_form_twice_unless_more_are_asked_for(room):
    room.asked(FOUR)

    with pytest.raises(FormsIssued, match="--more"):
        room.batches.issue(BATCH, [FOUR])
    assert room.batches.get(BATCH).issued == 4
    assert room.batches.issue(BATCH, [FOUR], more=True).issued == 8


def test_p02_an_answer_keeps_the_day_it_came_and_nothing_finer(room):
    room.asked(FOUR)
    (link,) = room.links(1)
    room.intake.answer(BATCH, link, "x", today=DAY)

    (entry,) = room.pool.entries(BATCH).values()
    assert entry == Entry(body="b01", day=DAY, text="x")


def test_a_token_says_its_body_and_its_receipt_is_not_what_the_store_keeps():
    token = read(KEYS, BATCH, drawn(KEYS, BATCH, 53))

    assert token.body == 53
    assert token.receipt not in token.kept.hex()
