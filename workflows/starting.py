"""Start the workflow of a cycle or campaign, once for each name."""

from __future__ import annotations

from typing import Any

from temporalio.client import (
    Client,
    WorkflowExecutionStatus,
    WorkflowFailureError,
    WorkflowHandle,
)
from temporalio.common import TypedSearchAttributes, WorkflowIDReusePolicy
from temporalio.exceptions import ApplicationError, WorkflowAlreadyStartedError
from temporalio.service import RPCError

from engine.gateway import GatewayError, ServerUnreachable
from engine.settings import Settings
from workflows.answers import REFUSED
from workflows.vouching import Start, Vouching

ONCE = WorkflowIDReusePolicy.REJECT_DUPLICATE
AFTER_A_FAILURE = WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY


class Starter:
    """Starts workflows of one type, each vouched for; ``exists`` says that one is there."""

    def __init__(
        self, client: Client, settings: Settings, vouching: Vouching, *, workflow: str,
        exists: type[GatewayError],
    ) -> None:  # fmt: skip
        self._client = client
        self._settings = settings
        self._vouching = vouching
        self._workflow = workflow
        self._exists = exists

    async def start(
        self, start: Start, target: str, *, summary: str,
        attributes: TypedSearchAttributes = TypedSearchAttributes.empty,
    ) -> None:  # fmt: skip
        """Start the workflow ``target``, also where an opening was refused before.

        Raises:
            ActorKeysError, ServerUnreachable, and what it was given to raise.
        """
        vouched = await self._vouching.opening(start, target)
        how = {"id": target, "static_summary": summary, "search_attributes": attributes}
        try:
            await self._once(vouched, ONCE, how)
        except WorkflowAlreadyStartedError:
            if await refused(self._client.get_workflow_handle(target)) is None:
                raise self._exists(target.partition("/")[2]) from None
            await self._once(vouched, AFTER_A_FAILURE, how)

    async def _once(
        self, start: Start, reuse: WorkflowIDReusePolicy,
        how: dict[str, Any],
    ) -> None:  # fmt: skip
        try:
            await self._client.start_workflow(
                self._workflow, start, task_queue=self._settings.task_queue,
                id_reuse_policy=reuse, **how,
            )  # fmt: skip
        except RPCError as error:
            raise ServerUnreachable(str(error)) from error


async def refused(handle: WorkflowHandle[Any, Any]) -> ApplicationError | None:
    """Return what an opening was refused with; None when it was not, and events may be there.

    Raises:
        RPCError: there is no such workflow, or nobody answers.
    """
    if (await handle.describe()).status is not WorkflowExecutionStatus.FAILED:
        return None
    try:
        await handle.result(follow_runs=False)
    except WorkflowFailureError as failed:
        if isinstance(failed.cause, ApplicationError) and failed.cause.type == REFUSED:
            return failed.cause
    return None
