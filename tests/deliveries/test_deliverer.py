"""Events reach plugins in the order of the ledger, at least once, each at its own pace."""

from __future__ import annotations

import multiprocessing
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine.deliveries.deliverer import DELIVERY_LOCK, Deliverer
from engine.deliveries.outcomes import HOST_DIED, TRIES, backoff
from engine.deliveries.subscriptions import subscriptions
from engine.deliveries.tables import CHECKPOINT
from engine.host import Host, discover
from engine.ledger.alone import alone, beside
from engine.ledger.sql import open_ledger

from .samples import NOTES, ONCE, Cycle

FIRST, SECOND, THIRD = (f"own/issue/c1/1@{n}" for n in (1, 2, 3))
FAILS_ON_FIRST = "    if event.version == 1:\n        raise ValueError('S3CRET')\n" + NOTES
HANGS = "    time.sleep(60)\n"


def test_a_plugin_hears_what_it_subscribed_to_in_the_order_of_the_ledger(desk, cycle):
    desk.install("own")
    desk.ledger.append([*cycle.done(2), cycle("IssueClosed"), *cycle.done()])

    assert desk.deliver().delivered == (FIRST, SECOND, "own/issue/c1/1@4")
    assert desk.heard("own") == [FIRST, SECOND, "own/issue/c1/1@4"]


def test_what_was_delivered_is_not_delivered_again(desk, cycle):
    desk.install("own")
    desk.ledger.append(cycle.done())
    desk.deliver()
    desk.restart()

    assert desk.deliver().delivered == ()
    assert desk.heard("own") == [FIRST]


def test_a_checkpoint_set_back_delivers_nothing_twice(desk, cycle):
    desk.install("own")
    desk.ledger.append(cycle.done())
    desk.deliver()
    with desk.ledger.engine.begin() as connection:
        connection.execute(sa.delete(CHECKPOINT))

    assert desk.deliver().delivered == ()


def test_a_new_plugin_hears_everything_from_the_first_event(desk, cycle):
    desk.ledger.append(cycle.done(2))
    desk.install("own")

    assert desk.deliver().delivered == (FIRST, SECOND)


def test_a_new_plugin_that_asks_for_it_hears_only_what_comes_from_now_on(desk, cycle):
    desk.ledger.append(cycle.done())
    desk.install("own", events='kinds = ["MeasureDone"]\nfrom = "now"')
    desk.deliver()
    desk.ledger.append(cycle.done())
    desk.restart()

    assert desk.deliver().delivered == (SECOND,)


def test_many_pages_are_followed_to_the_end_without_leaving_another_cycle_out(desk, cycle):
    other = Cycle("c2")
    desk.install("own")
    desk.ledger.append([*cycle.done(450), other.planned, *other.done()])
    first = desk.deliver()

    assert (len(first.delivered), first.delivered[-1]) == (101, "own/issue/c2/1@1")
    for _ in range(4):
        desk.deliver()
    assert len(desk.heard("own")) == 451
    assert desk.heard("own")[-1] == "own/issue/c1/1@450"


def test_a_failure_holds_back_only_its_cycle_for_its_plugin(desk, cycle):
    other = Cycle("c2")
    desk.install("own", "    if event.stream == 'issue/c1/1':\n        1 / 0\n" + NOTES)
    desk.install("well")
    desk.ledger.append([*cycle.done(2), other.planned, *other.done(2)])
    passed = desk.deliver()

    assert passed.failed == (FIRST,)
    assert desk.heard("own") == ["own/issue/c2/1@1", "own/issue/c2/1@2"]
    assert len(desk.heard("well")) == 4
    assert desk.states("waiting") == {SECOND: "waiting"}


def test_what_failed_is_tried_again_after_a_pause_that_grows(desk, cycle):
    desk.install("own", FAILS_ON_FIRST)
    desk.ledger.append(cycle.done())
    pauses = []
    for _ in range(4):
        assert desk.deliver().failed == (FIRST,)
        before = desk.now
        while not desk.deliverer._due(desk.deliverer.outcomes.lanes(["own"])[0]):
            desk.wait(seconds=30)
        pauses.append((desk.now - before).total_seconds() / 60)

    assert pauses == [1, 2, 4, 8]


def test_tries_last_for_a_day():
    hours = sum(backoff(n).total_seconds() for n in range(1, TRIES)) / 3600

    assert 23.5 < hours < 24.5


def test_after_a_day_an_event_is_a_dead_letter_and_the_next_one_has_its_turn(desk, cycle):
    desk.install("own", FAILS_ON_FIRST)
    desk.ledger.append(cycle.done(2))
    for _ in range(TRIES):
        desk.deliver()
        desk.wait(hours=4)
    (dead,) = desk.deliverer.outcomes.letters()

    assert (dead.key, dead.attempts) == (FIRST, TRIES)
    assert dead.error == "plugin_failed: ValueError, __init__.py line 6"
    assert desk.deliver().delivered == (SECOND,)


def test_a_dead_letter_goes_again_when_somebody_asks_for_it(desk, cycle):
    desk.install("own", FAILS_ON_FIRST)
    desk.ledger.append(cycle.done())
    for _ in range(TRIES):
        desk.deliver()
        desk.wait(hours=4)
    mended = desk.plugins / "own" / "__init__.py"
    mended.write_text(mended.read_text().replace("raise", "pass #"), "utf-8")
    desk.restart()

    assert desk.deliver().delivered == ()
    assert desk.deliverer.outcomes.retry("own/nothing@1") == 0
    assert desk.deliverer.outcomes.retry(FIRST) == 1
    assert desk.deliver().delivered == (FIRST,)


