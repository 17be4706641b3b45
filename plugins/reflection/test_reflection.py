"""What a meeting felt like: optional, anonymous, and hidden while it could be guessed."""

from __future__ import annotations

import sqlite3
from datetime import UTC, date, datetime, timedelta

import pytest

from engine import Delivered, DeliveryContext

from . import on_event
from .__main__ import main
from .refusals import NamesSomebody, NotOpen, TicketNotValid, TooFew
from .sheets import FILE, answer, result, tickets

MEETING = date(2021, 7, 16)
OVER = MEETING + timedelta(days=7)


def closed(folder, cycle: str = "c1") -> None:
    event = Delivered(
        event_id=f"cycle/{cycle}@1", position=1, stream=f"cycle/{cycle}", version=1,
        kind="MeetingClosed", at=datetime(2021, 7, 15, 17, 3, 9, tzinfo=UTC),
        data={"by": "m01"},
    )  # fmt: skip
    context = DeliveryContext(
        plugin="reflection", cycle=cycle, unit="u1", key="reflection/1", folder=folder
    )
    on_event(context, event)


@pytest.fixture
def meeting(tmp_path):
    """A meeting of the sixteenth that was closed."""
    closed(tmp_path)
    return tmp_path


def say(folder, count: int, note: str = "") -> None:
    for ticket in tickets(folder, "c1", count):
        answer(folder, "c1", ticket, sweat=5, warmth=4, note=note, today=MEETING)


def test_four_answers_show_nothing_and_five_show_the_result(meeting):
    say(meeting, 4)
    with pytest.raises(TooFew, match="不满 5 份"):
        result(meeting, "c1", today=OVER)

    say(meeting, 1, "很受触动")
    said = result(meeting, "c1", today=OVER)
    assert (said.answers, said.sweat, said.warmth) == (5, 5.0, 4.0)
    assert said.notes == ("很受触动",)


def test_a_note_does_nothing_to_the_terminal_it_is_shown_on(meeting):
    say(meeting, 5, "[/b] \x1b[31m很受触动\u202e")
    words = [str(meeting), "c1", "result"]

    assert main(words, today=OVER).endswith("[/b] ␛[31m很受触动<U+202E>")


def test_nobody_sees_a_result_while_answers_may_still_come(meeting):
    say(meeting, 9)

    with pytest.raises(NotOpen):
        result(meeting, "c1", today=OVER - timedelta(days=1))


def test_answers_are_taken_for_seven_days_after_the_meeting(meeting):
    first, second = tickets(meeting, "c1", 2)
    answer(meeting, "c1", first, sweat=1, warmth=1, today=OVER - timedelta(days=1))

    for day in (OVER, MEETING - timedelta(days=1)):
        with pytest.raises(NotOpen):
            answer(meeting, "c1", second, sweat=1, warmth=1, today=day)
    with pytest.raises(NotOpen):
        tickets(meeting, "c2", 1)


def test_one_ticket_is_one_answer(meeting):
    (ticket,) = tickets(meeting, "c1", 1)
    answer(meeting, "c1", ticket, sweat=3, warmth=3, today=MEETING)

    for used in (ticket, "0badc0de"):
        with pytest.raises(TicketNotValid):
            answer(meeting, "c1", used, sweat=3, warmth=3, today=MEETING)


def test_the_file_holds_no_person_no_hour_no_ticket_and_no_order(meeting):
    given = tickets(meeting, "c1", 30)
    for number, ticket in enumerate(given):
        answer(meeting, "c1", ticket, sweat=3, warmth=3, note=f"第{number:02}份", today=MEETING)
    database = sqlite3.connect(meeting / FILE)
    columns = [row[1] for row in database.execute("PRAGMA table_info(sheet)")]
    notes = [row[0] for row in database.execute("SELECT note FROM sheet")]

    assert columns == ["id", "cycle", "day", "sweat", "warmth", "note"]
    assert {row[0] for row in database.execute("SELECT day FROM sheet")} == {"2021-07-16"}
    assert notes != sorted(notes)
    assert database.execute("SELECT count(*) FROM ticket").fetchone() == (0,)
    assert not any(ticket.encode() in (meeting / FILE).read_bytes() for ticket in given)


@pytest.mark.parametrize("note", ["找 13800138000", "420300199001011234"])
def test_words_that_name_somebody_are_not_kept_and_the_ticket_stays(meeting, note):
    (ticket,) = tickets(meeting, "c1", 1)
    with pytest.raises(NamesSomebody):
        answer(meeting, "c1", ticket, sweat=3, warmth=3, note=note, today=MEETING)

    answer(meeting, "c1", ticket, sweat=3, warmth=3, today=MEETING)


def test_a_mark_out_of_range_or_an_endless_note_is_refused(meeting):
    (ticket,) = tickets(meeting, "c1", 1)

    for wrong in ({"sweat": 0}, {"warmth": 6}, {"note": "长" * 201}):
        with pytest.raises(ValueError, match="1 to 5"):
            answer(meeting, "c1", ticket, **{"sweat": 3, "warmth": 3, **wrong}, today=MEETING)


def test_a_meeting_told_twice_is_one_reflection(meeting):
    say(meeting, 5)
    closed(meeting)

    assert result(meeting, "c1", today=OVER).answers == 5


def test_people_answer_from_the_command_line(meeting):
    def typed(*words: str, today: date = MEETING) -> str:
        return main([str(meeting), "c1", *words], today=today)

    for ticket in typed("tickets", "5").splitlines():
        assert typed("answer", ticket, "4", "5", "红了脸") == "收到,谢谢 | thank you"

    assert typed("result", today=OVER).startswith("5 份:红脸出汗 4.0,心里热乎 5.0")
    with pytest.raises(SystemExit, match="python -m reflection"):
        typed("who")
    with pytest.raises(SystemExit, match="已用"):
        typed("answer", "00000000", "4", "5")
