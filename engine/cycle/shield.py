"""Nobody judges whoever criticised them: in the same cycle and for a while after (P12).

Who criticised whom is on record by ids alone; what was said stays sealed. A shield begins
when the criticism is taken down, confirmed or not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from engine.cycle import commands as c, errors
from engine.cycle.state import Cycle
from engine.issue import commands as i
from engine.issue.state import Issue
from engine.policy.roles import MAY, SUPERIOR, Role, Shield
from engine.refusal import Refused

OF_ISSUES = (
    i.GiveVerdict, i.ApproveIssue, i.ApproveNoReview, i.DecideRating, i.DecideObjection,
    i.DecideExtension, i.MakeLongTerm, i.ReviewLongTerm, i.ReapproveLongTerm, i.LookBack,
)  # fmt: skip
"""Verifying, assessing or approving the work of an issue's owner, or of its subject."""

OF_MEMBERS = (
    c.ReviewSelfExam, c.ExemptMember, c.RequireTalk, c.RecordMemberStep, c.ProposeVerdict,
)  # fmt: skip
"""Assessing a member, exempting one, or keeping the register of a member's stages.

Saying that a talk is due is an assessment, too: that there are early signs or complaints.
"""

SINCE_EDITION_2 = (
    c.DecideCriticism, c.DecideVerdict, i.RaiseSeverity, i.IssueRedoNotice,
    i.IssueChaseNotice, i.IssueSlip,
)  # fmt: skip
"""Deciding what is contested, and finding the work of an issue's owner wanting.

A count of ballots, the telling of a verdict as it was shown, and the striking of one decide
nothing: they are not here, so that nobody waits for them in vain.
"""


SINCE_EDITION_3 = (
    i.FindIssue, i.ReopenIssue, i.CountMassReview, i.ClearNotice, i.RuleOutOfRemit,
    i.WithdrawIssue, i.AnswerExplanation, i.CloseIssue,
)  # fmt: skip
"""Registering a problem of a member, having work rejected, and disposing of an issue.

Signing off is booking what others approved, but for a long-term issue: there the superior
judges. The tests name each act that is not in one of these lists, and why.
"""

SHIELDED = (*OF_ISSUES, *OF_MEMBERS, *SINCE_EDITION_2, *SINCE_EDITION_3)

IN_PLACE = (i.FindIssue, i.CountMassReview, i.ClearNotice)
"""What the superior does only where everybody whose office it is has to keep off."""


def judged(cycle: Cycle, command: c.CycleCommand) -> tuple[str, ...]:
    """Return the persons whom ``command`` verifies, assesses, registers or approves."""
    if not isinstance(command, _binding(cycle.edition)):
        return ()
    match command:
        case c.DecideCriticism(item=number):
            items = cycle.criticisms[number - 1 : number]
            return tuple(dict.fromkeys(p for item in items for p in (item.critic, item.of)))
        case c.ReviewSelfExam(author=author):
            return (author,)
        case i.FindIssue(subject=subject):
            return (subject,) if subject else ()
    if isinstance(command, (*OF_MEMBERS, c.DecideVerdict)):
        return (command.member,)
    issue = cycle.issue(command.issue) if isinstance(command, i.IssueCommand) else None
    return tuple({p: None for p in _behind(issue, command) if p}) if issue else ()


def _binding(edition: int) -> tuple[type[c.CycleCommand], ...]:
    """Return the acts that the rule binds in a cycle of ``edition``."""
    second = SINCE_EDITION_2 if edition >= 2 else ()
    third = SINCE_EDITION_3 if edition >= 3 else ()
    return (*OF_ISSUES, *OF_MEMBERS, *second, *third)


def _behind(issue: Issue, command: c.CycleCommand) -> tuple[str | None, ...]:
    """Return whose work ``command`` judges; who throws an issue out judges who raised it."""
    match command:
        case i.RuleOutOfRemit() | i.WithdrawIssue():
            return (issue.owner, issue.subject, *issue.critics)
        case i.AnswerExplanation():
            explained = issue.explained.by if issue.explained else None
            return (issue.owner, issue.subject, explained)
        case i.CloseIssue() if not issue.long_term:
            return ()
    return (issue.owner, issue.subject)


