"""What a plugin author may import; everything else is ours to move."""

from engine.hooks import hookimpl
from engine.plan.steps import Invitation, PlanContext, StepContribution

__all__ = ["Invitation", "PlanContext", "StepContribution", "hookimpl"]
