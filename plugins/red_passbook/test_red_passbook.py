"""Points by published rules, entered by one registrar, and nothing is ever erased."""

from __future__ import annotations

import re
import sqlite3
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from engine import Delivered, DeliveryContext

from . import commands as c, on_event, refusals as r, register_event_types
from .__main__ import main
from .book import Book, evolve, fold
from .decide import DECIDE, decide
from .pages import board, passbook, wechat
from .store import FILE, read, write

DAY = date(2021, 7, 1)
OPEN = c.OpenPassbook(by="sec", registrar="reg")
RULES = c.PublishRules(by="reg", rules={"study_held": 2, "measure_done": 3}, effective=DAY)


def post(day: date = DAY, by: str = "reg", person: str = "m1", act: str = "study_held"):
    return c.PostPoints(by=by, person=person, act=act, day=day)


def after(*commands: c.Command, today: date = DAY, book: Book | None = None) -> Book:
    book = book or Book()
    for command in commands:
        for event in decide(book, command, today=today):
            book = evolve(book, event)
    return book


FOUR = (OPEN, RULES, post(), post(), post(), post())


def test_four_acts_of_two_points_are_eight():
    assert after(*FOUR).total("m1") == 8


def test_eight_points_do_not_redeem_ten():
    with pytest.raises(r.NotEnoughPoints) as refusal:
        after(*FOUR, c.RedeemPoints(by="reg", person="m1", points=10))

    assert (refusal.value.held, refusal.value.needed) == (8, 10)
    assert str(refusal.value) == "现有 8 分,需要 10 分 | 8 points held, 10 needed"


def test_what_is_redeemed_is_held_no_more():
    book = after(*FOUR, c.RedeemPoints(by="reg", person="m1", points=6))

    assert book.total("m1") == 2


@pytest.mark.parametrize(("said", "what"), [({"what": "towel"}, "towel"), ({}, "unsaid")])
def test_it_is_on_record_what_points_were_given_for(said, what):
    (given,) = decide(
        after(*FOUR), c.RedeemPoints(by="reg", person="m1", points=6, **said), today=DAY
    )

    assert given.what == what


def test_a_redemption_of_before_that_was_recorded_counts_as_it_did(tmp_path):
    write(tmp_path, OPEN, today=DAY)
    with sqlite3.connect(tmp_path / FILE) as database:
        database.execute(
            "INSERT INTO event (kind, data) VALUES ('red_passbook.PointsRedeemed',"
            """ '{"by": "reg", "on": "2021-07-01", "person": "m1", "points": 3}')"""
        )

    assert read(tmp_path).redeemed == {"m1": 3}


@pytest.mark.parametrize(
    "command",
    [
        post(by="sec"),
        RULES.model_copy(update={"by": "m1"}),
        c.ReversePoints(by="m1", entry=1),
        c.RedeemPoints(by="m1", person="m1", points=2),
        c.PublishPoints(by="m2"),
        c.NameRegistrar(by="reg", registrar="m1"),
    ],
    ids=lambda command: type(command).__name__,
)
def test_a_second_user_is_forbidden(command):
    with pytest.raises(r.Forbidden, match="forbidden for"):
        after(*FOUR, command)


@pytest.mark.parametrize(
    "command",
    [
        post(person="reg"),
        c.ReversePoints(by="reg", entry=1),
        c.RedeemPoints(by="reg", person="reg", points=1),
    ],
    ids=lambda command: type(command).__name__,
)
def test_p12_the_registrar_writes_nothing_in_the_own_passbook(command):
    book = after(OPEN, RULES, post(person="reg").model_copy(update={"source": "cycle/c1@1"}))
    assert book.total("reg") == 2

    with pytest.raises(r.OwnEntry, match="the secretary names another"):
        after(command, book=book)
    assert after(c.NameRegistrar(by="sec", registrar="new"), post(by="new", person="reg"),
                 book=book).total("reg") == 4  # fmt: skip


