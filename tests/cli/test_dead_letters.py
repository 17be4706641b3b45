"""What a terminal says of events that plugins did not take."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from deliveries.samples import Cycle, write_plugin
from inprocess import WALL

from engine.deliveries.intake import Intake
from engine.deliveries.outcomes import TRIES
from engine.deliveries.subscriptions import Subscription
from engine.host.health import listing

FIRST, SECOND = "own/issue/c1/1@1", "own/issue/c1/1@2"


@pytest.fixture
def told(taizhang):
    """Two events for a plugin: the first was given up, the second failed once."""
    cycle, outcomes = Cycle(), taizhang.parts.outcomes()
    ledger = taizhang.parts.ledger()
    ledger.append([cycle.planned, *cycle.done(2)])
    intake = Intake(ledger, outcomes.engine, lambda *_: True)
    intake.follow(Subscription(plugin="own", kinds=frozenset({"MeasureDone"})))
    first, second = outcomes.letters(["waiting"])
    last = first.model_copy(update={"attempts": TRIES - 1})
    outcomes.begin(last, now=WALL, version="1.0")
    outcomes.failed(last, "plugin_failed: ValueError, __init__.py line 7", now=WALL)
    outcomes.failed(second, "plugin_failed: KeyError", now=WALL)
    return taizhang


def test_the_list_names_what_was_given_up_and_why(told):
    (row,) = told.data("plugins", "dead-letters", "list")

    assert (row["key"], row["state"], row["kind"]) == (FIRST, "dead", "MeasureDone")
    assert row["error"] == "plugin_failed: ValueError, __init__.py line 7"
    assert (row["version"], row["unit"], row["attempts"]) == ("1.0", "u1", TRIES)
    assert row["failed_at"] == row["tried_at"] == WALL.isoformat()
    assert "已放弃" in told("plugins", "dead-letters", "list").stdout


def test_the_list_can_show_what_is_still_tried_and_be_narrowed_to_a_plugin(told):
    listed = ("plugins", "dead-letters", "list", "-o", "ids")

    assert told(*listed, "--all").stdout == f"{FIRST}\n{SECOND}\n"
    assert told(*listed, "--all", "--plugin", "other").stdout == ""


def test_one_letter_or_all_of_a_plugin_go_again(told):
    retry = ("plugins", "dead-letters", "retry")

    assert told(*retry, FIRST).stdout == "1 条事件将重新投递\n"
    assert told.data("plugins", "dead-letters", "list") == []
    assert told(*retry, "--plugin", "own", "--lang", "en").stdout == "events that go again: 1\n"


def test_the_list_of_plugins_says_who_takes_no_events_since_when_and_for_whom(told, tmp_path):
    place = tmp_path / "there"
    write_plugin(place, "own")
    write_plugin(place, "well")
    parts = replace(told.parts, plugins=lambda: listing(place, None))
    operator = type(told)(parts)

    own, well = operator.data("plugins", "list")
    assert (own["status"], well["status"], well["deliveries"]) == ("degraded", "found", None)
    assert own["error"] == "on_event: plugin_failed: ValueError, __init__.py line 7"
    assert datetime.fromisoformat(own["since"]) == WALL
    assert own["deliveries"] == {
        "version": "1.0", "error": "plugin_failed: ValueError, __init__.py line 7",
        "units": ["u1"], "waiting": 1, "given_up": 1, "since": own["since"],
    }  # fmt: skip
    shown = operator("plugins", "list", "--lang", "en").stdout
    assert "1 in line, 1 given up" in " ".join(shown.replace("│", " ").split())


def test_what_is_no_dead_letter_cannot_go_again(told):
    done = told("plugins", "dead-letters", "retry", "own/issue/c1/1@9")

    assert done.exit_code == 1
    assert "没有未收下的事件 own/issue/c1/1@9" in done.stderr
    assert told("plugins", "dead-letters", "retry").exit_code == 2
