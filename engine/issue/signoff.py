"""The closing predicate: 问题不解决不放松,解决不彻底不销号,群众不认可不算数.

``unmet`` is the one place that says what keeps an issue open; ``may_close`` is its
negation. Source: domain 1.3.
"""

from __future__ import annotations

from fractions import Fraction
from math import ceil

from engine.issue import errors
from engine.issue.state import Issue
from engine.policy.pack import Policy
from engine.refusal import Refused


def verifiers_needed(issue: Issue) -> int:
    """Return how many verifiers must find each measure thorough: two for a key issue."""
    return 2 if issue.severity == "key" else 1


def not_done(issue: Issue) -> tuple[str, ...]:
    """Return the numbers of measures that are not done or lack evidence."""
    return tuple(
        str(n) for n, m in enumerate(issue.measures, 1) if not m.done or not m.evidence
    )


def not_thorough(issue: Issue) -> tuple[str, ...]:
    """Return the numbers of measures without enough thorough verdicts."""
    needed = verifiers_needed(issue)
    return tuple(
        str(n) for n, m in enumerate(issue.measures, 1) if len(set(m.verified_by)) < needed
    )


def unvisited(issue: Issue, policy: Policy) -> tuple[str, ...]:
    """Return the measures of a key issue that no verifier has checked on site."""
    if not policy.key_on_site or issue.severity != "key":
        return ()
    return tuple(str(n) for n, m in enumerate(issue.measures, 1) if not m.on_site)


def unmet_milestones(issue: Issue) -> tuple[str, ...]:
    """Return the numbers of milestones that are not met."""
    return tuple(str(n) for n, m in enumerate(issue.milestones, 1) if m.evidence is None)


def parties(issue: Issue) -> dict[str, str]:
    """Return who may not judge this issue, with the part each has in it."""
    found = {critic: "critic" for critic in issue.critics}
    if issue.subject:
        found[issue.subject] = "criticised"
    found |= dict.fromkeys(issue.past_owners, "owner")
    if issue.owner:
        found[issue.owner] = "owner"
    return found


def min_sample(affected: int, policy: Policy) -> int:
    """Return the fewest answers that count: at least 10, and 10 % of those affected."""
    return max(policy.mass_min_sample, ceil(affected * Fraction(policy.mass_min_share)))


def resolved(issue: Issue) -> list[Refused]:
    """Return what keeps the issue from being resolved; nothing when it is."""
    if not issue.measures:
        return [errors.NoMeasure(issue.number)]
    found: list[Refused] = []
    if open_ := not_done(issue):
        found.append(errors.MeasuresNotDone(issue.number, open_))
    if ahead := unmet_milestones(issue):
        found.append(errors.MilestonesNotMet(issue.number, ahead))
    return found


def thorough(issue: Issue, policy: Policy) -> list[Refused]:
    """Return what keeps the work from being thorough, approvals included."""
    found: list[Refused] = []
    if weak := not_thorough(issue):
        found.append(errors.NotThorough(issue.number, weak, verifiers_needed(issue)))
    if remote := unvisited(issue, policy):
        found.append(errors.NotOnSite(issue.number, remote))
    barred = parties(issue)
    judges = sorted({v for m in issue.measures for v in m.verified_by} & set(barred))
    found += [errors.DutiesNotSeparate(issue.number, j, barred[j]) for j in judges]
    levels = {level for level, _ in issue.approvals}
    upward = issue.severity == "key" or issue.long_term is not None
    needed = ("committee", "superior") if upward else ("committee",)
    found += [errors.NotApproved(issue.number, n) for n in needed if n not in levels]
    return found


def accepted(issue: Issue, policy: Policy) -> bool:
    """Say whether the public accepted the result, or the superior the reason not to ask."""
    review = issue.review
    if review is None:
        return False
    if review.scope == "none_with_reason":
        return review.no_review_approved
    if not review.counted or review.answers < review.min_sample:
        return False
    return Fraction(review.satisfied, review.answers) >= Fraction(policy.mass_threshold)


def approved(issue: Issue, policy: Policy) -> list[Refused]:
    """Return what keeps the public's acceptance from being reached."""
    found: list[Refused] = []
    if not accepted(issue, policy):
        review = issue.review
        found.append(
            errors.PublicNotSatisfied(
                issue.number,
                answers=review.answers if review else 0,
                least=review.min_sample if review else policy.mass_min_sample,
                satisfied=review.satisfied if review else 0,
                threshold=policy.mass_threshold,
            )
        )
    if issue.review and issue.review.contested:
        found.append(errors.RatingUnderReview(issue.number))
    if issue.open_objection:
        found.append(errors.ObjectionOpen(issue.number))
    return found


def noticed(issue: Issue) -> list[Refused]:
    """Return what keeps the notice from being over; a member's issue is told inside only."""
    notice = issue.notice
    if notice is None or not notice.expired:
        return [errors.NoticeNotOver(issue.number, notice.last.isoformat() if notice else "-")]
    if issue.subject_kind == "member" and notice.audience == "public":
        return [errors.ScopeNotAllowed(issue.number, "public")]
    return []


def unmet(issue: Issue, policy: Policy) -> tuple[Refused, ...]:
    """Return every reason why the issue may not be closed; empty when it may."""
    return (
        *resolved(issue), *thorough(issue, policy), *approved(issue, policy), *noticed(issue),
    )  # fmt: skip


def may_close(issue: Issue, policy: Policy) -> bool:
    """Say whether the issue may be signed off."""
    return not unmet(issue, policy)