def test_p15_a_publication_ranks_nobody():
    book = after(OPEN, RULES, post(person="m1"), post(person="m2"), post(person="m2"))

    assert list(book.totals()) == ["m1", "m2"]


def test_a_new_registrar_writes_and_the_old_one_no_longer():
    book = after(*FOUR, c.NameRegistrar(by="sec", registrar="new"))

    assert after(post(by="new"), book=book).total("m1") == 10
    with pytest.raises(r.Forbidden):
        after(post(), book=book)


def test_p17_rules_are_published_before_they_are_used():
    with pytest.raises(r.RulesNotPublished):
        after(OPEN, post())
    with pytest.raises(r.RulesFromThePast):
        after(OPEN, RULES, today=date(2021, 7, 2))
    with pytest.raises(r.RulesNotPublished):
        after(OPEN, RULES, post(date(2021, 6, 30)))
    with pytest.raises(r.ActNotInRules):
        after(OPEN, RULES, post(act="singing"))


def test_p17_a_changed_rule_does_not_alter_past_entries():
    later = date(2021, 8, 1)
    changed = RULES.model_copy(update={"rules": {"study_held": 5}, "effective": later})
    book = after(changed, post(later), post(DAY), book=after(*FOUR), today=later)

    assert [entry.posted.points for entry in book.entries] == [2, 2, 2, 2, 5, 2]
    assert [entry.posted.version for entry in book.entries] == [1, 1, 1, 1, 2, 1]


def test_a_correction_is_a_reversal_and_the_entry_stays_readable():
    book = after(*FOUR, c.ReversePoints(by="reg", entry=2))

    assert book.total("m1") == 6
    assert "2. 2021-07-01 study_held +2(第 1 版) 已冲正" in passbook(book, "m1")
    with pytest.raises(r.NoSuchEntry):
        after(c.ReversePoints(by="reg", entry=2), book=book)


def test_p17_a_member_disputes_an_own_entry_within_the_window():
    disputed = c.DisputePoints(by="m1", entry=1)

    assert after(*FOUR, disputed).entries[0].dispute == "open"
    with pytest.raises(r.Forbidden):
        after(*FOUR, c.DisputePoints(by="m2", entry=1))
    assert after(disputed, book=after(*FOUR), today=date(2021, 7, 11))
    with pytest.raises(r.NotDisputable, match="10"):
        after(disputed, book=after(*FOUR), today=date(2021, 7, 12))


@pytest.mark.parametrize(("upheld", "total"), [(True, 6), (False, 8)])
def test_another_than_the_registrar_decides_a_dispute(upheld, total):
    book = after(*FOUR, c.DisputePoints(by="m1", entry=1))
    decision = c.DecideDispute(by="sec", entry=1, upheld=upheld)

    assert after(decision, book=book).total("m1") == total
    with pytest.raises(r.Forbidden):
        after(decision.model_copy(update={"by": "reg"}), book=book)


def test_both_channels_show_the_same_totals_even_after_later_entries():
    book = after(*FOUR, post(person="m2", act="measure_done"), c.PublishPoints(by="reg"))
    book = after(post(), book=book)
    shown = re.findall(r"^(m\d):(\d+) 分$", wechat(book, 1), re.MULTILINE)

    assert shown == [("m1", "8"), ("m2", "3")]
    assert re.findall(r"<td>(m\d)</td><td>(\d+)</td>", board(book, 1)) == shown


def test_p17_a_rating_never_follows_points():
    manifest = (Path(__file__).parent / "plugin.toml").read_text("utf-8")

    assert 'hooks = ["on_event", "register_event_types"]' in manifest
    assert not {"grade", "rating"} & {f.name for t in register_event_types() for f in t.fields}


def test_every_command_is_decided():
    assert {*DECIDE, c.OpenPassbook} == set(c.COMMANDS.values())


