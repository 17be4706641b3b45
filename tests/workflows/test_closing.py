"""A plugin is asked before an issue is signed off, on a real server and by the rules alone."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack, contextmanager
from datetime import timedelta

import pytest

from engine.cycle.timely import over
from engine.deliveries.deliverer import kept_folder
from engine.ledger.sql import open_ledger, wall_clock
from engine.policy.calendar import local_day
from engine.policy.pack import load_pack
from engine.policy.roles import Person
from engine.settings import Settings
from engine.testing import CAST, CycleWithoutServer, PluginHost, RehearsedCycle
from engine.testing.prepared import TEXT
from workflows.parts import parts
from workflows.rehearsed import SkippingGround, rehearsed

PEOPLE = (*CAST, Person(id="privacy", roles=("privacy_officer",)))
PLUGIN = """
import os, time
from engine import ClosingContext, Objection, hookimpl

@hookimpl
def review_closing(ctx: ClosingContext) -> list[Objection]:
    say = ctx.folder / str(ctx.issue)
    said = say.read_text() if say.exists() else ""
    if said == "raise":
        raise RuntimeError("SECRET")
    if said == "hang":
        time.sleep(30)
    if said == "die":
        os._exit(3)
    return [Objection(severity=said, code="deed_open")] if said else []
"""
MANIFEST = """id = "watch"
version = "1.0"
api = "2"
scope = "province"
criticality = "{criticality}"
hooks = ["review_closing"]
title_zh = "核对"
title_en = "review"
"""


def written(folder, criticality="optional"):
    place = folder / "plugins" / "watch"
    place.mkdir(parents=True)
    (place / "__init__.py").write_text(PLUGIN, "utf-8")
    (place / "plugin.toml").write_text(MANIFEST.format(criticality=criticality), "utf-8")
    return place


def with_issues(cycle, count, **changes):
    """A cycle that was held, with issues of which the rules let every one go."""
    cycle.open(PEOPLE, **changes)
    cycle.prepare()
    cycle.convene()
    cycle.reach("summary")
    cycle.do("record_step", "recorder", step="summary", evidence=TEXT)
    cycle.do("close_meeting", "secretary")
    for issue in range(1, count + 1):
        ready(cycle, issue)
    cycle.pass_days(10)
    return cycle


def ready(cycle, issue):
    today = local_day(cycle.now)
    window = {"audience": "public", "first": today, "last": today + timedelta(days=8)}
    texts = {row: {"text": "每日两清"} for row in ("problem", "measures", "responsible")}
    due = today + timedelta(days=7)
    for kind, by, fields in (
        ("find_issue", "collector", {"content": TEXT, "category": "c", "sources": ["forum"]}),
        ("claim_issue", "leader", {}),
        ("add_measure", "leader", {"content": TEXT, "standard": TEXT, "due": due}),
        ("finish_measure", "leader", {"measure": 1, "evidence": [TEXT]}),
        ("apply_sign_off", "leader", {}),
        ("give_verdict", "verifier", {"measure": 1, "verdict": "thorough"}),
        ("open_mass_review", "committee", {"scope": "residents", "affected": 40}),
        ("count_mass_review", "neighbour", {"very_satisfied": 40}),
        ("approve_issue", "committee", {}),
        ("draft_notice", "publisher", {**window, **texts}),
        ("clear_notice", "privacy", {"outcome": "cleared"}),
        ("post_notice", "publisher", window),
    ):
        number = {} if kind == "find_issue" else {"issue": issue}
        cycle.do(kind, by, **number, **fields)


def closes(cycle, issue):
    return cycle.do("close_issue", "secretary", issue=issue)


def says(folder):
    """Where the plugin is told what to do about each issue."""
    return kept_folder(folder / "var" / "plugins", "watch", "branch-1", rehearsal=True)


def events(settings):
    ledger = open_ledger(settings.ledger)
    found = [recorded.event for recorded in ledger.read(limit=9999)]
    ledger.engine.dispose()
    return found


class RealGround(SkippingGround):
    """A server on which the cycle's own calendar is turned, as its secretary may."""

    def wait(self, cycle, duration):
        to = self.now(cycle) + duration
        body = {"by": "secretary", "to": to.isoformat()}
        self.submit(cycle, "advance_clock", body, command_id=f"clock-{to:%Y%m%d}")


class Wall:
    async def now(self):
        return wall_clock()


@contextmanager
def on_a_real_server(settings):
    with parts(settings).stage("real") as running, asyncio.Runner() as runner:
        stack = AsyncExitStack()
        gateway = runner.run(stack.enter_async_context(running.parts.gateway()))
        yield RehearsedCycle(RealGround("watch", runner, gateway, Wall(), running.parts))
        runner.run(stack.aclose())


