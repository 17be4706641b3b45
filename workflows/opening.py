"""Whoever opens is vouched for: what is signed, and what a run asks before it records anything.

A cycle or campaign pins the roots it trusts, and whoever starts workflows writes what they
start with. So before its first event a run that was started from outside asks its worker,
who knows the roots of this installation.
"""

from __future__ import annotations

from dataclasses import fields
from datetime import timedelta
from typing import Any

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError

from engine.campaign.commands import OpenCampaign
from engine.cycle.commands import OpenCycle
from engine.cycle.shield import takes_shields
from engine.people.actor import ActorNotProved
from engine.record import digest
from workflows.answers import REFUSED, refusal
from workflows.recording import FOR_EVER, insist
from workflows.shapes import PROVE_OPENING, CampaignStart, CycleStart, Opening

PATCH = "opening-is-proved"
PROVED_WITHIN = timedelta(seconds=20)
APART = ("opening", "carried", "proof")


def content(start: CycleStart | CampaignStart) -> str:
    """Return the digest of all that ``start`` opens with, for its proof.

    What has its default is left out: an opening may wait in a queue until a worker takes it
    that knows more fields.
    """
    assert start.opening is not None
    beside = {f.name: getattr(start, f.name) for f in fields(start) if f.name not in APART}
    defaults = {f.name: f.default for f in fields(start)}
    said = {name: value for name, value in beside.items() if value != defaults[name]}
    opening = start.opening.model_dump(mode="json", exclude_defaults=True)
    return digest({**said, "opening": opening})


def from_outside() -> bool:
    """Say whether somebody started this run, rather than the run before it.

    Where it comes from is the server's word. With a schedule or retries the server itself
    lets a run follow another, with the input of whoever started the first.
    """
    info = workflow.info()
    followed = info.continued_run_id is not None
    return not followed or bool(info.cron_schedule) or info.retry_policy is not None


def _shields(opening: OpenCycle | OpenCampaign) -> dict[str, Any]:
    """Return what the worker compares with the unit's earlier cycles, see ``Opening``."""
    if isinstance(opening, OpenCycle) and takes_shields(opening):
        return {"unit": opening.unit, "shields": opening.shields or ()}
    return {}


async def unproved(start: CycleStart | CampaignStart) -> ApplicationError | None:
    """Return what a run has to fail with because nobody vouches for it; None goes ahead.

    Runs recorded before there were proofs are not asked.
    """
    outside = from_outside()
    if (start.carried and not outside) or not workflow.patched(PATCH):
        return None
    if start.carried or start.opening is None:
        return refusal(ActorNotProved("missing"))
    asked = Opening(
        kind=start.opening.kind, by=start.opening.by, digest=content(start),
        roots=start.roots, proof=start.proof, started=workflow.info().workflow_start_time,
        **_shields(start.opening),
    )  # fmt: skip
    try:
        insist(await workflow.execute_activity(
            PROVE_OPENING, asked, start_to_close_timeout=PROVED_WITHIN, retry_policy=FOR_EVER,
            summary="核对由谁开启 | who opens this",
        ))  # fmt: skip
    except ActivityError as error:
        if isinstance(error.cause, ApplicationError) and error.cause.type == REFUSED:
            return error.cause
        raise
    return None
