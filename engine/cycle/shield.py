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
from engine.policy.roles import Shield
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


def judged(cycle: Cycle, command: c.CycleCommand) -> tuple[str, ...]:
    """Return the persons whom ``command`` verifies, assesses, registers or approves."""
    rights = cycle.pinned_policy.rights
    if isinstance(command, SINCE_EDITION_2) and (rights is None or rights.edition < 2):
        return ()
    if isinstance(command, c.DecideCriticism):
        items = cycle.criticisms[command.item - 1 : command.item]
        return tuple(dict.fromkeys(p for item in items for p in (item.critic, item.of)))
    if isinstance(command, c.ReviewSelfExam):
        return (command.author,)
    if isinstance(command, (*OF_MEMBERS, c.DecideVerdict)):
        return (command.member,)
    if not isinstance(command, (*OF_ISSUES, *SINCE_EDITION_2)):
        return ()
    issue = cycle.issue(command.issue)
    return tuple({p: None for p in (issue.owner, issue.subject) if p}) if issue else ()


def shielded(cycle: Cycle, critic: str, judge: str, today: date) -> bool:
    """Say whether ``judge`` was criticised by ``critic`` and must keep off them today."""
    if cycle.pinned_policy.rights is None or critic == judge:
        return False
    here = any(item.critic == critic and item.of == judge for item in cycle.criticisms)
    pair = (critic, judge)
    return here or any((s.critic, s.of) == pair and today <= s.until for s in cycle.shields)


def against(cycle: Cycle, command: c.CycleCommand, today: date) -> Iterator[Refused]:
    """Yield whom ``command`` would judge although its sender has to keep off them."""
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
