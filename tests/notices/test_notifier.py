"""One digest a person and day, in the order of the ledger, at least once."""

from __future__ import annotations

import multiprocessing
import os
import re

import pytest
import sqlalchemy as sa

from engine.ledger.alone import alone
from engine.ledger.sql import open_ledger
from engine.notices.deliveries import SEND_LOCK, TRIES
from engine.notices.filed import FilePost
from engine.notices.notifier import Notifier
from engine.notices.port import AddressMissingError
from engine.notices.tables import CHECKPOINT

from .samples import SEALED, TOLD, InMemoryPost, Stream, planned

MORNING, NOON = "2026-01-05T00:10:00Z", "2026-01-05T04:00:00Z"
NEXT_DAY = "2026-01-06T00:10:00Z"


def keys(post):
    return [digest.key for digest in post.got]


def test_what_a_day_has_to_tell_a_person_goes_out_as_one_message(desk):
    event = Stream()
    desk.ledger.append([event("MassRejected", MORNING, "m01", "m02")])
    desk.ledger.append([event("LookBackDue", MORNING, "m01", **TOLD["LookBackDue"])])
    sent = desk.send()

    assert sent.sent == ("m01/2026-01-05", "m02/2026-01-05")
    first = desk.post.got[0]
    assert first.subject == "【台账】2026-01-05 提醒 2 条 | [Taizhang] 2 notices of 2026-01-05"
    assert first.body.index("群众不认可") < first.body.index("该回头看了")
    assert first.body.endswith("编号 m01/2026-01-05 | no. m01/2026-01-05\n")


def test_a_digest_waits_for_half_past_eight_local_time(desk):
    desk.ledger.append([Stream()("MassRejected", "2026-01-04T18:00:00Z", "m01")])

    assert desk.send("2026-01-05T08:29:59+08:00").sent == ()
    assert desk.send("2026-01-05T08:30:00+08:00").sent == ("m01/2026-01-05",)


def test_what_comes_after_the_digest_joins_that_of_the_next_day(desk):
    event = Stream()
    desk.ledger.append([event("MassRejected", MORNING, "m01")])
    desk.send()
    desk.ledger.append([event("LookBackDue", NOON, "m01")])
    desk.ledger.append([event("LookBackDue", NEXT_DAY, "m01")])

    assert desk.send("2026-01-06T08:29:00+08:00").sent == ()
    assert desk.send("2026-01-06T08:30:00+08:00").sent == ("m01/2026-01-06",)
    assert re.findall(r"^\d\. ", desk.post.got[1].body, re.MULTILINE)[:2] == ["1. ", "2. "]


def test_an_event_of_an_earlier_day_written_late_never_overtakes(desk):
    event = Stream()
    desk.ledger.append([event("MassRejected", NEXT_DAY, "m01")])
    desk.ledger.append([event("LookBackDue", MORNING, "m01")])

    assert desk.send("2026-01-06T09:00:00+08:00").sent == ("m01/2026-01-06",)
    assert desk.post.got[0].body.index("群众不认可") < desk.post.got[0].body.index("该回头看")


def test_sending_again_sends_nothing(desk):
    desk.ledger.append([Stream()("MassRejected", MORNING, "m01")])
    desk.send()
    desk.restart()

    assert desk.send().sent == ()
    assert desk.states() == {"m01/2026-01-05": "sent"}


def test_a_checkpoint_set_back_collects_no_letter_twice(desk):
    desk.ledger.append([Stream()("MassRejected", MORNING, "m01")])
    desk.notifier.collect()
    with desk.ledger.engine.begin() as connection:
        connection.execute(sa.delete(CHECKPOINT))

    assert desk.notifier.collect() == 0
    assert [d.letters for d in desk.notifier.deliveries.digests()] == [1]


def test_many_pages_and_kinds_nobody_knows_are_followed_to_the_end(desk):
    event = Stream()
    desk.ledger.append([event("Unheard", MORNING) for _ in range(450)])
    desk.ledger.append([event("PluginSpoke", MORNING, "m01", odd={"deep": [1]})])
    desk.ledger.append([event("CyclePostponed", MORNING, to="2026-02-01")])

    assert desk.notifier.collect() == 1
    assert desk.send().sent == ("m01/2026-01-05",)


