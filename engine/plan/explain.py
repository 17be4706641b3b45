"""Say of each step where it comes from and which rule placed it, and what was refused."""

from __future__ import annotations

from engine.plan.prescribed import title
from engine.plan.steps import Conflict, ConflictCode, DecidedBy, Phase, Plan, PlannedStep
from engine.record import Lang, Record

PHASES: dict[Phase, tuple[str, str]] = {
    "before": ("会前", "before"),
    "meeting": ("会中", "meeting"),
    "after": ("会后", "after"),
}

RULES: dict[DecidedBy, tuple[str, str]] = {
    "prescribed": ("规定动作", "prescribed step"),
    "relation": ("按声明的先后关系", "by a declared relation"),
    "roster": ("按管理员排定的次序", "by the order of the roster"),
    "scope": ("按层级: 省、市、单位", "by scope: province, city, unit"),
    "id": ("按步骤标识", "by step id"),
}

CODES: dict[ConflictCode, tuple[str, str]] = {
    "order_cycle": ("先后关系成环", "the order runs in a circle"),
    "order_contradiction": ("与规定顺序矛盾", "contradicts the prescribed order"),
    "unknown_anchor": ("没有这个规定步骤", "no such prescribed step"),
    "missing_requirement": ("缺少所依赖的步骤", "a required step is absent"),
    "duplicate_step_id": ("步骤重复", "the step is contributed twice"),
    "duplicate_plugin": ("插件标识重复", "two plugins share this id"),
    "id_not_namespaced": ("步骤标识须以插件标识开头", "a step id begins with the plugin's id"),
    "unknown_step": ("邀请了不存在的步骤", "an invitation to a step the plugin lacks"),
    "misplaced_speakers": ("发言步骤须在会中", "speakers belong inside the meeting"),
    "misplaced_stages": (
        "逐人步骤须有阶段,且在会前或会后",
        "a step for each member has stages and stands outside the meeting",
    ),
    "role_may_not_record": ("该角色不能登记步骤", "the role may not record steps"),
    "invalid_contribution": ("插件的结果不合格式", "the plugin's result is not valid"),
    "contribution_timeout": ("插件超时", "the plugin took too long"),
    "worker_absent": ("插件进程不在", "the plugin host is absent"),
    "plugin_failed": ("插件出错", "the plugin failed"),
    "plan_too_large": ("方案过大", "the plan is too large"),
    "plugin_blocked": ("该版本已被停用", "this version is blocked"),
    "review_denied": ("插件不同意此方案", "the plugin denies this plan"),
    "review_warned": ("插件提醒", "the plugin warns"),
    "slot_reached": (
        "周期已走到这里,此处照原方案不变",
        "the cycle has come this far, here the plan stays as it was pinned",
    ),
}


class Row(Record):
    """One line of the explanation; ``phase`` and ``reason`` are in the reader's language."""

    step: str
    title: str
    phase: str
    origin: str
    plugin: str
    slot: str
    decided_by: DecidedBy
    reason: str
    participants: tuple[str, ...]


def explain(plan: Plan, lang: Lang = "zh") -> tuple[Row, ...]:
    """Return one row a step, in plan order."""
    return tuple(_row(step, lang) for step in plan.steps)


def explain_conflict(conflict: Conflict, lang: Lang = "zh") -> str:
    """Return one line: who is refused, for which step, and why."""
    reason = CODES[conflict.code][lang == "en"]
    told = f"{reason} ({conflict.detail})" if conflict.detail else reason
    colon = "：" if lang == "zh" else ": "
    return f"{conflict.step or conflict.plugin}{colon}{told} [{conflict.code}]"


def _row(step: PlannedStep, lang: Lang) -> Row:
    english = lang == "en"
    return Row(
        step=step.id,
        title=title(step, lang),
        phase=PHASES[step.phase][english],
        origin=step.origin,
        plugin=step.plugin or "",
        slot=step.slot,
        decided_by=step.decided_by,
        reason=RULES[step.decided_by][english],
        participants=step.participants,
    )
