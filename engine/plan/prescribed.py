"""The prescribed steps (规定动作) in their order; data, source domain 2.2 and 2.5."""

from __future__ import annotations

from engine.plan.steps import Phase, PlannedStep
from engine.record import Lang

TITLES: dict[Phase, dict[str, tuple[str, str]]] = {
    "before": {
        "plan": ("制定方案", "Plan"),
        "filing": ("方案报备", "Filing"),
        "study": ("集中学习", "Study"),
        "opinions": ("征求意见", "Opinions"),
        "talks": ("谈心谈话", "Heart-to-heart talks"),
        "self_examination": ("对照检查材料", "Self-examination documents"),
        "material_review": ("材料审核", "Review of the material"),
    },
    "meeting": {
        "opening": ("开会", "Opening"),
        "study_texts": ("学习规定文件", "Study of set texts"),
        "secretary_report": ("书记报告", "Secretary's report"),
        "self_criticism": ("自我批评", "Self-criticism"),
        "mutual_criticism": ("相互批评", "Mutual criticism"),
        "poll": ("民主测评", "Poll"),
        "superior_comment": ("上级点评", "Comment by the superior"),
        "summary": ("总结表态", "Summary and undertaking"),
        "closing": ("闭会", "Closing"),
    },
    "after": {
        "verdicts": ("评定并告知", "Verdicts told"),
        "lists": ("三张清单", "The three lists"),
        "situation_report": ("情况报告", "Report upward"),
        "publication": ("公示", "Publication"),
        "rectification": ("整改销号", "Rectification and sign-off"),
        "look_back": ("回头看", "Look-back"),
        "archive": ("归档", "Archive"),
    },
}
"""Phase to step to its title in Chinese and in English, in the prescribed order."""

PRESCRIBED: tuple[PlannedStep, ...] = tuple(
    PlannedStep(id=step, phase=phase) for phase, steps in TITLES.items() for step in steps
)

CORE_STEPS: tuple[str, ...] = tuple(step.id for step in PRESCRIBED)


def title(step: PlannedStep, lang: Lang) -> str:
    """Return the title of a prescribed step; a local step is called by its id."""
    zh, en = TITLES[step.phase].get(step.id, (step.id, step.id))
    return zh if lang == "zh" else en
