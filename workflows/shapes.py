"""What travels between the workflow, its activities and its next run."""

from __future__ import annotations

from dataclasses import dataclass, field

from pydantic import AwareDatetime

from engine.campaign.commands import OpenCampaign
from engine.campaign.state import Campaign
from engine.cycle.commands import OpenCycle
from engine.cycle.state import Cycle
from engine.gateway import Receipt
from engine.plan.calls import HookEnvelope, Roster
from engine.policy.roles import Shield
from engine.record import EventEnvelope, Record

CYCLE_WORKFLOW = "CycleWorkflow"
CAMPAIGN_WORKFLOW = "CampaignWorkflow"
RETENTION_WORKFLOW = "RetentionWorkflow"
DESTROY_DUE = "destroy_due"
APPEND = "append_events"
SNAPSHOT = "snapshot_roster"
MERGE = "merge_plan"
HOOK = "run_hook"
PROVE_OPENING = "prove_opening"
AWAIT_PLAN = "await_plan"
AWAIT_CLOSING = "await_closing"
AWAIT_OPENING = "await_opening"


class Batch(Record):
    """Events to append in one transaction, oldest first."""

    events: tuple[EventEnvelope, ...]


class Opening(Record):
    """What a run that opens asks its worker: who vouches for it, at the time it ``started``.

    ``digest`` is that of everything it starts with, see ``workflows.opening``. ``unit`` is
    empty where no shields are taken from the unit's earlier cycles.
    """

    kind: str
    by: str
    digest: str
    roots: tuple[str, ...]
    proof: str
    started: AwareDatetime
    unit: str = ""
    shields: tuple[Shield, ...] = ()


class MergeRequest(Record):
    """The roster and what each plugin answered."""

    roster: Roster
    envelopes: tuple[HookEnvelope, ...]


@dataclass(frozen=True, kw_only=True)
class Carried:
    """What one run of a cycle hands to the next."""

    cycle: Cycle
    versions: dict[str, int]
    outbox: tuple[EventEnvelope, ...]
    answered: dict[str, Receipt]


@dataclass(frozen=True, kw_only=True)
class CycleStart:
    """The input of a run: the opening for the first, what is carried for the others.

    A run ends before it has ``continue_after`` events: the loop stops taking new work
    ``margin`` events earlier. Runs recorded before there was a margin have none.

    ``roots`` are the public keys under which somebody has to vouch for whoever sends a
    command, see ``engine.people.actor``; a cycle opened without any takes every command.
    ``proof`` is the assertion for the opening itself.
    """

    opening: OpenCycle | None = None
    carried: Carried | None = None
    plugin_queue: str = "taizhang-plugins"
    plugin_wait_s: int = 60
    plugins: tuple[str, ...] | None = None
    continue_after: int = 400
    margin: int = 0
    roots: tuple[str, ...] = ()
    proof: str = ""


@dataclass(frozen=True, kw_only=True)
class CycleEnd:
    """What remains in Temporal of an archived cycle."""

    cycle: str
    issues: int
    versions: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class CampaignCarried:
    """What one run of a campaign hands to the next."""

    campaign: Campaign
    version: int
    outbox: tuple[EventEnvelope, ...]
    answered: dict[str, Receipt]


@dataclass(frozen=True, kw_only=True)
class CampaignStart:
    """The input of a run: the opening for the first, what is carried for the others."""

    opening: OpenCampaign | None = None
    carried: CampaignCarried | None = None
    continue_after: int = 400
    roots: tuple[str, ...] = ()
    proof: str = ""


@dataclass(frozen=True, kw_only=True)
class CampaignEnd:
    """What remains in Temporal of a reported campaign."""

    campaign: str
    version: int
