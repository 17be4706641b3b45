"""A gateway without a server: the rules alone, for tests of what stands on a gateway."""

from __future__ import annotations

from engine.campaign.decide import decide, open_campaign
from engine.campaign.parse import enveloped, parse, stream_of
from engine.campaign.state import fold, folded, moment
from engine.gateway import CampaignExists, CampaignNotFound, CommandRefused, Receipt
from engine.plan.merge import merge
from engine.refusal import Refused
from engine.runs import Pending, Retried, Run
from engine.scenario.errands import Ran
from engine.testing.rules import WALL, AtOnce, RulesAlone

__all__ = ["WALL", "EchoingErrands", "InProcessCampaigns", "InProcessGateway"]


class InProcessGateway(AtOnce):
    """Plans every cycle with the same contributions."""

    def __init__(self, contributions=()) -> None:
        super().__init__(RulesAlone(lambda _: merge(contributions)))
        self.ledger = self.rules.ledger
        self.cycles = self.rules.cycles


class InProcessCampaigns:
    """Answers as the door to campaigns does, at once; writes in the ledger it is given."""

    def __init__(self, ledger) -> None:
        self.ledger = ledger
        self.campaigns = {}

    async def open(self, command):
        if command.campaign in self.campaigns:
            raise CampaignExists(command.campaign)
        events = self._decided(lambda: open_campaign(command, now=WALL))
        self.campaigns[command.campaign] = folded(events)
        self._append(command.campaign, events, "open")

    async def submit(self, campaign, kind, body, *, command_id):
        state = self.campaigns.get(campaign)
        if state is None:
            raise CampaignNotFound(campaign)
        events = self._decided(
            lambda: decide(state, parse(kind, body), now=moment(state, WALL))
        )
        self.campaigns[campaign] = fold(state, events)
        self._append(campaign, events, command_id)
        kinds = tuple(event.kind for event in events)
        return Receipt(command=command_id, digest="", events=kinds, versions={})

    def _decided(self, rule):
        try:
            return rule()
        except Refused as refused:
            raise CommandRefused.because(refused) from None

    def _append(self, campaign, events, command):
        version = len(self.ledger.read(stream=stream_of(campaign), limit=9999))
        self.ledger.append(
            [
                enveloped(event, campaign=campaign, version=number, command=command)
                for number, event in enumerate(events, version + 1)
            ]
        )


class InProcessRuns:
    """One run that an operator has ended or has not."""

    status = "running"

    async def show(self, workflow):
        events = (
            Pending(activity="append_events", attempt=3, failure="LedgerUnavailableError"),
        )
        return Run(
            workflow=workflow, run="r1", status=self.status, started=WALL, events=7,
            pending=events if self.status == "running" else (),
        )  # fmt: skip

    async def retry(self, workflow, *, reason):
        ended, self.status = self.status == "terminated", "running"
        return Retried(run="r2") if ended else Retried(activities=("append_events",))

    async def terminate(self, workflow, *, reason):
        self.status = "terminated"


class EchoingErrands:
    """Runs no process: a command says its words, and ``refuse`` is refused."""

    def __init__(self) -> None:
        self.asked = []

    async def run(self, plugin, unit, words, *, today):
        self.asked.append((plugin, unit, tuple(words), today.isoformat()))
        return Ran(code=int("refuse" in words), said="\n".join(words))
