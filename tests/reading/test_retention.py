"""P22: each class of content goes when its time is over, once, with evidence."""

from __future__ import annotations

import sqlite3
from datetime import UTC, date, datetime, timedelta

import pytest
from cli.conftest import terminal
from reading.conftest import CYCLE, also, complaint, opens, readable
from streams import Told, noon
from temporalio.testing import WorkflowEnvironment

from engine.cycle import events as c
from engine.cycle.parse import enveloped
from engine.policy.pack import load_pack
from engine.policy.rules import Retained
from engine.reading.anchor import anchored
from engine.reading.refusals import NotForReading
from engine.reading.retention import Forms, Retention, years_later
from engine.settings import Settings
from engine.vault.port import KeyDestroyedError
from workflows.places import time_skipping_binary
from workflows.retention import ID, begin, until_next
from workflows.worker import core_worker

FORMS = "opinions.b1"


@pytest.fixture
def kept(house):
    """The house with raw forms coded on 2021-07-06, and the cycle archived on 08-01."""
    house.texts["form"] = house.vault.seal("意见原文", subject=FORMS, by="m01")
    stream = house.ledger.read(stream=f"cycle/{CYCLE}", limit=99)
    archived = c.CycleArchived(at=noon(date(2021, 8, 1)), by="m01")
    version = len(stream) + 1
    house.ledger.append([enveloped(archived, cycle=CYCLE, version=version, command="a")])
    return house


def retention(house) -> Retention:
    forms = (Forms(subject=FORMS, cycle=CYCLE, coded_on=date(2021, 7, 6)),)
    kept = Retained()
    return Retention(lambda: house.vault, house.ledger, lambda: forms, kept, house.clock)


def left(house) -> set[str]:
    """The texts that can still be read."""
    found = set()
    for name, content in house.texts.items():
        try:
            house.vault.open(content, reader="arch", purpose="archive")
        except KeyDestroyedError:
            continue
        found.add(name)
    return found


ALL = {"criticism", "verdict", "issue", "talk", "form"}


@pytest.mark.parametrize(
    ("last_kept", "class_", "gone"),
    [
        (date(2021, 10, 4), "raw_forms", {"form"}),
        (date(2022, 7, 10), "talks", {"form", "talk"}),
        (date(2031, 8, 1), "minutes", ALL),
    ],
)
def test_p22_each_class_is_kept_to_its_day_and_not_one_more(kept, last_kept, class_, gone):
    kept.clock.now = noon(last_kept)
    earlier = retention(kept).destroy()
    assert class_ not in {d.retention for d in earlier}
    before = left(kept)
    kept.clock.later(days=1)
    done = retention(kept).destroy()

    assert {d.retention for d in done} == {class_}
    assert ALL - left(kept) == gone
    assert before - left(kept)


def test_p22_ballots_are_kept_half_a_year_after_the_verdict(house):
    poll = house.vault.seal("选票", subject=CYCLE, by="m01")
    version = len(house.ledger.read(stream=f"cycle/{CYCLE}", limit=99)) + 1
    step = c.StepRecorded(
        at=noon(date(2021, 7, 10)), by="m01", step="poll", origin="prescribed", evidence=poll
    )
    house.ledger.append([enveloped(step, cycle=CYCLE, version=version, command="a")])
    over = date(2021, 7, 20) + timedelta(days=183)

    def ballots(day):
        return [d.contents for d in retention(house).due(day) if d.retention == "ballots"]

    assert ballots(over) == []
    assert ballots(over + timedelta(days=1)) == [(poll,)]


def test_p22_ballots_stay_while_a_verdict_that_was_struck_is_not_told_anew(house):
    poll = house.vault.seal("选票", subject=CYCLE, by="m01")
    verdict = {"member": "m03", "grade": "qualified", "content": house.texts["verdict"]}
    struck = {"member": "m03", "reason": house.texts["verdict"], "to": ("m03",)}
    told = Told(CYCLE).on(2021, 8, 20)
    told.cycle(c.StepRecorded, step="poll", origin="prescribed", evidence=poll)
    told.cycle(c.VerdictTold, **{**verdict, "member": "m02"})
    told.cycle(c.VerdictStruck, "rev", **struck).on(2021, 9, 1).cycle(c.VerdictTold, **verdict)
    poll_, other, undone, anew = told.events[-4:]
    also(house, [poll_, other, undone])

    assert "ballots" not in {d.retention for d in retention(house).due(date(2031, 1, 1))}
    also(house, [anew])
    days_kept = date(2021, 9, 1) + timedelta(days=183)
    assert "ballots" not in {d.retention for d in retention(house).due(days_kept)}
    over = retention(house).due(days_kept + timedelta(days=1))
    assert "ballots" in {d.retention for d in over}


