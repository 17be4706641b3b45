"""Who does not take events, since when, for whom, and how many wait behind."""

from __future__ import annotations

import sqlalchemy as sa

from engine.deliveries.tables import DELIVERY
from engine.deliveries.troubles import UNDELIVERED, troubles

from .samples import NOTES, Cycle

FAILS_ON_FIRST = "    if event.version == 1:\n        raise ValueError('S3CRET')\n" + NOTES


def found(desk):
    return troubles(desk.deliverer.outcomes.letters(UNDELIVERED))


def test_a_plugin_that_takes_its_events_is_in_no_trouble(desk, cycle):
    desk.install("own")
    desk.ledger.append(cycle.done(2))
    assert found(desk) == {}

    desk.deliver()
    assert found(desk) == {}


def test_it_is_told_with_version_units_error_and_since_when(desk, cycle):
    desk.install("own", FAILS_ON_FIRST)
    other = Cycle("c2", "u2")
    desk.ledger.append([*cycle.done(3), other.planned, *other.done()])
    began = desk.now
    desk.deliver()
    desk.wait(minutes=5)
    desk.deliver()

    (trouble,) = found(desk).values()
    assert (trouble.plugin, trouble.version, trouble.units) == ("own", "1.0", ("u1", "u2"))
    assert trouble.error == "plugin_failed: ValueError, __init__.py line 6"
    assert (trouble.since, trouble.waiting, trouble.given_up) == (began, 4, 0)


def test_what_was_given_up_is_counted_apart_and_no_longer_holds_others(desk, cycle):
    desk.install("own", FAILS_ON_FIRST)
    desk.ledger.append(cycle.done(2))
    for _ in range(15):
        desk.deliver()
        desk.wait(hours=4)

    (trouble,) = found(desk).values()
    assert (trouble.waiting, trouble.given_up) == (0, 1)


def test_a_letter_says_which_version_failed_since_when_and_when_it_was_tried(desk, cycle):
    desk.install("own", FAILS_ON_FIRST)
    desk.ledger.append(cycle.done())
    began = desk.now
    desk.deliver()
    desk.wait(minutes=5)
    desk.deliver()

    (letter,) = desk.deliverer.outcomes.letters(["failed"])
    assert (letter.version, letter.failed_at) == ("1.0", began.isoformat())
    assert letter.tried_at == desk.now.isoformat()


def test_it_is_over_when_the_plugin_takes_the_event(desk, cycle):
    desk.install("own", FAILS_ON_FIRST)
    desk.ledger.append(cycle.done())
    desk.deliver()
    mended = desk.plugins / "own" / "__init__.py"
    mended.write_text(mended.read_text().replace("raise", "pass #"), "utf-8")
    desk.restart()
    desk.wait(minutes=5)
    desk.deliver()

    assert found(desk) == {}
    assert desk.deliverer.outcomes.letters(["delivered"])[0].failed_at == ""


def test_a_row_of_a_version_before_says_nothing_of_since(desk, cycle):
    desk.install("own", FAILS_ON_FIRST)
    desk.ledger.append(cycle.done())
    desk.deliver()
    with desk.ledger.engine.begin() as connection:
        connection.execute(sa.update(DELIVERY).values(failed_at="", version=""))

    assert found(desk)["own"].since is None
