"""Which gaps of its plan a cycle has reached: what is not there by then comes too late."""

from __future__ import annotations

from engine.cycle.agenda import LAST
from engine.cycle.state import Cycle
from engine.issue.state import SETTLED, Issue
from engine.plan.order import PLACE
from engine.plan.prescribed import CORE_STEPS

SAT = ("convened", "rectifying", "reporting")
"""The meeting has been opened and not been ordered again."""

LISTED = ("found", "explaining", "claimed", "planned")
"""The issue is on its way to the three lists; from then on it is being rectified."""


def reached(cycle: Cycle) -> frozenset[int]:
    """Return the gaps that ``cycle`` has reached; gap 0 lies before the first prescribed step.

    A gap is reached as soon as the prescribed step behind it has begun. The meeting is one
    sitting: its gaps are reached together when it is opened. What has to be done again, a
    meeting or a report that was sent back, lies ahead again.
    """
    standing = cycle.halted_from or cycle.status
    if standing == "archived":
        return frozenset(range(len(CORE_STEPS) + 1))
    sat = PLACE[LAST] + 1 if standing in SAT else 0
    started = started_steps(cycle)
    behind = ((gap, _behind(cycle, gap)) for gap in range(len(CORE_STEPS)))
    return frozenset(gap for gap, step in behind if gap < sat or step in started)


def started_steps(cycle: Cycle) -> frozenset[str]:
    """Return the prescribed steps outside the meeting of which something is on record."""
    work = {
        "study": cycle.studied,
        "opinions": cycle.batches,
        "talks": cycle.talks,
        "self_examination": cycle.self_exams,
        "verdicts": cycle.proposals or cycle.told,
        "situation_report": "reporting" in (cycle.status, cycle.halted_from),
        "rectification": any(_worked_on(issue) for issue in cycle.issues),
        "look_back": any(issue.drawn for issue in cycle.issues),
    }
    return frozenset(cycle.recorded) | {step for step, begun in work.items() if begun}


def _behind(cycle: Cycle, gap: int) -> str:
    """Return the next step that takes place; without an evaluation there are no verdicts."""
    skipped = CORE_STEPS[gap] == "verdicts" and not cycle.evaluation
    return CORE_STEPS[gap + skipped]


def _worked_on(issue: Issue) -> bool:
    under_way = issue.status not in (*LISTED, *SETTLED)
    return under_way or any(m.percent or m.done for m in issue.measures)