def test_p22_nothing_of_an_open_cycle_goes_but_what_has_its_own_time(house):
    found = {d.retention for d in retention(house).due(date(2099, 1, 1))}

    assert "minutes" not in found
    assert found == {"raw_forms", "talks"}


def test_p22_destruction_leaves_evidence_once_and_the_chain_holds(kept):
    kept.clock.now = datetime(2022, 8, 1, tzinfo=UTC)
    retention(kept).destroy()
    again = retention(kept).destroy()
    events = [r.event for r in kept.ledger.read(stream=f"retention/{CYCLE}")]

    assert again == ()
    assert [(e.kind, e.data["retention"]) for e in events] == [
        ("ContentDestroyed", "talks"), ("ContentDestroyed", "raw_forms"),
    ]  # fmt: skip
    assert events[0].data["contents"] == [kept.texts["talk"]]
    assert kept.ledger.verify().ok


def test_p22_the_key_of_a_cycle_goes_with_its_last_text_and_not_before(kept):
    paraphrase = kept.vault.seal("归纳后的意见", subject=CYCLE, by="m01")  # no event has it
    kept.clock.now = noon(date(2031, 8, 1))
    retention(kept).destroy()
    assert opens(kept, paraphrase)
    kept.clock.later(days=1)
    retention(kept).destroy()

    assert not opens(kept, paraphrase)
    assert retention(kept).due(date(2099, 1, 1)) == ()


def test_p22_the_key_of_a_cycle_stays_for_an_appeal_that_waits_under_it(kept, appeal):
    """Older appeals have no subject of their own."""
    kept.clock.now = noon(date(2040, 1, 1))
    retention(kept).destroy()

    assert opens(kept, appeal)
    assert not opens(kept, kept.texts["issue"])


def test_p13_an_undecided_complaint_is_kept_past_every_day_and_goes_when_decided(kept):
    texts = complaint(kept)
    kept.clock.now = noon(date(2040, 1, 1))
    retention(kept).destroy()
    assert all(opens(kept, t) for t in texts)
    reason = kept.vault.seal("理由", subject=CYCLE, by="sup")
    also(
        kept,
        [
            c.AppealDecided(
                at=noon(date(2040, 1, 1)), by="sup", appeal=2, outcome="rejected", reason=reason
            )
        ],
    )
    kept.clock.now = noon(date(2050, 1, 2))
    retention(kept).destroy()

    assert not any(opens(kept, t) for t in texts)


def test_p22_a_pass_that_broke_off_is_taken_up(kept):
    """Destroyed, and killed before the evidence: the next pass writes it."""
    kept.clock.now = datetime(2022, 8, 1, tzinfo=UTC)
    kept.vault.shred([kept.texts["talk"]], by="engine", reason="retention")

    assert {d.retention for d in retention(kept).destroy()} == {"talks", "raw_forms"}
    assert "ContentDestroyed" in kept.kinds()


def nightly(house, elsewhere=()) -> Retention:
    return Retention(
        lambda: house.vault, house.ledger, lambda: (), Retained(), house.clock,
        elsewhere=lambda: elsewhere,
    )  # fmt: skip


def test_p22_what_never_arrived_goes_after_a_month_and_what_anybody_carries_stays(house):
    text = house.vault.seal("没有人答复的正文", subject=CYCLE, by="m01")
    name = house.vault.seal("张三", subject="m03", by="sup")
    house.room.glass.ask(by="sup", reason="缘由", hours=1, content=house.texts["criticism"])
    unknown = house.vault.seal("也未受理", subject=CYCLE, by="m01")
    house.clock.later(days=30)
    assert nightly(house, [name]).destroy() == ()
    house.clock.later(days=1)
    asked = house.vault.seal("又送了一次", subject=CYCLE, by="m01")
    gone = nightly(house, [name]).destroy()

    assert [(d.retention, set(d.contents)) for d in gone] == [("unsent", {text, unknown})]
    assert [opens(house, one) for one in (text, unknown, name, asked)] == [0, 0, 1, 1]
    assert all(opens(house, one) for one in house.texts.values())
    assert "缘由" in readable(house.folder)
    assert "ContentDestroyed" in house.kinds()
    assert nightly(house, [name]).destroy() == ()


def test_p22_asking_to_break_the_glass_keeps_no_text_that_never_arrived(house):
    text = house.vault.seal("没有人答复的正文", subject=CYCLE, by="m01")
    with pytest.raises(NotForReading):
        house.room.glass.ask(by="sup", reason="缘由", hours=1, content=text)

    assert [d.contents for d in nightly(house).due(date(2060, 1, 1)) if d.cycle == "none"] == [
        (text,)
    ]


