"""How events of members' rights change a cycle. Places facts, never refuses."""

from __future__ import annotations

from dataclasses import replace

from engine.cycle import events as e
from engine.cycle.state import Appeal, Cycle, Proposal
from engine.policy.calendar import local_day


def evolve_rights(cycle: Cycle, event: e.AnyEvent) -> Cycle:
    """Return the cycle with what ``event`` says of rights; unchanged when it says nothing."""
    match event:
        case e.CriticismDecided(item=number, outcome=outcome, by=by):
            item = replace(cycle.criticisms[number - 1], decided=outcome, decided_by=by)
            before, after = cycle.criticisms[: number - 1], cycle.criticisms[number:]
            return replace(cycle, criticisms=(*before, item, *after))
        case e.VerdictProposed(member=member, grade=grade, content=content, at=at, by=by):
            shown_on = local_day(at)
            proposal = Proposal(grade=grade, shown_on=shown_on, content=content, judges=(by,))
            return replace(cycle, proposals={**cycle.proposals, member: proposal})
        case e.VerdictReplied(member=member, outcome=outcome):
            answered = replace(cycle.proposals[member], reply=outcome)
            return replace(cycle, proposals={**cycle.proposals, member: answered})
        case e.VerdictDecided(member=member, outcome=outcome, by=by):
            shown = cycle.proposals[member]
            decided = replace(shown, decided=outcome, judges=(*shown.judges, by))
            return replace(cycle, proposals={**cycle.proposals, member: decided})
        case e.VerdictStruck(member=member):
            kept = {m: p for m, p in cycle.proposals.items() if m != member}
            told = tuple(m for m in cycle.told if m != member)
            return replace(_with_strike_spent(cycle), proposals=kept, told=told)
        case e.AppealFiled() | e.RetaliationReported():
            return replace(cycle, appeals=(*cycle.appeals, _filed(event)))
        case e.AppealDecided(outcome="upheld"):
            return _with_verdicts_open(_with_appeal(cycle, event), event.appeal)
        case e.AppealAcknowledged() | e.AppealLate() | e.AppealDecided():
            return _with_appeal(cycle, event)
        case e.CycleArchived(at=at):
            return replace(cycle, archived_on=local_day(at))
        case _:
            return cycle


def _filed(event: e.AppealFiled | e.RetaliationReported) -> Appeal:
    about, texts = "retaliation", [event.content]
    if isinstance(event, e.AppealFiled):
        about = event.about
    else:
        texts.append(event.copy_for_superior)
    return Appeal(
        about=about, acknowledge_by=event.acknowledge_by.day, decide_by=event.decide_by,
        texts=tuple(texts),
    )  # fmt: skip


def _with_verdicts_open(cycle: Cycle, number: int) -> Cycle:
    """Mark every verdict shown by now alike: which of them was meant is nowhere."""
    if cycle.appeals[number - 1].about == "retaliation":
        return cycle
    marked = {m: replace(p, appeal_upheld=True) for m, p in cycle.proposals.items()}
    return replace(_with_strikes(cycle, number, True), proposals=marked)


def _with_strikes(cycle: Cycle, number: int, strikes: bool) -> Cycle:
    before, after = cycle.appeals[: number - 1], cycle.appeals[number:]
    appeal = replace(cycle.appeals[number - 1], strikes=strikes)
    return replace(cycle, appeals=(*before, appeal, *after))


def _with_strike_spent(cycle: Cycle) -> Cycle:
    """Use up the first appeal there is to strike for; a cycle of old may strike for none."""
    left = (number for number, appeal in enumerate(cycle.appeals, 1) if appeal.strikes)
    number = next(left, None)
    return cycle if number is None else _with_strikes(cycle, number, False)


def _with_appeal(
    cycle: Cycle, event: e.AppealAcknowledged | e.AppealLate | e.AppealDecided
) -> Cycle:
    number = event.appeal
    appeal = cycle.appeals[number - 1]
    match event:
        case e.AppealAcknowledged():
            appeal = replace(appeal, acknowledged=True)
        case e.AppealLate(what=what):
            appeal = replace(appeal, late=(*appeal.late, what))
        case e.AppealDecided(reason=reason):
            texts = (*appeal.texts, reason)
            appeal = replace(appeal, acknowledged=True, decided=True, texts=texts)
    before, after = cycle.appeals[: number - 1], cycle.appeals[number:]
    return replace(cycle, appeals=(*before, appeal, *after))
