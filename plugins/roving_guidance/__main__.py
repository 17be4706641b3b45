"""Write and look: ``python -m roving_guidance FOLDER COMMAND name=value ...``."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from datetime import date

from engine import today, typed

from . import facts as f
from .rounds import Finding, Register
from .rules import check
from .store import kept

COMMANDS: dict[str, type[f.AskedFact]] = {
    "assign": f.GroupAssigned, "visit": f.VisitMade, "find": f.FindingMade,
    "send": f.FindingsSent, "correct": f.CorrectionReported, "judge": f.CorrectionJudged,
}  # fmt: skip
USAGE = f"python -m roving_guidance FOLDER {'|'.join(COMMANDS)}|show name=value ..."
STAGES = {
    "unassigned": "未指派",
    "assigned": "已指派",
    "visited": "已走访",
    "findings_sent": "意见已送",
    "corrected": "整改完毕",
}
ASKS = {"correct": "请整改", "postpone": "请推迟", "halt": "请叫停", "rerun": "请重开"}
DONE = {"postpone": "已推迟", "halt": "已叫停", "rerun": "已要求重开"}
STATES = {"open": "待整改", "reported": "已报整改,待确认", "accepted": "已确认整改"}
REMARKS = {
    "carried_over": "转入",
    "not_sent": "未送",
    "overdue": "逾期",
    "not_followed": "尚未照办",
    "went_on_uncorrected": "已恢复,意见未改",
}


def main(words: Sequence[str], *, today: date) -> str:
    """Return what is to be shown; leaves with the reason when there is nothing."""
    return typed(
        words, USAGE, asks=COMMANDS, today=today,
        ask=lambda folder, fact: kept(folder).ask(fact, check),
        shows={
            "show": lambda folder, _: "\n".join(_shown(kept(folder).state(), today))
        },
    )  # fmt: skip


def _shown(found: Register, today: date) -> Iterator[str]:
    """Yield a line a round, a line a finding of this one, and stops nobody explained."""
    for number, held in found.rounds.items():
        yield f"第 {number} 轮 {held.group or '—'} {STAGES[found.stage(number)]}"
    for finding in found.shown():
        yield _finding(found, finding, today)
    for stop in found.stops:
        yield f"{stop.cycle} {stop.on} {DONE[stop.how]},没有对应的意见,请补记"


def _finding(found: Register, finding: Finding, today: date) -> str:
    stop = finding.stop
    words = [
        f"{finding.number}. 第 {finding.round} 轮 {finding.about} {ASKS[finding.asks]}",
        f"{stop.cycle} {stop.on} {DONE[stop.how]}" if stop else "",
        STATES[finding.state],
        *(REMARKS[remark] for remark in found.remarks(finding, today)),
    ]
    return " ".join(filter(None, words))


if __name__ == "__main__":
    print(main(sys.argv[1:], today=today(*sys.argv[1:2])))