CLOSED = ("ClosingAsked", "ClosingReviewed", "IssueClosed")


def test_an_optional_plugin_holds_an_issue_by_saying_so_and_by_nothing_else(tmp_path):
    place = written(tmp_path)
    with rehearsed(place, tmp_path) as cycle:
        with_issues(cycle, 4)
        for issue, said in enumerate(("deny", "warn", "raise", "hang"), 1):
            (says(tmp_path) / str(issue)).write_text(said)

        reason = cycle.refused("close_issue", "secretary", issue=1)["closing_held"]
        assert reason.facts == {"issue": 1, "by": ["watch: deed_open"]}
        assert "watch: deed_open" in reason.zh
        assert cycle.state.issues[0].open
        for issue in (2, 3, 4):
            assert closes(cycle, issue) == CLOSED
        assert [issue.open for issue in cycle.state.issues] == [True, *[False] * 3]

        (says(tmp_path) / "1").unlink()
        assert closes(cycle, 1) == CLOSED
        assert not cycle.state.issues[0].open


def test_a_plugin_that_ends_its_process_holds_nothing_and_the_cycle_goes_on(tmp_path):
    place = written(tmp_path)
    settings = Settings(
        data_dir=tmp_path / "var", plugins_dir=place.parent, plugins="watch", notices="off",
        temporal_address=None, plugin_wait_s=5,
    )  # fmt: skip
    with on_a_real_server(settings) as cycle:
        with_issues(cycle, 2)
        (says(tmp_path) / "1").write_text("die")
        assert closes(cycle, 1) == CLOSED

        assert not cycle.state.issues[0].open  # the ledger has all that the receipt promised
        told = [v for v in events(settings) if v.kind == "ClosingReviewed"]
        (found,) = told[0].data["findings"]
        assert (found["plugin"], found["severity"], found["code"]) == (
            "watch", "warn", "worker_absent",
        )  # fmt: skip


def test_a_required_plugin_that_does_not_answer_holds_the_issue_until_it_does(tmp_path):
    place = written(tmp_path, "required")
    with rehearsed(place, tmp_path) as cycle:
        with_issues(cycle, 1)
        (says(tmp_path) / "1").write_text("raise")

        reason = cycle.refused("close_issue", "secretary", issue=1)["closing_held"]
        assert reason.facts["by"] == ["watch: plugin_failed"]

        (says(tmp_path) / "1").unlink()
        assert closes(cycle, 1) == CLOSED


def test_a_run_that_has_grown_long_still_asks_before_it_goes_on_in_the_next(tmp_path):
    settings = Settings(
        data_dir=tmp_path / "var", plugins_dir=written(tmp_path).parent, plugins="watch",
        notices="off", temporal_address=None, continue_after_events=60,
    )  # fmt: skip
    with on_a_real_server(settings) as cycle:
        with_issues(cycle, 3)
        (says(tmp_path) / "2").write_text("deny")

        assert closes(cycle, 1) == CLOSED
        assert "closing_held" in cycle.refused("close_issue", "secretary", issue=2)
        assert closes(cycle, 3) == CLOSED


def test_the_last_issue_of_an_archived_cycle_is_signed_off_and_the_cycle_ends(tmp_path):
    with rehearsed(written(tmp_path), tmp_path) as cycle:
        with_issues(cycle, 1, policy=load_pack().model_copy(update={"look_back": None}))
        cycle.do("complete_lists", "committee")
        for kind, by, fields in (
            ("submit_report", "secretary", {"content": TEXT}),
            ("accept_report", "superior", {}),
            ("record_step", "superior", {"step": "publication", "evidence": TEXT}),
            ("record_step", "superior", {"step": "look_back", "evidence": TEXT}),
            ("hand_over_issue", "secretary", {"issue": 1, "successor": "recorder",
                                              "reason": TEXT}),
            ("archive_cycle", "archivist", {}),
        ):  # fmt: skip
            cycle.do(kind, by, **fields)
        assert cycle.state.status == "archived"

        # whether the cycle still answers what it was asked depends on who is faster
        assert closes(cycle, 1) in (CLOSED, CLOSED[:1])
        assert over(cycle.state)


@pytest.mark.parametrize(("said", "code"), [("deny", "deed_open"), ("", None)])
def test_the_rules_alone_ask_the_host_of_the_kit(tmp_path, said, code):
    host = PluginHost(written(tmp_path))
    cycle = with_issues(CycleWithoutServer(host), 1)
    if said:
        (host.folder("watch", "branch-1") / "1").write_text(said)

    if code:
        reason = cycle.refused("close_issue", "secretary", issue=1)["closing_held"]
        assert reason.facts["by"] == (f"watch: {code}",)
    else:
        assert closes(cycle, 1) == CLOSED
    assert cycle.state.issues[0].open is bool(code)
