"""A campaign on a real server: recorded once, refused without a trace, carried over."""

from __future__ import annotations

import asyncio

import pytest
from campaign.roster import EVERY, OPENING
from stack import Running

from engine.campaign.parse import stream_of
from engine.gateway import CampaignClosed, CampaignExists, CampaignNotFound, CommandRefused
from engine.settings import Settings
from workflows.campaigns import TemporalCampaigns

VERBS = ("file_body_plans", "refine_body_plans", "guide_bodies")


async def verbs(campaigns, name, *bodies):
    for body in bodies:
        for kind in VERBS:
            await campaigns.submit(
                name, kind, {"by": "sup", "bodies": [body]}, command_id=f"{kind}-{body}"
            )


async def settled(running, name, count):
    """The kinds of the campaign's events, once there are ``count``."""
    for _ in range(200):
        rows = running.ledger.read(stream=stream_of(name), limit=999)
        if len(rows) >= count:
            return [row.event.kind for row in rows]
        await asyncio.sleep(0.05)
    raise AssertionError(f"{len(rows)} of {count} events")


async def runs_of(client, name):
    return [run async for run in client.list_workflows(f"WorkflowId = '{stream_of(name)}'")]


async def test_a_campaign_runs_to_its_report_and_takes_nothing_more(running):
    campaigns = TemporalCampaigns(running.client, running.settings)
    name = "whole"
    await campaigns.open(OPENING.model_copy(update={"campaign": name}))
    await verbs(campaigns, name, *EVERY)
    await campaigns.submit(name, "report_campaign", {"by": "sup"}, command_id="end")
    await running.client.get_workflow_handle(stream_of(name)).result()
    kinds = await settled(running, name, 20)

    assert kinds == [
        "CampaignOpened",
        *["BodyPlanFiled", "BodyPlanRefined", "BodyGuided"] * 6,
        "CampaignReported",
    ]
    with pytest.raises(CampaignClosed):
        await campaigns.submit(name, "report_campaign", {"by": "sup"}, command_id="late")
    with pytest.raises(CampaignExists):
        await campaigns.open(OPENING.model_copy(update={"campaign": name}))


async def test_a_refused_command_tells_every_reason_and_leaves_no_event(running):
    campaigns = TemporalCampaigns(running.client, running.settings)
    await campaigns.open(OPENING.model_copy(update={"campaign": "strict"}))
    with pytest.raises(CommandRefused) as refused:
        await campaigns.submit(
            "strict", "guide_bodies", {"by": "lead", "bodies": ["c1", "x"]}, command_id="g"
        )
    history = await running.client.get_workflow_handle(stream_of("strict")).fetch_history()

    assert [reason.code for reason in refused.value.reasons] == [
        "not_permitted", "out_of_turn", "unknown_body",
    ]  # fmt: skip
    accepted = "workflow_execution_update_accepted_event_attributes"
    assert [
        getattr(e, accepted).accepted_request.input.name
        for e in history.events
        if e.HasField(accepted)
    ] == ["await_opening"]
    with pytest.raises(CampaignNotFound):
        await campaigns.submit("nowhere", "report_campaign", {"by": "sup"}, command_id="n")


async def test_a_command_sent_twice_happens_once_also_in_the_next_run(server):
    settings = Settings(
        task_queue="q-carried", plugin_task_queue="p-carried", continue_after_events=30
    )
    running = Running(server.client, settings)
    campaigns = TemporalCampaigns(server.client, settings)
    body = {"by": "sup", "bodies": ["c1"]}
    async with running.workers(host=False):
        await campaigns.open(OPENING.model_copy(update={"campaign": "carried"}))
        first = await campaigns.submit("carried", VERBS[0], body, command_id="once")
        await verbs(campaigns, "carried", *EVERY[1:])
        again = await campaigns.submit("carried", VERBS[0], body, command_id="once")
        with pytest.raises(CommandRefused, match="something else"):
            await campaigns.submit(
                "carried", VERBS[0], {**body, "bodies": ["u1"]}, command_id="once"
            )
        kinds = await settled(running, "carried", 17)

    assert again == first
    assert kinds.count("BodyPlanFiled") == len(EVERY)
    assert len(await runs_of(server.client, "carried")) > 1
    assert running.ledger.verify().ok
