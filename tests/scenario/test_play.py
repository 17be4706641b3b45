"""A play is held to its file: answers, days, several units, looks in the middle."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from inprocess import InProcessGateway
from rehearsal import NANZHANG, contributions, rehearsed

from engine.scenario.calendar import SkippedCalendar
from engine.scenario.found import differences
from engine.scenario.load import find, load
from engine.scenario.offscript import OffScriptError
from engine.scenario.play import play
from engine.vault.memory import InMemoryVault
from engine.vault.sealing import without_texts

TWO = """
format: 1
title: {zh: 两个支部, en: Two branches}
start: 2026-03-02T09:00:00+08:00
units:
  - &first
    unit: east
    cycle: east-2026
    meeting: {day: 20}
    people: &people
      - {id: m01, called: 赵一, roles: [branch_secretary, member]}
      - {id: m02, called: 钱二, roles: [opinion_collector, member]}
      - {id: sup, called: 上级, roles: [superior_officer]}
  - {unit: west, cycle: west-2026, meeting: {day: 21}, people: *people}
acts:
  - {do: file_plan, by: m01, unit: [east, west], day: 2, with: {content: {text: 方案}}}
  - do: file_plan
    by: m01
    unit: west
    with: {content: {text: 又一份}}
    refused: [wrong_status]
  - snapshot: 一半
    day: 3
    expect: [{unit: east, refusals: 0, status: preparing}, {unit: west, refusals: 7}]
expect:
  - {unit: east, status: planned}
  - {unit: west, status: preparing, states: {1: found}, lists: {issues: 2, duties: [1]}}
"""


def written(tmp_path, *changes, text=None):
    text = text or find("nanzhang").read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    file = tmp_path / "changed.yaml"
    file.write_text(text, "utf-8")
    return load(file)


@pytest.mark.parametrize(
    "change",
    [
        ("    refused: [already_claimed]\n", ""),
        ("facts: {guest: g6}", "facts: {guest: g5}"),
        ("refused: [speech_missing, items_missing]", "refused: [speech_missing]"),
        ("do: accept_filing", "do: accept_filing\n    refused: [wrong_status]"),
    ],
)
async def test_an_answer_off_the_script_stops_the_play(tmp_path, change):
    with pytest.raises(OffScriptError):
        await rehearsed(written(tmp_path, change), tmp_path, contributions())


async def test_the_demo_ends_as_its_file_says(tmp_path):
    _, end = await rehearsed(NANZHANG, tmp_path, contributions())

    assert not list(differences(NANZHANG, NANZHANG.expect, end))


async def test_units_go_their_own_ways_and_differences_name_unit_and_label(tmp_path):
    scenario = written(tmp_path, text=TWO)
    acts, end = await rehearsed(scenario, tmp_path)
    look = acts[-1]
    middle = differences(scenario, look.act.expect, look.found, label="一半")

    assert [act.commands for act in acts] == [2, 1, 0]
    assert [(d.what, d.expected, d.found) for d in middle] == [("一半 west refusals", 7, 1)]
    assert [
        (d.what, d.expected, d.found) for d in differences(scenario, scenario.expect, end)
    ] == [
        ("east status", "planned", "preparing"),
        ("west states.1", "found", None),
        ("west lists.issues", 2, 0),
        ("west lists.duties", (1,), ()),
    ]


async def test_days_pass_by_command_once_for_each_cycle_and_moment(tmp_path):
    gateway = InProcessGateway()
    scenario = written(tmp_path, text=TWO)
    await play(scenario, gateway, InMemoryVault(), told=lambda _: None, limit_bytes=16384)
    turned = [r.event for r in gateway.ledger.read(limit=99) if r.event.kind == "ClockAdvanced"]

    assert [e.data["to"][:10] for e in turned if "east" in e.stream] == [
        "2026-03-04",
        "2026-03-05",
    ]
    assert len(turned) == 4


class SlowClock:
    """A server's clock on which a second passes at each look."""

    def __init__(self, at):
        self.at = at
        self.skipped = []

    async def now(self):
        self.at += timedelta(seconds=1)
        return self.at

    async def skip(self, duration):
        self.skipped.append(duration)
        self.at += duration


async def test_skipping_makes_up_only_what_has_not_passed(tmp_path):
    start = datetime.fromisoformat("2021-07-12T09:00:00+08:00")
    clock = SlowClock(datetime.fromisoformat("2026-01-05T00:00:00+00:00"))
    calendar, unit = SkippedCalendar(clock, start), NANZHANG.units[0]
    await calendar.begin()
    for seconds in (86400, 86400, 86401, 86500):
        await calendar.reach(unit, start + timedelta(seconds=seconds), command_id="c")

    assert [d.total_seconds() for d in clock.skipped] == [86399, 98]


async def test_a_changed_pack_alters_no_running_cycle(tmp_path):
    pack = tmp_path / "own.toml"
    pack.write_text('extends = "default"\npack = "own"\nversion = 1\nnotice_working_days = 7\n')
    script = NANZHANG.model_copy(update={"policy": str(pack), "acts": NANZHANG.acts[:3]})
    gateway = InProcessGateway(contributions())
    await play(script, gateway, InMemoryVault(), told=lambda _: None, limit_bytes=16384)
    pack.write_text('extends = "default"\npack = "own"\nversion = 2\nnotice_working_days = 3\n')
    rest = script.model_copy(update={"acts": NANZHANG.acts[3:6]})
    for number, act in enumerate(rest.acts):
        for line, body in enumerate(rest.lines(act)):
            sealed = without_texts(body)
            await gateway.submit(script.cycle, act.do, sealed, command_id=f"r{number}-{line}")

    held = gateway.cycles[script.cycle].pinned_policy
    assert (held.version, held.notice_working_days) == (1, 7)
    assert script.opening().policy.notice_working_days == 3
