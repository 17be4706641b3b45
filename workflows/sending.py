"""Send an update to a workflow until somebody answers, and turn the answer into ours."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, TypeVar

import structlog
from temporalio.client import (
    Client,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from engine.cycle.errors import BadCommand, CommandIdReused
from engine.gateway import (
    CommandRefused,
    GatewayError,
    Reason,
    Receipt,
    ServerUnreachable,
)
from engine.record import Command, canonical_json, digest
from engine.refusal import Refused
from engine.settings import Settings

log = structlog.get_logger()
T = TypeVar("T")

ANSWER = timedelta(seconds=10)
TRIES = 6
PASSING = (RPCStatusCode.UNAVAILABLE, RPCStatusCode.DEADLINE_EXCEEDED, RPCStatusCode.CANCELLED)


class Sender:
    """Sends commands as updates under their own names; the same id makes it repeatable.

    ``absent`` and ``over`` are raised with the target's name when it was never there, or
    has ended.
    """

    def __init__(
        self, client: Client, settings: Settings, *, absent: type[GatewayError],
        over: type[GatewayError],
    ) -> None:  # fmt: skip
        self._client = client
        self._settings = settings
        self._absent = absent
        self._over = over

    async def submit(
        self, target: str, kind: str, body: dict[str, Any], *, command_id: str,
        parse: Callable[[str, object], Command],
    ) -> Receipt:  # fmt: skip
        """Send the command to the workflow ``target`` and return its receipt.

        ``parse`` refuses here what the workflow would refuse too; see ``Gateway``.
        """
        command = self._checked(kind, body, parse)
        handle = self._client.get_workflow_handle(target)
        receipt: Receipt = await self.patiently(
            lambda: handle.execute_update(
                kind, body, id=command_id, result_type=Receipt, rpc_timeout=ANSWER
            ),
            target,
        )
        if receipt.digest != command:
            raise CommandRefused.because(CommandIdReused(command_id))
        return receipt

    def _checked(
        self, kind: str, body: dict[str, Any], parse: Callable[[str, object], Command]
    ) -> str:
        """Return the command's digest."""
        size, limit = len(canonical_json(body).encode()), self._settings.command_limit_bytes
        if size > limit:
            raise CommandRefused.because(
                BadCommand(kind, f"{size} bytes, the limit is {limit}")
            )
        try:
            return digest(parse(kind, body).model_dump(mode="json"))
        except Refused as refused:
            raise CommandRefused.because(refused) from None

    async def patiently(self, send: Callable[[], Awaitable[T]], target: str) -> T:
        """Send until somebody answers; the same id makes repeating safe.

        Raises:
            CommandRefused, ServerUnreachable, and what the sender was given to raise.
        """
        for attempt in range(1, TRIES + 1):
            try:
                return await send()
            except WorkflowUpdateFailedError as error:
                raise _answered(error) from None
            except WorkflowUpdateRPCTimeoutOrCancelledError:
                log.warning("command_retried", workflow=target, attempt=attempt)
            except RPCError as error:
                if error.status is RPCStatusCode.NOT_FOUND:
                    raise await self._why_not_there(target) from None
                if error.status not in PASSING:
                    raise
                log.warning("command_retried", workflow=target, attempt=attempt)
                await asyncio.sleep(0.3 * attempt)
        raise ServerUnreachable(self._settings.temporal_address or "")

    async def _why_not_there(self, target: str) -> Exception:
        """Return whether the workflow has ended or was never there."""
        name = target.partition("/")[2]
        try:
            await self._client.get_workflow_handle(target).describe()
        except RPCError:
            return self._absent(name)
        return self._over(name)


def _answered(error: WorkflowUpdateFailedError) -> CommandRefused:
    """Return the refusal a workflow answered with, reasons and all."""
    cause = error.cause
    if isinstance(cause, ApplicationError) and cause.details:
        return CommandRefused(tuple(Reason.model_validate(r) for r in cause.details[0]))
    said = str(cause)
    return CommandRefused((Reason(code="refused", zh=said, en=said),))
