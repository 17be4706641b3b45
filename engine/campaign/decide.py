"""The rules of a campaign: what a command causes, or every reason against it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import assert_never

from engine.campaign import commands as c, errors, events as e
from engine.campaign.bodies import Progress, reached
from engine.campaign.state import Campaign
from engine.cycle.errors import ClockGoesForward, NotPermitted
from engine.refusal import Refused, refuse


def open_campaign(command: c.OpenCampaign, *, now: datetime) -> tuple[e.CampaignEvent, ...]:
    """Return the first event of a campaign; ``now`` is the wall clock.

    Raises:
        Refused: somebody or some body is there twice, or ``by`` is no superior officer.
    """
    refuse(_roster(command))
    start = command.rehearsal_from or now
    return (
        e.CampaignOpened(
            campaign=command.campaign, bodies=command.bodies, people=command.people,
            rehearsal=command.rehearsal_from is not None,
            clock_shift_s=(start - now).total_seconds(), at=start, by=command.by,
        ),
    )  # fmt: skip


def _roster(command: c.OpenCampaign) -> Iterator[Refused]:
    for name, ids in (
        ("bodies", [body.id for body in command.bodies]),
        ("people", [person.id for person in command.people]),
    ):
        if twice := _twice(ids):
            yield errors.BadCampaign(f"{name} twice: {', '.join(twice)}")
    opener = next((p for p in command.people if p.id == command.by), None)
    if opener is None or not opener.holds(("superior_officer",)):
        yield NotPermitted(command.by, command.kind, ("superior_officer",))


def _twice(ids: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(name for name, count in Counter(ids).items() if count > 1))


def decide(
    campaign: Campaign, command: c.CampaignCommand, *, now: datetime
) -> tuple[e.CampaignEvent, ...]:
    """Return the events ``command`` causes, or raise ``Refused`` with every reason.

    ``now`` is the campaign's own moment: the wall clock plus ``clock_shift_s``.
    """
    refuse((*_out_of_place(campaign, command), *_against(campaign, command, now)))
    match command:
        case c.FileBodyPlans(by=by):
            return tuple(e.BodyPlanFiled(body=b, at=now, by=by) for b in command.bodies)
        case c.RefineBodyPlans(by=by):
            return tuple(e.BodyPlanRefined(body=b, at=now, by=by) for b in command.bodies)
        case c.GuideBodies(by=by):
            return tuple(e.BodyGuided(body=b, at=now, by=by) for b in command.bodies)
        case c.CloseSelfSearch():
            return (e.SelfSearchClosed(**command.model_dump(exclude={"kind"}), at=now),)
        case c.ReportCampaign(by=by):
            return (e.CampaignReported(at=now, by=by),)
        case c.AdvanceClock(by=by, to=to):
            shift = campaign.clock_shift_s + (to - now).total_seconds()
            return (e.CampaignClockAdvanced(to=to, clock_shift_s=shift, at=now, by=by),)
        case _ as unreachable:
            assert_never(unreachable)


def _out_of_place(campaign: Campaign, command: c.CampaignCommand) -> Iterator[Refused]:
    person = campaign.people.get(command.by)
    wanted = c.MAY[command.kind]
    if person is None:
        yield errors.UnknownCampaigner(command.by)
    elif not person.holds(wanted):
        yield NotPermitted(person.id, command.kind, wanted)
    if campaign.reported:
        yield errors.CampaignOver()


def _against(
    campaign: Campaign, command: c.CampaignCommand, now: datetime
) -> Iterator[Refused]:
    """Yield what the rules of this command have against it."""
    match command:
        case c.FileBodyPlans(bodies=bodies):
            yield from _turn(campaign, bodies, "not_filed")
        case c.RefineBodyPlans(bodies=bodies):
            yield from _turn(campaign, bodies, "filed")
        case c.GuideBodies(bodies=bodies):
            yield from _turn(campaign, bodies, "refined")
        case c.CloseSelfSearch():
            yield from _search(campaign, command)
        case c.ReportCampaign():
            if behind := lacking(campaign, "guided"):
                yield errors.BodiesBehind(behind)
        case c.AdvanceClock(to=to):
            if not campaign.rehearsal:
                yield errors.CampaignNotRehearsed()
            elif to < now:
                yield ClockGoesForward(now.isoformat(), to.isoformat())


def _turn(campaign: Campaign, bodies: tuple[str, ...], wanted: Progress) -> Iterator[Refused]:
    """Yield each body that is not there, is named twice, or has another verb to come."""
    yield from map(errors.NamedTwice, _twice(bodies))
    for body in dict.fromkeys(bodies):
        progress = campaign.progress.get(body)
        if progress is None:
            yield errors.UnknownBody(body)
        elif progress != wanted:
            yield errors.OutOfTurn(body, progress, wanted)


def _search(campaign: Campaign, command: c.CloseSelfSearch) -> Iterator[Refused]:
    entries = command.study + command.thought + command.action
    if command.body not in campaign.tiers:
        yield errors.UnknownBody(command.body)
    elif command.body in campaign.searched:
        yield errors.SearchClosed(command.body)
    if entries < command.members:
        yield errors.EntriesMissing(command.body, command.members, entries)


def lacking(campaign: Campaign, verb: Progress) -> tuple[str, ...]:
    """Return the bodies that do not have ``verb`` behind them, in the order of the roster."""
    return tuple(b for b, progress in campaign.progress.items() if not reached(progress, verb))
