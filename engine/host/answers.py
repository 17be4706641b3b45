"""Take a hook's answer whole or refuse it whole, whatever it turns out to be."""

from __future__ import annotations

import inspect
import json
from typing import Any

from pydantic import TypeAdapter, ValidationError

from engine.host.guard import HostError
from engine.plan.calls import INVITATIONS, STEPS, HookName
from engine.plan.steps import Invitation, PlanContext, StepContribution
from engine.record import Record

LIMIT_BYTES = 128 * 1024

ITEMS: dict[HookName, type[Record]] = {
    "contribute_steps": StepContribution,
    "contribute_participants": Invitation,
}
SHAPES: dict[HookName, TypeAdapter[Any]] = {
    "contribute_steps": STEPS,
    "contribute_participants": INVITATIONS,
}


class InvalidAnswerError(HostError):
    """A hook answered with something other than its specification says."""


def rows(hook: HookName, context: PlanContext, answer: object) -> list[dict[str, Any]]:
    """Return the answer as plain rows that were validated again from their JSON.

    Looking at the answer may run code of the plugin: call this within its guard.

    Raises:
        InvalidAnswerError: not a list of the hook's records, a wrong field, somebody
            who is not in the cycle, or larger than ``LIMIT_BYTES``.
    """
    wanted = ITEMS[hook]
    _refuse_unawaited(answer)
    if type(answer) is not list:
        raise InvalidAnswerError(f"got {type(answer).__name__}, expected list")
    if wrong := sorted({type(item).__name__ for item in answer if type(item) is not wanted}):
        raise InvalidAnswerError(f"got {', '.join(wrong)}, expected {wanted.__name__}")
    checked = _checked(hook, answer)
    strangers = {row.get("person") for row in checked} - {p.id for p in context.people}
    if hook == "contribute_participants" and strangers:
        raise InvalidAnswerError("invites somebody who is not in the cycle")
    return checked


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
