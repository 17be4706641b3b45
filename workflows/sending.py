"""Send an update to a workflow until somebody answers, and turn the answer into ours."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any, TypeVar

import structlog
from temporalio.client import (
    Client,
    WorkflowExecutionStatus,
    WorkflowHandle,
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
    RunStopped,
    ServerUnreachable,
)
from engine.misshapen import too_large
from engine.record import Command, canonical_json, digest
from engine.refusal import Refused
from engine.runs import LedgerDisagrees
from engine.settings import Settings
from workflows.runs import ENDED_BY_SOMEBODY, unreadable, unrecordable
from workflows.starting import refused
from workflows.vouching import NOBODY, Vouching

log = structlog.get_logger()
T = TypeVar("T")

ANSWER = timedelta(seconds=10)
LOOK = timedelta(seconds=2)
OPENS_WITHIN = timedelta(seconds=90)
TRIES = 6
PASSING = (RPCStatusCode.UNAVAILABLE, RPCStatusCode.DEADLINE_EXCEEDED, RPCStatusCode.CANCELLED)


class Sender:
    """Sends commands as updates under their own names; the same id makes it repeatable.

    ``absent`` and ``over`` are raised with the target's name when it was never there, or
    has ended. ``vouching`` proves who sends.
    """

    def __init__(
        self, client: Client, settings: Settings, *, absent: type[GatewayError],
        over: type[GatewayError], vouching: Vouching = NOBODY,
    ) -> None:  # fmt: skip
        self._client = client
        self._vouching = vouching
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
        content = digest(command.model_dump(mode="json"))
        await self._refuse_what_cannot_be_recorded(target)
        proof = await self._vouching.proof(
            command, kind, target=target, command_id=command_id, digest=content
        )
        handle = self._client.get_workflow_handle(target)
        receipt: Receipt = await self.patiently(
            lambda: handle.execute_update(
                kind, args=[body, *proof], id=command_id, result_type=Receipt,
                rpc_timeout=ANSWER,
            ),
            target,
        )  # fmt: skip
        if receipt.digest != content:
            raise CommandRefused.because(CommandIdReused(command_id))
        return receipt

    async def _refuse_what_cannot_be_recorded(self, target: str) -> None:
        """Refuse before anything is sent: a workflow answers at once and records afterwards.

        Whether it is there at all is said by whoever sends.
        """
        with suppress(RPCError):
            found = await self._client.get_workflow_handle(target).describe(rpc_timeout=LOOK)
            if unrecordable(found):
                raise CommandRefused.because(LedgerDisagrees(target))

    def _checked(
        self, kind: str, body: dict[str, Any], parse: Callable[[str, object], Command]
    ) -> Command:
        """Return the command; refuse here what the workflow would refuse too."""
        size, limit = len(canonical_json(body).encode()), self._settings.command_limit_bytes
        if size > limit:
            raise CommandRefused.because(BadCommand(kind, too_large(size, limit)))
        try:
            return parse(kind, body)
        except Refused as refused:
            raise CommandRefused.because(refused) from None

    async def wait(
        self,
        target: str,
        update: str,
        *args: object,
        id: str,
        result_type: type[T] | None = None,
    ) -> T:
        """Return what a workflow answers once what it is asked to wait for has come.

        Raises:
            CommandRefused: it did not come, and why; and as for ``patiently``.
        """
        handle: WorkflowHandle[Any, Any] = self._client.get_workflow_handle(target)
        answer: T = await self.patiently(
            lambda: handle.execute_update(
                update, args=args, id=id, rpc_timeout=OPENS_WITHIN, result_type=result_type
            ),
            target,
        )
        return answer

    async def patiently(self, send: Callable[[], Awaitable[T]], target: str) -> T:
        """Send until somebody answers; the same id makes repeating safe.

        Raises:
            CommandRefused, ServerUnreachable, and what the sender was given to raise.
        """
        for attempt in range(1, TRIES + 1):
            try:
                return await send()
            except WorkflowUpdateFailedError as error:
                raise _answered(error.cause) from None
            except WorkflowUpdateRPCTimeoutOrCancelledError as error:
                if isinstance(error.__cause__, asyncio.CancelledError):
                    raise error.__cause__ from None  # whoever asked has gone
                log.warning("command_retried", workflow=target, attempt=attempt)
            except RPCError as error:
                if error.status is RPCStatusCode.NOT_FOUND:
                    await self._refuse_unless_it_runs(target)
                elif error.status not in PASSING:
                    raise
                log.warning("command_retried", workflow=target, attempt=attempt)
                await asyncio.sleep(0.3 * attempt)
        raise ServerUnreachable(self._settings.temporal_address or "")

    async def _refuse_unless_it_runs(self, target: str) -> None:
        """Raise when the workflow has ended, was never there, or was refused its opening.

        One that runs has just gone from one run to the next; the other run will answer.
        """
        name, handle = target.partition("/")[2], self._client.get_workflow_handle(target)
        try:
            found = await handle.describe()
            failure = await refused(handle)
        except RPCError:
            raise self._absent(name) from None
        if failure:
            raise _answered(failure) from None
        if found.status in ENDED_BY_SOMEBODY and not await unreadable(handle):
            raise RunStopped(target) from None
        if found.status is not WorkflowExecutionStatus.RUNNING:
            raise self._over(name) from None


def _answered(cause: BaseException) -> CommandRefused:
    """Return the refusal a workflow answered with, reasons and all."""
    if isinstance(cause, ApplicationError) and cause.details:
        return CommandRefused(tuple(Reason.model_validate(r) for r in cause.details[0]))
    said = str(cause)
    return CommandRefused((Reason(code="refused", zh=said, en=said),))