def test_p22_nothing_counts_as_never_arrived_where_nobody_says_what_is_carried(house):
    house.vault.seal("没有人答复的正文", subject=CYCLE, by="m01")

    assert "unsent" not in {d.retention for d in retention(house).due(date(2060, 1, 1))}


def test_p11_the_night_takes_the_name_from_an_appeal_that_was_sealed_under_it(house, appeal):
    def sealed_by(content):
        with sqlite3.connect(house.folder / "vault.db") as raw:
            row = "SELECT sealed_by FROM vault_object WHERE id = ?"
            (by,) = raw.execute(row, (content.split(":")[1],)).fetchone()
        raw.close()
        return by

    assert sealed_by(appeal) == "m03"
    retention(house).destroy()

    assert sealed_by(appeal) == "appellant"
    assert sealed_by(house.texts["verdict"]) == "m01"
    assert opens(house, appeal)


def test_p22_looking_destroys_nothing(kept):
    kept.clock.now = datetime(2040, 1, 1, tzinfo=UTC)

    assert {d.retention for d in retention(kept).due()} == {"minutes", "raw_forms", "talks"}
    assert left(kept) == ALL
    assert "ContentDestroyed" not in kept.kinds()


def test_p22_the_classes_are_policy_and_a_cycle_keeps_its_own(kept):
    pack = load_pack()
    assert pack.retention == Retained(
        minutes_years=10, raw_forms_days=90, talks_days=365, ballots_days=183
    )
    forms = ()
    default = Retained(talks_days=1)
    other = Retention(lambda: kept.vault, kept.ledger, lambda: forms, default, kept.clock)

    assert other.due(date(2021, 7, 30)) == ()


def test_p22_a_rehearsal_is_kept_by_its_own_calendar(house):
    """Its year is 2021 whatever the wall says: nothing is over yet."""
    house.clock.now = datetime(2026, 11, 25, tzinfo=UTC)
    first = house.ledger.read(limit=1)[0].event
    shift = (datetime(2021, 8, 2, tzinfo=UTC) - house.clock()).total_seconds()
    turned = c.ClockAdvanced(
        at=noon(date(2021, 8, 2)), by="m01", to=noon(date(2021, 8, 2)), clock_shift_s=shift
    )
    version = len(house.ledger.read(stream=first.stream, limit=99)) + 1
    house.ledger.append([enveloped(turned, cycle=CYCLE, version=version, command="t")])

    assert "talks" not in {d.retention for d in retention(house).due()}


def test_ten_years_after_a_leap_day_is_the_day_before_march():
    assert years_later(date(2024, 2, 29), 10) == date(2034, 2, 28)


@pytest.mark.parametrize(
    ("hour_utc", "hours"), [(18, 1), (19, 24), (20, 23)], ids=["before", "at", "after"]
)
def test_the_next_night_is_three_in_china(hour_utc, hours):
    now = datetime(2021, 8, 1, hour_utc, tzinfo=UTC)

    assert until_next(now) == timedelta(hours=hours)


async def test_p22_the_workflow_destroys_each_night_and_starts_once(kept):
    """On a server that skips time: two nights, two runs, one evidence a class."""
    env = await WorkflowEnvironment.start_time_skipping(
        test_server_existing_path=time_skipping_binary()
    )
    async with env:
        kept.clock.now = datetime(2022, 8, 1, tzinfo=UTC)
        kept.room.door.read(kept.texts["issue"], reader="m01", purpose="rectify")
        settings = Settings(task_queue="q-retention")
        worker = core_worker(
            env.client, settings, lambda: kept.ledger, retention=lambda: retention(kept)
        )
        async with worker:
            await begin(env.client, "q-retention")
            await begin(env.client, "q-retention")
            first = (await env.client.get_workflow_handle(ID).describe()).run_id
            await env.sleep(timedelta(hours=25))
            second = (await env.client.get_workflow_handle(ID).describe()).run_id
            await env.sleep(timedelta(hours=25))
        assert first != second

    assert kept.kinds().count("ContentDestroyed") == 2
    assert left(kept) == {"criticism", "verdict", "issue"}
    assert anchored(kept.ledger).position >= 1


def test_the_terminal_lists_what_is_over(tmp_path, plan):
    shell = terminal(tmp_path, plan)

    assert shell.data("retention", "due") == []
    assert shell("demo", "nanzhang").exit_code == 0
    over = shell.data("retention", "due", "--on", "2041-01-01")
    assert {row["retention"] for row in over} >= {"minutes"}
