"""CampaignWorkflow: one per campaign, a loop without rules.

Handlers decide, fold and fill the outbox; only the run loop waits and acts.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from temporalio import workflow
from temporalio.common import RawValue
from temporalio.exceptions import ApplicationError

with workflow.unsafe.imports_passed_through():
    from engine.campaign.commands import CampaignCommand
    from engine.campaign.decide import decide, open_campaign
    from engine.campaign.events import CampaignEvent
    from engine.campaign.parse import enveloped, parse, stream_of
    from engine.campaign.rollup import waits_for
    from engine.campaign.state import Campaign, fold, folded, moment
    from engine.cycle.errors import CommandUnreadable
    from engine.gateway import Receipt
    from engine.record import digest
    from engine.refusal import Refused
    from engine.vault.unreadable import PayloadUnreadableError
    from workflows.answers import argument, prove_actor, refusal
    from workflows.enduring import endured, told
    from workflows.opening import unproved
    from workflows.recording import Recording, command_id
    from workflows.shapes import (
        AWAIT_OPENING,
        CAMPAIGN_WORKFLOW,
        CampaignCarried,
        CampaignEnd,
        CampaignStart,
    )


@workflow.defn(name=CAMPAIGN_WORKFLOW)
class CampaignWorkflow:
    """Holds a campaign from the opening to the report upward."""

    @workflow.init
    def __init__(self, start: CampaignStart) -> None:
        self._start = start
        self._refusal: ApplicationError | None = None
        self._opened = False
        self._campaign: Campaign
        self._recording: Recording
        if start.carried:
            kept = start.carried
            self._campaign = kept.campaign
            self._recording = Recording(
                versions={stream_of(kept.campaign.id): kept.version},
                outbox=deque(kept.outbox), answered=dict(kept.answered),
            )  # fmt: skip
        else:
            self._open(start)

    def _open(self, start: CampaignStart) -> None:
        """Decide the opening; a refusal is kept for ``run``, which fails with it."""
        self._recording = Recording()
        if start.opening is None:
            return  # refused by ``unproved`` before anything is recorded
        try:
            events = open_campaign(start.opening, now=workflow.now())
        except Refused as refused:
            self._refusal = refusal(refused)
            return
        self._campaign = folded(events)
        self._post(events, "open_campaign", digest(start.opening.model_dump(mode="json")))

    @workflow.run
    async def run(self, start: CampaignStart) -> CampaignEnd:
        """Keep the ledger up to date until the campaign is reported."""
        return await endured(self._work(start))

    async def _work(self, start: CampaignStart) -> CampaignEnd:
        self._refusal = self._refusal or await unproved(start)
        if self._refusal:
            await workflow.wait_condition(workflow.all_handlers_finished)
            raise self._refusal
        self._opened = True
        while not self._campaign.reported or self._recording.outbox:
            workflow.set_current_details(told(waits_for(self._campaign)))
            await workflow.wait_condition(lambda: bool(self._recording.outbox))
            await self._recording.flush()
            if self._run_is_long():
                await workflow.wait_condition(workflow.all_handlers_finished)
                workflow.continue_as_new(self._next_start())
        await workflow.wait_condition(workflow.all_handlers_finished)
        return CampaignEnd(campaign=self._campaign.id, version=self._version())

    @workflow.update(name=AWAIT_OPENING, description="待核对开启人 | once it is opened")
    async def await_opening(self) -> str:
        """Return the campaign's id once somebody vouches for its opening; changes nothing."""
        await workflow.wait_condition(lambda: self._opened or self._refusal is not None)
        if self._refusal:
            raise self._refusal
        return self._campaign.id

    @workflow.update(dynamic=True)
    def submit(self, name: str, args: Sequence[RawValue]) -> Receipt:
        """Decide and fold in one breath: no ``await``, so nothing interleaves."""
        command, key = self._parsed(name, args)
        try:
            if known := self._recording.known(command_id(), key):
                return known
            events = decide(self._campaign, command, now=self._now())
        except Refused as refused:
            raise refusal(refused) from None
        self._campaign = fold(self._campaign, events)
        return self._post(events, command_id(), key)

    @submit.validator
    def refuse_early(self, name: str, args: Sequence[RawValue]) -> None:
        """Refuse before anything is written to history."""
        try:
            command, key = self._parsed(name, args)
            prove_actor(self._start.roots, command, name, command_id(), args)
            if not self._recording.known(command_id(), key):
                decide(self._campaign, command, now=self._now())
        except Refused as refused:
            raise refusal(refused) from None
        except PayloadUnreadableError as error:
            raise refusal(CommandUnreadable(error.why, error.key)) from None

    def _parsed(self, name: str, args: Sequence[RawValue]) -> tuple[CampaignCommand, str]:
        """Return the command with its digest."""
        try:
            command = parse(name, argument(name, args))
        except Refused as refused:
            raise refusal(refused) from None
        return command, digest(command.model_dump(mode="json"))

    def _now(self) -> datetime:
        return moment(self._campaign, workflow.now())

    def _post(self, events: Sequence[CampaignEvent], command: str, key: str) -> Receipt:
        campaign, stream = self._campaign.id, stream_of(self._campaign.id)
        numbered = tuple(
            enveloped(
                event, campaign=campaign, version=self._recording.next(stream), command=command
            )
            for event in events
        )
        return self._recording.answer(self._recording.post(numbered, command, key))

    def _version(self) -> int:
        return self._recording.versions[stream_of(self._campaign.id)]

    def _run_is_long(self) -> bool:
        info = workflow.info()
        long = info.get_current_history_length() >= self._start.continue_after
        return (long or info.is_continue_as_new_suggested()) and not self._campaign.reported

    def _next_start(self) -> CampaignStart:
        carried = CampaignCarried(
            campaign=self._campaign, version=self._version(),
            outbox=tuple(self._recording.outbox), answered=self._recording.latest(),
        )  # fmt: skip
        return replace(self._start, opening=None, carried=carried)