def _in_nobodys_place(cycle: Cycle, command: c.CycleCommand, today: date) -> Iterator[Refused]:
    """Yield that the superior does what somebody whose office it is can do."""
    office = tuple(role for role in MAY[command.kind] if role not in SUPERIOR)
    if not isinstance(command, IN_PLACE) or cycle.people[command.by].holds(office):
        return
    if not _all_kept_off(cycle, command, office, today):
        yield errors.OnlyInPlace(command.kind, office)


def _all_kept_off(
    cycle: Cycle, command: c.CycleCommand, office: tuple[Role, ...], today: date
) -> bool:
    """Say whether nobody who holds ``office`` may send it, but perhaps whoever is judged."""
    persons = judged(cycle, command)
    others = [p for p in cycle.holders(office) if p not in persons]
    return bool(others) and all(
        any(shielded(cycle, person, other, today) for person in persons) for other in others
    )


def shielded(cycle: Cycle, critic: str, judge: str, today: date) -> bool:
    """Say whether ``judge`` was criticised by ``critic`` and must keep off them today."""
    if cycle.pinned_policy.rights is None or critic == judge:
        return False
    here = any(item.critic == critic and item.of == judge for item in cycle.criticisms)
    pair = (critic, judge)
    return here or any((s.critic, s.of) == pair and today <= s.until for s in cycle.shields)


def against(cycle: Cycle, command: c.CycleCommand, today: date) -> Iterator[Refused]:
    """Yield whom ``command`` would judge although its sender has to keep off them."""
    yield from _in_nobodys_place(cycle, command, today)
    for person in judged(cycle, command):
        if shielded(cycle, person, command.by, today):
            yield errors.Shielded(command.by, person)


def committee_kept_off(cycle: Cycle, member: str | None, today: date) -> bool:
    """Say whether nobody of the committee may judge ``member``, so that the superior does."""
    others = [p for p in cycle.holders(("committee_member",)) if p != member]
    if member is None or not others:
        return False
    return all(shielded(cycle, member, person, today) for person in others)


def takes_shields(opening: c.OpenCycle) -> bool:
    """Say whether a cycle opened so takes the shields of earlier ones.

    A rehearsal takes none and leaves none: its days are not real.
    """
    return opening.policy.rights is not None and not opening.rehearsal_from


def left_out(
    cycles: Iterable[Cycle], taken: Iterable[Shield], today: date
) -> Iterator[errors.ShieldLeftOut]:
    """Yield each shield that ``cycles`` leave and an opening of ``today`` does not take.

    It may have been put together the day before.
    """
    until = {(s.critic, s.of): s.until for s in taken}
    for shield in carried(cycles, today - timedelta(days=1)):
        if until.get((shield.critic, shield.of), date.min) < shield.until >= today:
            yield errors.ShieldLeftOut(shield.critic, shield.of, shield.until.isoformat())


def carried(cycles: Iterable[Cycle], today: date) -> tuple[Shield, ...]:
    """Return the shields that ``cycles`` of a unit leave to the next one, opened ``today``.

    They run from the day a cycle's file is closed; until then they would run from today.
    """
    found: dict[tuple[str, str], date] = {}
    for cycle in (cycle for cycle in cycles if not cycle.rehearsal):
        rights = cycle.pinned_policy.rights
        if rights is None:
            continue
        until = (cycle.archived_on or today) + timedelta(days=rights.shield_days)
        pairs = [(s.critic, s.of, s.until) for s in cycle.shields]
        pairs += [(item.critic, item.of, until) for item in cycle.criticisms]
        for critic, of, last in pairs:
            if of != c.BRANCH_DOCUMENT and last >= today:
                found[critic, of] = max(last, found.get((critic, of), last))
    return tuple(Shield(critic=a, of=b, until=d) for (a, b), d in sorted(found.items()))