LIGHTS = [
    ("green", "2026-01-05T00:05:00Z", ("m01",)),
    ("yellow", "2026-01-15T00:05:00Z", ("m01", "m02")),
    ("red", "2026-01-26T00:05:00Z", ("m01", "m02", "sup")),
]
RECEIVED = [
    ("m01", "绿灯"), ("m01", "黄灯"), ("m02", "黄灯"), ("m01", "红灯"), ("m02", "红灯"),
    ("sup", "红灯"),
]  # fmt: skip


def received(post):
    return [
        (digest.person, light)
        for digest in post.got
        for light in re.findall("亮灯:(..)$", digest.body, re.MULTILINE)
    ]


def test_each_colour_goes_once_in_order_to_the_right_people(desk):
    event = Stream()
    for light, at, to in LIGHTS:
        desk.ledger.append([event("LightChanged", at, *to, light=light, due="2026-01-25")])
        for _ in range(2):
            desk.send(at[:11] + "00:31:00Z")
            desk.restart()

    assert received(desk.post) == RECEIVED


def test_each_colour_also_goes_once_when_nobody_worked_across_two_thresholds(desk):
    event = Stream()
    for light, at, to in LIGHTS:
        desk.ledger.append([event("LightChanged", at, *to, light=light, due="2026-01-25")])
    desk.send("2026-02-01T00:00:00Z")
    desk.restart()
    desk.send()

    assert sorted(received(desk.post)) == sorted(RECEIVED)
    assert [light for person, light in received(desk.post) if person == "m01"] == [
        "绿灯", "黄灯", "红灯",
    ]  # fmt: skip


def test_a_failure_is_tried_again_later_and_holds_back_only_its_person(desk):
    event = Stream()
    desk.post.fails = 1
    desk.ledger.append([event("MassRejected", MORNING, "m01", "m02")])
    desk.ledger.append([event("LookBackDue", NEXT_DAY, "m01")])

    first = desk.send("2026-01-06T12:00:00+08:00")
    assert (first.failed, first.sent) == (("m01/2026-01-05",), ("m02/2026-01-05",))
    assert desk.send("2026-01-06T12:00:59+08:00").sent == ()
    assert desk.send("2026-01-06T12:01:00+08:00").sent == ("m01/2026-01-05", "m01/2026-01-06")


def test_after_many_tries_a_digest_is_given_up_until_asked_for_by_hand(desk):
    desk.post.fails = TRIES
    desk.ledger.append([Stream()("MassRejected", MORNING, "m01")])
    for hour in range(TRIES):
        desk.send(f"2026-01-{6 + hour:02}T12:00:00+08:00")
    (dead,) = desk.notifier.deliveries.digests()

    assert (dead.state, dead.attempts, dead.error) == ("dead", TRIES, "UndeliveredError")
    assert desk.send("2026-02-01T12:00:00+08:00").sent == ()
    assert not desk.notifier.retry("m01/2026-01-09")
    assert desk.notifier.retry("m01/2026-01-05")
    assert desk.send().sent == ("m01/2026-01-05",)


def test_what_failed_keeps_its_text_and_later_letters_join_the_next_day(desk):
    event = Stream()
    desk.post.fails = 1
    desk.ledger.append([event("MassRejected", MORNING, "m01")])
    desk.send()
    desk.ledger.append([event("LookBackDue", NOON, "m01")])
    desk.send("2026-01-06T12:00:00+08:00")

    assert keys(desk.post) == ["m01/2026-01-05", "m01/2026-01-06"]
    assert "回头看" not in desk.post.got[0].body


def test_any_error_of_a_post_is_a_failure_by_its_class(desk):
    class Broken:
        def deliver(self, **_):
            raise AddressMissingError("CANARY")

    desk.post = Broken()
    desk.restart()
    desk.ledger.append([Stream()("MassRejected", MORNING, "m01")])
    desk.send()

    assert desk.notifier.deliveries.digests()[0].error == "AddressMissingError"


def test_a_rehearsal_has_digests_of_its_own_on_its_own_calendar(desk):
    desk.clock.set("2026-01-05T12:00:00+08:00")
    day_s = 86_400
    rehearsed = Stream("issue/r1/1")
    desk.ledger.append([planned("r1", rehearsal=True, shift_s=-30 * day_s)])
    desk.ledger.append([rehearsed("MassRejected", "2025-12-06T23:00:00Z", "m01")])
    desk.ledger.append([Stream()("MassRejected", MORNING, "m01")])

    assert desk.send().sent == ("m01/2026-01-05",)
    advanced = Stream("cycle/r1")
    advanced.version = 1
    desk.ledger.append([advanced("ClockAdvanced", NOON, clock_shift_s=-28.9 * day_s)])
    assert desk.send().sent == ("m01/2025-12-07/r1",)
    assert desk.rehearsals.got[0].subject.startswith("【演练】")


