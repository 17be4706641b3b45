"""What a plugin may say about a plan it cannot change."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import StringConstraints

from engine.plan.steps import StepName
from engine.record import Record

ObjectionCode: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
"""A name for a reason, such as ``no_representative``: never a sentence, never a value."""


class Objection(Record):
    """One reason against a plan: ``warn`` is recorded, ``deny`` keeps it from being pinned.

    ``step`` is the step it is about; empty for the plan as a whole.
    """

    severity: Literal["warn", "deny"]
    code: ObjectionCode
    step: StepName | Literal[""] = ""
