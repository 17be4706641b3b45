"""Record histories of today's workflow for the replay tests: run it after a release.

    python tests/workflows/record_histories.py VERSION [campaigns|nights|openings|STORY]

With ``campaigns``, ``nights``, ``openings`` or the name of a story those alone are recorded.
Histories are never overwritten and never deleted while such cycles may run.
"""

from __future__ import annotations

import asyncio
import json
import sys
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from tempfile import mkdtemp

from temporalio.testing import WorkflowEnvironment

sys.path.insert(0, str(Path(__file__).parent.parent))
sys.path.insert(0, str(Path(__file__).parent.parent.parent))

from campaign.roster import EVERY, NOON, OPENING

from engine.campaign.parse import stream_of
from engine.gateway import CommandRefused
from engine.ledger.memory import InMemoryLedger
from engine.ledger.sql import wall_clock
from engine.people.keys import ActorKeys
from engine.policy.rules import Retained
from engine.reading.retention import Retention
from engine.scenario.load import find, load
from engine.scenario.play import play
from engine.settings import Settings
from engine.vault.memory import InMemoryVault
from workflows.attributes import MEETING_ON, OPEN_ISSUES, STATUS, UNIT
from workflows.campaigns import TemporalCampaigns
from workflows.converter import CONVERTER
from workflows.gateway import TemporalGateway, workflow_id
from workflows.places import temporal_binary, time_skipping_binary
from workflows.retention import ID, begin
from workflows.worker import core_worker, host_worker

FOLDER = Path(__file__).parent / "histories"
LIGHTS = Path(__file__).parent / "lights.yaml"
RIGHTS = Path(__file__).parent / "rights.yaml"
SCENARIO = load(find("nanzhang"))
SEALED = f"sealed:{'1' * 32}:{'2' * 64}"


async def plain(gateway, name):
    await play(
        SCENARIO.named(name), gateway, InMemoryVault(),
        told=lambda _: None, limit_bytes=16384,
    )  # fmt: skip


async def refused(gateway, name):
    await gateway.open(SCENARIO.named(name).opening())
    for number, (kind, body) in enumerate(
        [("file_plan", {"by": "m02", "content": SEALED}), ("archive_cycle", {"by": "m10"})]
    ):
        try:
            await gateway.submit(name, kind, body, command_id=f"r{number}")
        except CommandRefused:
            continue
    await gateway.submit(name, "file_plan", {"by": "m01", "content": SEALED}, command_id="f")


async def halted_and_rerun(gateway, name):
    upto = next(
        n for n, a in enumerate(SCENARIO.acts) if a.do == "close_meeting" and not a.refused
    )
    part = SCENARIO.named(name).model_copy(update={"acts": SCENARIO.acts[:upto]})
    await play(part, gateway, InMemoryVault(), told=lambda _: None, limit_bytes=16384)
    guests = [("check_in_guest", {"by": "m04", "guest": f"g{n}"}) for n in range(1, 7)]
    opened = {
        "by": "m01",
        "present": [f"m{n:02d}" for n in range(1, 18)],
        "chair": "m01",
        "recorder": "m04",
    }
    for number, (kind, body) in enumerate(
        [
            ("halt_cycle", {"by": "gg", "reason": SEALED}),
            ("resume_cycle", {"by": "gg"}),
            ("halt_cycle", {"by": "gg", "reason": SEALED}),
            ("order_rerun", {"by": "sup", "meeting_on": "2021-08-06", "reason": SEALED}),
            ("advance_clock", {"by": "m01", "to": "2021-08-06T01:00:00Z"}),
            *guests,
            ("open_meeting", opened),
        ]
    ):
        await gateway.submit(name, kind, body, command_id=f"h{number}")


