"""Say in plain words what a cycle waits for, for whoever looks at it from outside."""

from __future__ import annotations

from collections import Counter

from engine.cycle.agenda import next_item
from engine.cycle.decide import BEFORE
from engine.cycle.gates import open_gates
from engine.cycle.state import Cycle
from engine.cycle.talks import open_requirements


def waits_for(cycle: Cycle) -> str:
    """Return a few lines in Markdown: the state, and what would move it.

    How many have to be talked with, and not who: hardship or discipline may be why (P25).
    """
    lines = [f"**{cycle.unit}** · {cycle.status} · {cycle.meeting_on.isoformat()}"]
    if cycle.plan is None and cycle.blocked:
        plugins = ", ".join(cycle.blocked)
        lines.append(f"方案受阻,缺少必需插件 | blocked without required plugins: {plugins}")
        return "\n\n".join(lines)
    if cycle.plan is None:
        return "\n\n".join([*lines, "正在编排步骤 | composing the plan"])
    lines.append(_waiting(cycle))
    if cycle.status in BEFORE and (due := {d.member for d in open_requirements(cycle)}):
        lines.append(f"须谈而未谈:{len(due)} 人 | talks required and not held: {len(due)}")
    if cycle.issues:
        counted = Counter(issue.status for issue in cycle.issues)
        states = ", ".join(f"{status} {n}" for status, n in sorted(counted.items()))
        lines.append(f"问题 | issues: {len(cycle.issues)} ({states})")
    return "\n\n".join(lines)


def _waiting(cycle: Cycle) -> str:
    match cycle.status:
        case "planned":
            return "等待:书记报送方案 | waits for the plan to be filed"
        case "preparing" | "postponed" | "rerun_ordered":
            gates = ", ".join(gate.gate for gate in open_gates(cycle))
            return f"等待会前关口:{gates} | waits for gates: {gates}"
        case "ready":
            day = cycle.meeting_on.isoformat()
            return f"等待开会:{day} | waits for the meeting on {day}"
        case "convened":
            assert cycle.meeting is not None
            item, after = cycle.meeting.item, next_item(cycle, cycle.meeting)
            return f"会议进行中:{item},下一项 {after} | in session: {item}, next {after}"
        case "rectifying" | "reporting":
            return "等待:问题逐一销号 | waits until every issue is signed off"
        case "halted":
            return "已叫停,等待恢复或重新召开 | halted, waits to be resumed or held again"
        case "archived" if any(issue.open for issue in cycle.issues):
            return "已归档,未销号问题由接续人负责 | archived; successors answer for open issues"
        case "archived":
            return "已归档 | archived"