def test_a_plugin_that_hangs_costs_its_time_limit_and_no_other_plugin(desk, cycle):
    desk.install("hangs", HANGS)
    desk.install("well")
    desk.restart(timeout_s=0.2)
    desk.ledger.append(cycle.done())
    passed = desk.deliver()

    assert passed.delivered == ("well/issue/c1/1@1",)
    assert desk.deliverer.outcomes.letters(["failed"])[0].error.startswith(
        "contribution_timeout"
    )


def test_a_plugin_that_cannot_be_imported_costs_only_itself(desk, cycle):
    desk.install("broken", "    pass\n1 / 0\n")
    desk.install("well")
    desk.ledger.append(cycle.done())
    passed = desk.deliver()

    assert passed.failed == ("broken/issue/c1/1@1",)
    assert passed.delivered == ("well/issue/c1/1@1",)


def test_what_happens_while_a_plugin_is_off_for_a_unit_passes_it_by(desk, cycle):
    other = Cycle("c2", "u2")
    desk.install("own")
    desk.off.add(("own", "u1"))
    desk.ledger.append([*cycle.done(), other.planned, *other.done()])

    assert desk.deliver().delivered == ("own/issue/c2/1@1",)
    desk.off.clear()
    desk.ledger.append(cycle.done())
    assert desk.deliver().delivered == (SECOND,)


def test_a_plugin_switched_off_is_not_called_for_what_is_already_in_line(desk, cycle):
    desk.install("own", FAILS_ON_FIRST)
    desk.ledger.append(cycle.done())
    desk.deliver()
    desk.off.add(("own", "u1"))
    desk.wait(hours=1)

    assert desk.deliver().failed == ()
    desk.off.clear()
    assert desk.deliver().failed == (FIRST,)


def test_each_unit_and_every_rehearsal_has_a_folder_of_its_own(desk, cycle):
    other, played = Cycle("c2", "u2"), Cycle("r1", "u1", rehearsal=True)
    desk.install("own")
    desk.ledger.append([*cycle.done(), other.planned, *other.done()])
    desk.ledger.append([played.planned, *played.done()])
    desk.deliver()

    assert desk.heard("own") == [FIRST]
    assert desk.heard("own", "u2") == ["own/issue/c2/1@1"]
    assert desk.heard("own", "_rehearsals/u1") == ["own/issue/r1/1@1"]


def test_a_second_host_stands_aside(desk, cycle):
    desk.install("own")
    desk.ledger.append(cycle.done())
    engine = desk.ledger.engine
    with alone(engine, beside(engine, "deliveries"), DELIVERY_LOCK):
        assert desk.deliver().busy

    assert desk.deliver().delivered == (FIRST,)


def test_an_event_without_a_known_cycle_or_moment_stops_nobody(desk):
    stray = Cycle("c9")
    lost = stray("MeasureDone", at="yesterday")
    cycle = Cycle()
    odd = cycle("MeasureDone", at="yesterday")
    desk.install("own")
    desk.ledger.append([lost, cycle.planned, odd])

    assert desk.deliver().delivered == (FIRST,)


DIES = ONCE + NOTES + "    once.touch()\n    if not (ctx.folder / 'saved').exists():\n"
DIES += "        (ctx.folder / 'saved').touch()\n        os._exit(9)\n"
ALWAYS_DIES = "    os._exit(9)\n"


def _deliver_and_die(url: str, plugins: Path, data: Path) -> None:
    found = discover(plugins, None)
    hears = Host(found).deliver
    Deliverer(open_ledger(url), subscriptions(found), hears, folder=data).deliver()


def die(desk) -> None:
    dying = multiprocessing.get_context("spawn").Process(
        target=_deliver_and_die, args=(desk.url, desk.plugins, desk.data)
    )
    dying.start()
    dying.join(60)
    assert dying.exitcode == 9


def test_a_host_killed_between_effect_and_mark_delivers_again_under_one_key(desk, cycle):
    desk.install("own", DIES)
    desk.ledger.append(cycle.done(2))
    die(desk)

    assert desk.heard("own") == [FIRST]
    assert desk.states() == {FIRST: "delivering", SECOND: "waiting"}
    desk.now = desk.now.replace(year=2100)
    assert desk.deliver().delivered == (FIRST, SECOND)
    assert desk.heard("own") == [FIRST, SECOND]


def test_a_plugin_that_kills_its_host_lets_others_go_first_and_is_given_up(desk, cycle):
    desk.install("own", ALWAYS_DIES)
    desk.ledger.append(cycle.done())
    die(desk)
    desk.install("well")
    desk.now = desk.now.replace(year=2026, month=1)

    assert desk.deliver().delivered == ("well/issue/c1/1@1",)
    assert desk.states("delivering") == {FIRST: "delivering"}
    first = desk.deliverer.outcomes.letters(["delivering"])[0]
    desk.deliverer.outcomes.begin(first.model_copy(update={"attempts": TRIES}), now=desk.now)
    assert desk.deliverer.outcomes.letters()[0].error == HOST_DIED


@pytest.mark.parametrize("events", ['kinds = ["measure_done"]', 'from = "later"', "kind = 1"])
def test_a_subscription_that_means_nothing_is_told_to_the_author(desk, events):
    desk.install("own", events=events)

    assert "events." in (discover(desk.plugins, None)[0].error or "")
