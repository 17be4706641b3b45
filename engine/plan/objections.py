"""What a plugin may say about a plan it cannot change, or about a closing."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import StringConstraints

from engine.plan.steps import StepName
from engine.record import Record

ObjectionCode: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
"""A name for a reason, such as ``no_representative``: never a sentence, never a value."""


class Objection(Record):
    """One reason against a plan or a closing: ``warn`` is recorded, ``deny`` holds it back.

    ``step`` is the step of the plan it is about; empty for all of it, and for a closing.
    """

    severity: Literal["warn", "deny"]
    code: ObjectionCode
    step: StepName | Literal[""] = ""