async def lit(gateway, name):
    """A hundred days of an issue that nobody works on, in a pack with lights."""
    script = load(LIGHTS).named(name)
    await play(script, gateway, InMemoryVault(), told=lambda _: None, limit_bytes=16384)
    for day in (69, 75, 85, 95, 130):
        body = {"by": "sec", "to": script.moment(day).isoformat()}
        await gateway.submit(name, "advance_clock", body, command_id=f"day-{day}")
    body = {"by": "sec", "issue": 1, "successor": "com", "reason": SEALED}
    await gateway.submit(name, "hand_over_issue", body, command_id="hand-over")


async def rights(gateway, name):
    """A poll, a contested criticism, a verdict told, an appeal upheld, and what came of it."""
    script = load(RIGHTS).named(name)
    await play(script, gateway, InMemoryVault(), told=lambda _: None, limit_bytes=16384)


async def campaign(client, settings, name):
    """A campaign to its report; the counts of one self-search, and one refusal."""
    campaigns = TemporalCampaigns(client, settings)
    await campaigns.open(OPENING.model_copy(update={"campaign": name}))
    counts = {"body": "c1", "members": 9, "study": 4, "thought": 3, "action": 2}
    await campaigns.submit(name, "close_self_search", {"by": "lead", **counts}, command_id="s")
    for kind in ("file_body_plans", "refine_body_plans", "guide_bodies"):
        if kind == "guide_bodies":
            with suppress(CommandRefused):
                await campaigns.submit(name, "report_campaign", {"by": "sup"}, command_id="r")
        for body in EVERY:
            asked = {"by": "sup", "bodies": [body]}
            await campaigns.submit(name, kind, asked, command_id=f"{kind}-{body}")
    to = (NOON + timedelta(days=2)).isoformat()
    await campaigns.submit(name, "advance_clock", {"by": "sup", "to": to}, command_id="day")
    await campaigns.submit(name, "report_campaign", {"by": "sup"}, command_id="end")
    await client.get_workflow_handle(stream_of(name)).result()


async def reviewed(gateway, name):
    """The same cycle, with a plugin that is asked before each issue is signed off."""
    units = tuple(
        unit.model_copy(update={"plugins": (*unit.plugins, "practical_deeds")})
        for unit in SCENARIO.units
    )
    closed = next(n for n, a in enumerate(SCENARIO.acts) if a.do == "close_issue" and a.each)
    changed = {"units": units, "acts": SCENARIO.acts[: closed + 1]}
    script = SCENARIO.model_copy(update=changed).named(name)
    await play(script, gateway, InMemoryVault(), told=lambda _: None, limit_bytes=16384)


STORIES = {
    "plain": plain, "refused": refused, "halted-and-rerun": halted_and_rerun, "lit": lit,
    "reviewed": reviewed, "rights": rights,
}  # fmt: skip
KEPT_RUNS = 3


async def record(version: str, only: str = "") -> None:
    if only in ("", "nights"):
        await nights(version)
    if only == "nights":
        return
    env = await WorkflowEnvironment.start_local(
        data_converter=CONVERTER, dev_server_existing_path=temporal_binary(),
        search_attributes=[UNIT, STATUS, MEETING_ON, OPEN_ISSUES], dev_server_log_level="error",
    )  # fmt: skip
    async with env:
        if only in ("", "openings"):
            await openings(env.client, version)
        if only == "openings":
            return
        for limit, stories in [(100_000, STORIES), (150, {"continued-as-new": plain})]:
            settings = Settings(
                task_queue=f"q{limit}",
                plugin_task_queue=f"p{limit}",
                continue_after_events=limit,
            )
            ledger = InMemoryLedger()
            async with (
                core_worker(env.client, settings, lambda kept=ledger: kept),
                host_worker(env.client, settings),
            ):
                for story, tell in stories.items():
                    if only not in ("", story):
                        continue
                    await tell(TemporalGateway(env.client, settings), story)
                    await keep(env.client, workflow_id(story), version)
            if only in ("", "campaigns"):
                await campaigned(env.client, settings, version)


