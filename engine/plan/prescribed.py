"""The prescribed steps (规定动作) in their order; data, source domain 2.2 and 2.5."""

from __future__ import annotations

from engine.plan.steps import Phase, PlannedStep

ORDER: dict[Phase, tuple[str, ...]] = {
    "before": (
        "plan",
        "filing",
        "study",
        "opinions",
        "talks",
        "self_examination",
        "material_review",
    ),
    "meeting": (
        "opening",
        "study_texts",
        "secretary_report",
        "self_criticism",
        "mutual_criticism",
        "poll",
        "superior_comment",
        "summary",
        "closing",
    ),
    "after": (
        "verdicts",
        "lists",
        "situation_report",
        "publication",
        "rectification",
        "look_back",
        "archive",
    ),
}

PRESCRIBED: tuple[PlannedStep, ...] = tuple(
    PlannedStep(id=step, phase=phase) for phase, steps in ORDER.items() for step in steps
)

CORE_STEPS: tuple[str, ...] = tuple(step.id for step in PRESCRIBED)
