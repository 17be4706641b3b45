"""From a shut batch to its counts: coded, merged, explained, closed."""

from __future__ import annotations

import pytest
from opinions.conftest import BATCH, DAY

from engine.opinions.answers.batches import Issue
from engine.opinions.answers.pool import Entry
from engine.opinions.batch import Tally
from engine.opinions.concerned import replies, seen
from engine.opinions.refusals import (
    AnswerEmpty,
    AnswerUnknown,
    BatchHasNoForms,
    BatchNotCoded,
    BatchNotInCoding,
    BatchNotOpen,
    BatchTaken,
    MergedWithItself,
    NamesSomebody,
    NotABatchName,
    ProblemSettled,
    ProblemUnknown,
    TooMuchOfTheOriginal,
)
from engine.refusal import Refused

SAID = "食堂离工地太远,中午来不及吃饭 CANARY"
PUT = "就餐不便"


def opinion(room, text: str = SAID, *, batch: str = BATCH, body: str = "b01") -> str:
    """Shut a batch with one paper form and return the answer on it."""
    room.asked(Issue(body=body, kind="branch", paper=1), batch=batch)
    room.pool.enter(batch, Entry(body=body, day=DAY, text=text))
    room.shut(batch)
    return room.answers.of(batch)[0].id


def test_256_forms_add_up_by_kind_and_a_257th_is_refused(room):
    branches = [Issue(body=f"b{n:02}", kind="branch", paper=4) for n in range(26)]
    units = [Issue(body=f"u{n:02}", kind="unit", paper=5 if n < 16 else 6) for n in range(28)]
    room.asked(*branches, *units)

    asked = room.batches.get(BATCH)
    assert asked.by_kind() == {"branch": (26, 104), "unit": (28, 152)}
    assert asked.issued == 256

    room.shut()
    with pytest.raises(BatchNotOpen, match="共发出 256 份"):
        room.batches.issue(BATCH, [Issue(body="b00", kind="branch", paper=1)])
    assert room.coding.tally(BATCH) == Tally(issued=256)
    assert room.coding.tally(BATCH).outstanding == 256


def test_what_is_returned_is_the_sum_of_its_parts_at_every_stage(room):
    room.asked(Issue(body="b01", kind="branch", links=3, paper=4))
    for link, text in zip(room.links(3), ("一二三", "", "四五六"), strict=True):
        room.intake.answer(BATCH, link, text, today=DAY)
    for text in ("七八九", " "):
        room.pool.enter(BATCH, Entry(body="b01", day=DAY, text=text.strip()))
    assert room.coding.tally(BATCH) == Tally(issued=7, uncoded=5)

    room.shut()
    assert room.coding.tally(BATCH) == Tally(issued=7, uncoded=3, blank=2)

    first, second, third = (a.id for a in room.answers.of(BATCH) if a.standing == "uncoded")
    room.coding.spoil(first)
    problem = room.coding.code(second, PUT, by="col", aspect="food")
    room.coding.code(second, "排队", by="col", aspect="food", problem=problem)
    with pytest.raises(BatchNotCoded, match="还有 1 份"):
        room.coding.close(BATCH, today=DAY)
    room.coding.code(third, PUT, by="col", aspect="food", problem=problem)

    closed = room.coding.close(BATCH, today=DAY)
    assert closed == Tally(issued=7, valid=2, blank=2, spoiled=1, opinions=3)
    assert (closed.returned, closed.outstanding) == (5, 2)
    assert room.coding.close(BATCH, today=DAY) == closed


def test_forum_opinions_are_counted_apart_from_forms(room):
    for batch, site, count in (("beijing", "s-bj", 9), ("yunnan", "s-yn", 7)):
        room.batches.open(batch, cycle="c1", channel="forum", k=5, today=DAY)
        room.batches.place(batch, site)
        for n in range(count):
            room.pool.enter(batch, Entry(body=site, day=DAY, text=f"第{n}条,工地路不好走"))
        room.shut(batch)
        for answer in room.answers.of(batch):
            room.coding.code(answer.id, "出行", by="col", aspect="site")
        assert room.coding.close(batch, today=DAY) == Tally(opinions=count)