def test_every_event_is_named_as_the_plugins_own():
    kinds = [type_.kind for type_ in register_event_types()]

    assert len(kinds) == 11
    assert all(kind.startswith("red_passbook.") for kind in kinds)


def test_the_file_takes_rows_and_gives_none_back(tmp_path):
    write(tmp_path, OPEN, today=DAY)
    database = sqlite3.connect(tmp_path / FILE)

    for change in ("DELETE FROM event", "UPDATE event SET data = '{}'"):
        with pytest.raises(sqlite3.IntegrityError, match="only added to"):
            database.execute(change)
    assert read(tmp_path).registrar == "reg"


def test_what_is_refused_leaves_nothing_behind(tmp_path):
    write(tmp_path, OPEN, today=DAY)
    with pytest.raises(r.RulesNotPublished):
        write(tmp_path, post(), today=DAY)

    assert read(tmp_path) == fold(decide(Book(), OPEN, today=DAY))


def told(folder, kind: str, number: int = 1, **data) -> None:
    event = Delivered(
        event_id=f"cycle/c1@{number}", position=number, stream="cycle/c1", version=number,
        kind=kind, at=datetime(2021, 7, 1, 17, tzinfo=UTC), data={"by": "m3", **data},
    )  # fmt: skip
    key = f"red_passbook/{event.event_id}"
    on_event(
        DeliveryContext(plugin="red_passbook", cycle="c1", unit="u1", key=key, folder=folder),
        event,
    )


STUDY = {"held_on": "2021-07-01", "participants": ["m1", "m2"]}


@pytest.fixture
def kept(tmp_path):
    for command in (OPEN, RULES):
        write(tmp_path, command, today=DAY)
    return tmp_path


def test_published_rules_give_points_for_what_the_ledger_holds(kept):
    told(kept, "StudyHeld", 1, **STUDY)
    told(kept, "MeasureDone", 2, issue=1)
    book = read(kept)

    assert book.totals() == {"m1": 2, "m2": 2, "m3": 3}
    assert [entry.posted.source for entry in book.entries] == [
        "cycle/c1@1", "cycle/c1@1", "cycle/c1@2",
    ]  # fmt: skip
    assert book.entries[2].posted.day == date(2021, 7, 2)


def test_an_event_that_comes_again_gives_nothing_more(kept):
    for _ in range(3):
        told(kept, "StudyHeld", 1, **STUDY)

    assert read(kept).totals() == {"m1": 2, "m2": 2}


def test_without_rules_for_the_day_or_without_a_passbook_nothing_is_given(kept, tmp_path):
    told(kept, "StudyHeld", 1, **{**STUDY, "held_on": "2021-06-30"})
    empty = tmp_path / "empty"
    empty.mkdir()
    told(empty, "StudyHeld", 1, **STUDY)

    assert read(kept).entries == read(empty).entries == ()


def test_the_registrar_works_from_the_command_line(tmp_path):
    def typed(line: str) -> str:
        return main([str(tmp_path), *line.split()], today=DAY)

    typed("open by=sec registrar=reg")
    typed('rules by=reg effective=2021-07-01 rules={"study_held":2}')
    for _ in range(4):
        typed("post by=reg person=m1 act=study_held day=2021-07-01")
    typed("publish by=reg")

    assert "m1:8 分" in typed("wechat")
    assert "<td>8</td>" in typed("board")
    assert typed("show person=m1").endswith("现有 8 分")
    for wrong, said in [
        ("post by=m2 person=m1 act=study_held day=2021-07-01", "forbidden for m2"),
        ("redeem by=reg person=m1 points=10", "8 points held, 10 needed"),
        ("post by=reg", "Field required"),
        ("post by=reg person=reg act=study_held day=2021-07-01 source=x", "nobody types it"),
        ("paint", "python -m red_passbook"),
    ]:
        with pytest.raises(SystemExit, match=said):
            typed(wrong)
