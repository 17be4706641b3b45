"""What is counted of issues, and how: every number is a projection of events."""

from __future__ import annotations

from collections.abc import Iterable

from engine.issue.state import Issue

COMPLETED = frozenset({"closed"})
APPLIED = frozenset({"submitted", "verifying", "mass_review", "noticed", "closed"})


def counts(issues: Iterable[Issue]) -> dict[str, int]:
    """Return the counters of ``issues``; what the public rejected counts as no completion.

    ``found`` counts issues, ``measures`` and those done and verified count measures;
    ``rejected`` and ``returned`` count how often, ``reopened`` counts further rounds.
    """
    listed = list(issues)
    measures = [m for issue in listed for m in issue.measures]
    return {
        "found": len(listed),
        "claimed": sum(issue.owner is not None for issue in listed),
        "measures": len(measures),
        "measures_done": sum(m.done for m in measures),
        "measures_verified": sum(bool(m.verified_by) for m in measures),
        "applied": sum(issue.status in APPLIED for issue in listed),
        "closed": sum(issue.status in COMPLETED for issue in listed),
        "open": sum(issue.status not in COMPLETED for issue in listed),
        "returned": sum(issue.returned for issue in listed),
        "rejected": sum(issue.rejected for issue in listed),
        "reopened": sum(issue.round - 1 for issue in listed),
    }