async def openings(client, version):
    """What is opened by a gateway that vouches for it, and a cycle by one nobody knows."""
    settings = Settings(
        task_queue="q-openings", plugin_task_queue="p-openings", plugins="",
        continue_after_events=60, append_linger_s=0,
    )  # fmt: skip
    ledger, keys, others = InMemoryLedger(), *(ActorKeys(Path(mkdtemp())) for _ in range(2))
    keys.roots(wall_clock())
    async with core_worker(client, settings, lambda: ledger, keys=keys):
        gateway = TemporalGateway(client, settings, keys)
        await gateway.open(unplanned("vouched"))
        filed = {"by": "m01", "content": SEALED}
        await gateway.submit("vouched", "file_plan", filed, command_id="f")
        await gateway.submit("vouched", "accept_filing", {"by": "sup"}, command_id="a")
        for number in range(12):
            body = {"by": "m05", "batch": f"b{number}", "channel": "forum"}
            await gateway.submit(
                "vouched", "close_opinion_batch", body, command_id=f"b{number}"
            )
        with suppress(CommandRefused):
            await TemporalGateway(client, settings, others).open(unplanned("not-vouched"))
        campaigns = TemporalCampaigns(client, settings, keys)
        await campaigns.open(OPENING.model_copy(update={"campaign": "campaign-vouched"}))
    for workflow in (
        workflow_id("vouched"),
        workflow_id("not-vouched"),
        stream_of("campaign-vouched"),
    ):
        await keep(client, workflow, version)


def unplanned(name):
    return SCENARIO.named(name).opening().model_copy(update={"plugins": ()})


async def campaigned(client, settings, version):
    """Record the campaign: whole, and in runs of its own when the limit is small."""
    name = "campaign" if settings.continue_after_events > 1000 else "campaign-carried"
    small = settings.model_copy(update={"continue_after_events": 40, "append_linger_s": 0})
    chosen = settings if name == "campaign" else small
    ledger = InMemoryLedger()
    async with core_worker(client, chosen, lambda: ledger):
        await campaign(client, chosen, name)
    await keep(client, stream_of(name), version)


async def nights(version):
    """Two nights of retention, on a server that skips time; nothing is due."""
    env = await WorkflowEnvironment.start_time_skipping(
        data_converter=CONVERTER, test_server_existing_path=time_skipping_binary()
    )
    async with env:
        settings = Settings(task_queue="q-nights")
        vault, ledger = InMemoryVault(), InMemoryLedger()
        kept = Retention(lambda: vault, ledger, lambda: (), Retained())
        async with core_worker(env.client, settings, lambda: ledger, retention=lambda: kept):
            await begin(env.client, settings.task_queue)
            first = (await env.client.get_workflow_handle(ID).describe()).run_id
            await env.sleep(timedelta(hours=25))
        handle = env.client.get_workflow_handle(ID, run_id=first)
        history = json.loads((await handle.fetch_history()).to_json())
        path = FOLDER / f"{version}-retention-1.json"
        path.write_text(json.dumps(history, separators=(",", ":")), "utf-8")
        print(path.name)


async def keep(client, workflow, version):
    """Write the history of the first two runs and the last of the story's workflow."""
    runs = [w async for w in client.list_workflows(f"WorkflowId = '{workflow}'")]
    story = workflow.partition("/")[2]
    runs.sort(key=lambda w: w.start_time)
    every = list(enumerate(runs, 1))
    for number, run in every if len(every) <= KEPT_RUNS else (every[0], every[1], every[-1]):
        handle = client.get_workflow_handle(run.id, run_id=run.run_id)
        path = FOLDER / f"{version}-{story}-{number}.json"
        history = untraced(json.loads((await handle.fetch_history()).to_json()))
        path.write_text(json.dumps(history, separators=(",", ":")), "utf-8")
        print(path.name)


def untraced(value):
    """What was recorded, without the places of this machine in a stack trace."""
    if isinstance(value, dict):
        return {k: untraced(v) for k, v in value.items() if k != "stackTrace"}
    return [untraced(each) for each in value] if isinstance(value, list) else value


if __name__ == "__main__":
    asyncio.run(record(*sys.argv[1:]))
