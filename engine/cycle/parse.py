"""Commands and events to and from plain JSON; every wrong field is named, no value echoed."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from engine.cycle.commands import COMMAND, CycleCommand
from engine.cycle.errors import BadCommand
from engine.cycle.events import ANY_EVENT, AnyEvent, AppealEvent
from engine.misshapen import reason
from engine.policy.roles import MAY
from engine.record import EventEnvelope
from engine.refusal import refuse

LONGEST_FIELD = 64
T = TypeVar("T")


def parse(kind: str, body: object) -> CycleCommand:
    """Return the command named ``kind`` with the fields in ``body``.

    Raises:
        Refused: the name is unknown, or one reason for each wrong field.
    """
    return validated(COMMAND, MAY, kind, body)


def validated(commands: TypeAdapter[T], known: Collection[str], kind: str, body: object) -> T:
    """Return one of ``commands``: the one named ``kind`` with the fields in ``body``.

    Raises:
        Refused: the name is not ``known``, or one reason for each wrong field.
    """
    if kind not in known:
        names = ", ".join(sorted(known))
        raise BadCommand("kind", f"没有这一种,已知的有 {names} | unknown; known are {names}")
    if not isinstance(body, dict):
        raise BadCommand(kind, "应为 JSON 对象 | a JSON object is needed")
    if body.get("kind", kind) != kind:
        raise BadCommand("kind", f"与 {kind} 不一致 | differs from {kind}")
    try:
        return commands.validate_python({**body, "kind": kind})
    except ValidationError as wrong:
        refuse(
            _named(error["loc"], reason(error)) for error in wrong.errors(include_input=False)
        )
        raise


def _named(where: tuple[int | str, ...], problem: str) -> BadCommand:
    """Return the reason with the field's path, cut and cleared of anything but letters."""
    path = ".".join(str(part) for part in where[1:]) or str(where[0])
    return BadCommand(re.sub(r"[^\w.]", "?", path, flags=re.ASCII)[:LONGEST_FIELD], problem)


def enveloped(event: AnyEvent, *, cycle: str, version: int, command: str) -> EventEnvelope:
    """Return ``event`` ready for the ledger, as number ``version`` of its stream."""
    return EventEnvelope(
        stream=stream_of(event, cycle),
        version=version,
        kind=event.kind,
        command=command,
        data=event.model_dump(mode="json", exclude={"kind"}, exclude_none=True),
    )


def stream_of(event: AnyEvent, cycle: str) -> str:
    """Return the stream ``event`` belongs to: its issue's, its appeal's, or the cycle's."""
    if isinstance(event, AppealEvent):
        return f"appeal/{cycle}/{event.appeal}"
    issue = getattr(event, "issue", None)
    return f"cycle/{cycle}" if issue is None else f"issue/{cycle}/{issue}"


def event_of(envelope: EventEnvelope) -> AnyEvent:
    """Return the event inside ``envelope``."""
    return ANY_EVENT.validate_python({**envelope.data, "kind": envelope.kind})