@pytest.mark.parametrize("aspect", ["张建国", "", "Study", "a b"])
def test_an_aspect_is_an_id_and_never_a_text(room, aspect):
    room.batches.open("beijing", cycle="c1", channel="forum", k=5, today=DAY)
    room.batches.place("beijing", "s-bj")
    room.pool.enter("beijing", Entry(body="s-bj", day=DAY, text="工地路不好走"))
    room.shut("beijing")
    (answer,) = room.answers.of("beijing")

    with pytest.raises(Refused) as refused:
        room.coding.code(answer.id, "出行", by="col", aspect=aspect)
    assert [reason.code for reason in refused.value.reasons] == ["aspect_not_an_id"]
    assert room.codings.problems("c1") == ()


def test_a_forum_has_no_forms_to_issue(room):
    room.batches.open("beijing", cycle="c1", channel="forum", k=5, today=DAY)

    with pytest.raises(BatchHasNoForms):
        room.batches.issue("beijing", [Issue(body="s-bj", kind="site", paper=1)])


def test_one_opinion_by_form_and_by_forum_is_one_problem_with_two_sources(room):
    answer = opinion(room)
    form = room.coding.code(answer, PUT, by="col", aspect="food")
    room.batches.open("forum", cycle="c1", channel="forum", k=5, today=DAY)
    room.batches.place("forum", "s-bj")
    room.pool.enter("forum", Entry(body="s-bj", day=DAY, text="吃饭要走两里路"))
    room.shut("forum")
    forum = room.coding.code(room.answers.of("forum")[0].id, "用餐远", by="col", aspect="food")
    room.coding.merge(forum, form)

    merged, kept = sorted(room.codings.problems("c1"), key=lambda p: len(p.sources))
    assert (kept.id, kept.sources) == (form, {"form": 1, "forum": 1})
    assert (merged.state, merged.merged_into, merged.sources) == ("merged", form, {"forum": 1})
    assert room.coding.tally(BATCH).opinions + room.coding.tally("forum").opinions == 2


def test_a_chain_of_mergers_keeps_every_source(room):
    answer = opinion(room)
    first, second, third = (
        room.coding.code(answer, text, by="col", aspect="food") for text in ("甲", "乙", "丙")
    )
    room.coding.merge(first, second)
    room.coding.merge(second, third)

    sources = {p.id: p.sources for p in room.codings.problems("c1")}
    assert sources == {first: {"form": 1}, second: {"form": 2}, third: {"form": 3}}
    with pytest.raises(ProblemSettled):
        room.coding.merge(third, first)
    with pytest.raises(MergedWithItself):
        room.coding.merge(third, third)


def test_p04_whoever_is_concerned_never_reads_the_original(room):
    answer = opinion(room)
    for copied in (SAID, f"有人说{SAID}", "食堂 离工地太远,中午来", SAID.lower()):
        with pytest.raises(TooMuchOfTheOriginal):
            room.coding.code(answer, copied, by="col", aspect="food")
    room.coding.code(answer, PUT, by="col", aspect="food")
    (shown,) = seen(room.codings.problems("c1"))
    read = room.vault.open(shown.heading, reader="m05", purpose="rectify")

    assert (read, shown.channels) == (PUT, ("form",))
    assert set(shown.model_dump()) == {
        "problem", "aspect", "heading", "channels", "state", "issue", "reply", "overruled",
    }  # fmt: skip
    assert "CANARY" not in str(shown) + read


def test_a_short_original_is_not_repeated_whole(room):
    answer = opinion(room, "饭难吃")

    with pytest.raises(TooMuchOfTheOriginal):
        room.coding.code(answer, "饭难吃的问题", by="col", aspect="food")
    room.coding.code(answer, "伙食", by="col", aspect="food")


