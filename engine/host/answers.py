"""Take a hook's answer whole or refuse it whole, whatever it turns out to be."""

from __future__ import annotations

import inspect
import json
from typing import Any

from pydantic import TypeAdapter, ValidationError

from engine.host.guard import HostError
from engine.plan.calls import INVITATIONS, OBJECTIONS, STEPS, HookName
from engine.plan.condition import HealthReport
from engine.plan.kinds import EventType
from engine.plan.objections import Objection
from engine.plan.steps import Invitation, PlanContext, StepContribution
from engine.record import Record

LIMIT_BYTES = 128 * 1024

ITEMS: dict[HookName, type[Record]] = {
    "contribute_steps": StepContribution,
    "contribute_participants": Invitation,
    "review_plan": Objection,
    "review_closing": Objection,
    "register_event_types": EventType,
    "check_health": HealthReport,
}
"""Hook to the record it gives, one or a list of them; ``on_event`` gives nothing."""

SHAPES: dict[HookName, TypeAdapter[Any]] = {
    "contribute_steps": STEPS,
    "contribute_participants": INVITATIONS,
    "review_plan": OBJECTIONS,
    "review_closing": OBJECTIONS,
    "register_event_types": TypeAdapter(list[EventType]),
    "check_health": TypeAdapter(list[HealthReport]),
}


class InvalidAnswerError(HostError):
    """A hook answered with something other than its specification says."""


def rows(
    hook: HookName, answer: object, context: PlanContext | None = None
) -> list[dict[str, Any]]:
    """Return the answer as plain rows that were validated again from their JSON.

    Looking at the answer may run code of the plugin: call this within its guard.

    Raises:
        InvalidAnswerError: not what the hook gives, a wrong field, somebody who is not
            in ``context``, or larger than ``LIMIT_BYTES``.
    """
    _refuse_unawaited(answer)
    if hook == "on_event":
        if answer is not None:
            raise InvalidAnswerError(f"got {type(answer).__name__}, expected None")
        return []
    checked = _checked(hook, _records(hook, answer))
    if hook == "contribute_participants" and context:
        _refuse_strangers(checked, context)
    return checked


def _records(hook: HookName, answer: object) -> list[Record]:
    wanted = ITEMS[hook]
    given = [answer] if hook == "check_health" else answer
    if type(given) is not list:
        raise InvalidAnswerError(f"got {type(answer).__name__}, expected list")
    if wrong := sorted({type(item).__name__ for item in given if type(item) is not wanted}):
        raise InvalidAnswerError(f"got {', '.join(wrong)}, expected {wanted.__name__}")
    return given


def _refuse_strangers(checked: list[dict[str, Any]], context: PlanContext) -> None:
    if {row.get("person") for row in checked} - {person.id for person in context.people}:
        raise InvalidAnswerError("invites somebody who is not in the cycle")


def _refuse_unawaited(answer: object) -> None:
    if inspect.iscoroutine(answer):
        answer.close()
    if inspect.isawaitable(answer):
        raise InvalidAnswerError("got a coroutine; hooks are plain functions")


def _checked(hook: HookName, records: list[Record]) -> list[dict[str, Any]]:
    try:
        plain = [record.model_dump(mode="json", warnings=False) for record in records]
        sent = json.dumps(plain, ensure_ascii=False).encode()
        if len(sent) > LIMIT_BYTES:
            raise InvalidAnswerError(f"{len(sent)} bytes, limit {LIMIT_BYTES}")
        items = SHAPES[hook].validate_json(sent)
    except ValidationError as wrong:
        raise InvalidAnswerError(fields_of(wrong)) from wrong
    except (TypeError, ValueError, AttributeError) as wrong:
        raise InvalidAnswerError("cannot be written as JSON") from wrong
    found: list[dict[str, Any]] = SHAPES[hook].dump_python(items, mode="json")
    return found


def fields_of(wrong: ValidationError) -> str:
    """Return where a value is wrong and how, without the value; the first three places."""
    places = [f"{'.'.join(map(str, e['loc']))}: {e['type']}" for e in wrong.errors()]
    more = f" and {len(places) - 3} more" if len(places) > 3 else ""
    return "; ".join(places[:3]) + more