def test_p24_a_letter_about_a_broken_glass_is_never_a_rehearsals(desk):
    """Earlier versions lent by the first cycle of a person, whatever it was."""
    desk.ledger.append([planned("r1", rehearsal=True, shift_s=-30 * 86_400)])
    broken = Stream("glass/r1/g-1")
    desk.ledger.append([broken("SealedContentRead", MORNING, "m01", content=SEALED)])
    desk.clock.set("2026-01-07T12:00:00+08:00")

    desk.send()
    assert desk.rehearsals.got == []
    assert [got.person for got in desk.post.got] == ["m01"]
    assert "演练" not in desk.post.got[0].subject


def test_a_rehearsal_goes_at_once_when_asked(desk):
    desk.ledger.append([planned("r1", rehearsal=True, shift_s=0)])
    for at in ("2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z"):
        desk.ledger.append([_numbered("issue/r1/1", at)])
    desk.ledger.append([Stream()("MassRejected", "2026-03-01T00:00:00Z", "m01")])

    assert desk.send().sent == ()
    assert desk.send(at_once=True).sent == ("m01/2026-03-01/r1", "m01/2026-03-02/r1")
    assert keys(desk.post) == []


def _numbered(stream, at):
    event = Stream(stream)
    event.version = int(at[9]) - 1
    return event("MassRejected", at, "m01")


def test_simulation_shows_everything_due_and_marks_nothing(desk):
    event = Stream()
    desk.ledger.append([event("MassRejected", MORNING, "m01")])
    desk.ledger.append([event("LookBackDue", NEXT_DAY, "m01")])
    desk.clock.set("2026-01-06T12:00:00+08:00")
    shown = InMemoryPost()

    assert desk.notifier.simulate(shown).sent == ("m01/2026-01-05", "m01/2026-01-06")
    assert set(desk.states().values()) == {"collected"}
    assert (keys(desk.post), len(shown.got)) == ([], 2)


def test_a_second_sender_stands_aside(desk):
    desk.ledger.append([Stream()("MassRejected", MORNING, "m01")])
    deliveries = desk.notifier.deliveries
    with alone(deliveries.engine, deliveries.lock_file(), SEND_LOCK) as got:
        assert got
        assert desk.send().busy
    assert not desk.send().busy


def test_the_ledger_takes_events_while_a_delivery_takes_its_time(desk):
    event = Stream()

    class Slow(InMemoryPost):
        def deliver(self, **digest):
            desk.ledger.append([event("LookBackDue", NOON, "m02")])
            super().deliver(**digest)

    desk.post = Slow()
    desk.restart()
    desk.ledger.append([event("MassRejected", MORNING, "m01")])

    assert desk.send().sent == ("m01/2026-01-05",)
    assert desk.send().sent == ("m02/2026-01-05",)


class DiesAfter:
    """Delivers, then takes the process along before anybody can note it."""

    def __init__(self, post):
        self._post = post

    def deliver(self, **digest):
        self._post.deliver(**digest)
        os._exit(9)


def _send_and_die(url, folder):
    ledger = open_ledger(url)
    post = DiesAfter(FilePost(folder))
    Notifier(ledger, ledger.engine, post, rehearsals=post).send()


@pytest.mark.parametrize("crashes", [1, 2])
def test_a_process_killed_between_delivery_and_mark_delivers_again_under_one_key(
    desk, tmp_path, crashes
):
    event = Stream()
    desk.ledger.append([event("MassRejected", MORNING, "m01")])
    for _ in range(crashes):
        dying = multiprocessing.get_context("spawn").Process(
            target=_send_and_die, args=(desk.url, tmp_path / "notices")
        )
        dying.start()
        dying.join(60)
        assert dying.exitcode == 9
    assert desk.states() == {"m01/2026-01-05": "sending"}
    desk.ledger.append([event("LookBackDue", NOON, "m01")])
    desk.post = FilePost(tmp_path / "notices")
    desk.restart()

    assert desk.send().sent == ("m01/2026-01-05",)
    lines = (tmp_path / "notices" / "2026-01-05.jsonl").read_text("utf-8").splitlines()
    assert len(lines) == 1
    assert "回头看" not in lines[0]
    (sent, waiting) = desk.notifier.deliveries.digests()
    assert (sent.attempts, waiting.key) == (crashes + 1, "m01/2026-01-06")