def test_numbers_addresses_and_illness_are_taken_out_at_coding(room):
    answer = opinion(room, "老王(13900139000)得了肝炎")

    with pytest.raises(NamesSomebody, match="手机号"):
        room.coding.code(answer, "找 13800138000", by="col", aspect="food")
    problem = room.coding.code(answer, "职工健康", by="col", aspect="care")
    with pytest.raises(NamesSomebody, match="reply"):
        room.coding.explain(problem, "请联系 13800138000", by="m01")


def test_the_collector_reads_originals_and_every_reading_is_kept(room):
    opinion(room)
    ((answer, text),) = room.coding.originals(BATCH, reader="col")

    assert text == SAID
    (read,) = room.vault.reads(subject=f"opinions.{BATCH}")
    assert (read.content, read.reader, read.purpose) == (
        answer.original,
        "col",
        "coding",
    )


def test_an_explanation_is_told_to_every_channel_the_problem_came_through(room):
    problem = room.coding.code(opinion(room), PUT, by="col", aspect="food")
    other = room.coding.code(room.answers.of(BATCH)[0].id, "路远", by="col", aspect="road")
    room.coding.explain(problem, "新食堂九月启用", by="m01")
    room.coding.rule_out(other, "道路由市政管理,已转告", by="col")
    told = {s.state: s for s in replies(room.codings.problems("c1"), "form")}

    assert set(told) == {"explained", "out_of_remit"}
    reply = room.vault.open(told["explained"].reply, reader="m01", purpose="reply")
    assert reply == "新食堂九月启用"
    assert replies(room.codings.problems("c1"), "forum") == ()
    with pytest.raises(ProblemSettled, match="explained"):
        room.coding.explain(problem, "再说一遍", by="m01")


def test_what_is_not_there_or_not_in_turn_is_refused(room):
    answer = opinion(room, "")
    problem = room.coding.code(opinion(room, batch="other"), PUT, by="col", aspect="food")
    spoiled = opinion(room, batch="third")
    room.coding.spoil(spoiled)
    closed = room.answers.of("other")[0].id
    room.coding.close("other", today=DAY)

    for refusal, attempt in (
        (AnswerEmpty, lambda: room.coding.code(answer, PUT, by="col", aspect="food")),
        (AnswerEmpty, lambda: room.coding.code(spoiled, PUT, by="col", aspect="food")),
        (AnswerEmpty, lambda: room.coding.spoil(answer)),
        (AnswerUnknown, lambda: room.coding.code("0" * 32, PUT, by="col", aspect="food")),
        (AnswerUnknown, lambda: room.coding.spoil("0" * 32)),
        (BatchNotInCoding, lambda: room.coding.code(closed, PUT, by="col", aspect="food")),
        (BatchNotInCoding, lambda: list(room.coding.originals("other", reader="col"))),
        (ProblemUnknown, lambda: room.coding.merge(problem, "0" * 32)),
        (ProblemUnknown, lambda: room.coding.explain("0" * 32, "x", by="m01")),
        (NotABatchName, lambda: room.asked(batch="张三")),
        (
            BatchTaken,
            lambda: room.batches.open(BATCH, cycle="c2", channel="form", k=5, today=DAY),
        ),
    ):
        with pytest.raises(refusal):
            attempt()


def test_an_answer_with_an_opinion_is_not_spoiled(room):
    answer = opinion(room)
    room.coding.code(answer, PUT, by="col", aspect="food")

    with pytest.raises(AnswerEmpty):
        room.coding.spoil(answer)


def test_a_problem_of_another_cycle_takes_no_opinion(room):
    answer = opinion(room)
    room.batches.open("far", cycle="c2", channel="forum", k=5, today=DAY)
    room.batches.place("far", "s")
    room.pool.enter("far", Entry(body="s", day=DAY, text="别处的意见"))
    room.shut("far")
    far = room.coding.code(room.answers.of("far")[0].id, "其他", by="col", aspect="food")
    near = room.coding.code(answer, PUT, by="col", aspect="food")

    with pytest.raises(ProblemUnknown):
        room.coding.code(answer, PUT, by="col", aspect="food", problem=far)
    with pytest.raises(ProblemUnknown):
        room.coding.merge(near, far)
