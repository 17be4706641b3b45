"""Deliveries beside the host: they go out by themselves and never harm it."""

from __future__ import annotations

import time

import pytest
from deliveries.samples import Cycle, write_plugin
from structlog.testing import capture_logs

from engine.ledger.port import LedgerUnavailableError
from engine.ledger.sql import open_ledger
from engine.settings import Settings
from workflows import delivering
from workflows.embedded import Stack
from workflows.parts import parts

FIRST = "own/issue/c1/1@1"


@pytest.fixture(autouse=True)
def often(monkeypatch):
    monkeypatch.setattr(delivering, "EVERY_S", 0.02)


@pytest.fixture
def settings(tmp_path):
    made = Settings(data_dir=tmp_path / "data", plugins_dir=tmp_path / "plugins")
    write_plugin(tmp_path / "plugins", "own")
    cycle = Cycle()
    open_ledger(made.ledger).append([cycle.planned, *cycle.done()])
    return made


def waited(until, limit_s=60):
    deadline = time.monotonic() + limit_s
    while not until():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def heard(settings):
    file = settings.data_dir / "plugins" / "own" / "u1" / "heard"
    return file.read_text().split() if file.exists() else []


def test_events_reach_the_plugin_while_the_host_runs(settings):
    with delivering.delivering(settings, lambda: open_ledger(settings.ledger)):
        waited(lambda: heard(settings))

    assert heard(settings) == [FIRST]


def test_a_ledger_that_is_away_is_a_log_line_and_the_next_pass_delivers(settings):
    away = [True]

    def ledger():
        if away[0]:
            raise LedgerUnavailableError
        return open_ledger(settings.ledger)

    with capture_logs() as logs, delivering.delivering(settings, ledger):
        waited(lambda: any(line["event"] == "deliveries_failed" for line in logs))
        away[0] = False
        waited(lambda: heard(settings))

    assert heard(settings) == [FIRST]


def test_where_no_plugin_hears_of_events_the_ledger_is_left_alone(settings):
    def never():
        raise AssertionError

    quiet = settings.model_copy(update={"plugins": ""})
    with capture_logs() as logs, delivering.delivering(quiet, never):
        time.sleep(0.2)

    assert logs == []


@pytest.mark.parametrize(
    ("said", "expected"), [("", [FIRST]), ('[unit.u2]\non = ["own"]\n', [])]
)
def test_a_plugin_hears_only_of_units_it_is_on_for(settings, said, expected):
    settings.scopes_path.write_text(said, "utf-8")
    with delivering.deliverer(settings, open_ledger(settings.ledger)) as made:
        made.deliver()

    assert heard(settings) == expected


def test_the_embedded_stack_delivers_by_itself(settings):
    stack = Stack(settings, port=0, ui_port=0)
    try:
        stack.start()
        waited(lambda: heard(settings))
    finally:
        stack.stop()

    assert heard(settings) == [FIRST]


def test_an_operator_reads_which_plugin_takes_no_events_since_when_and_for_whom(settings):
    write_plugin(settings.plugins_dir, "ill", "    raise ValueError('S3CRET')\n")
    listed = parts(settings)
    assert listed.troubles() == {}

    stack = Stack(settings, port=0, ui_port=0)
    try:
        stack.start()
        waited(lambda: "ill" in listed.troubles() and heard(settings))
    finally:
        stack.stop()

    (trouble,) = listed.troubles().values()
    assert (trouble.plugin, trouble.version, trouble.units) == ("ill", "1.0", ("u1",))
    assert trouble.error == "plugin_failed: ValueError, __init__.py line 5"
    assert trouble.since is not None
