"""Runs over Temporal's own service: described, reset, terminated; see ``engine.runs``."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import structlog
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.enums.v1 import EventType, ResetReapplyType
from temporalio.api.workflow.v1 import PendingActivityInfo
from temporalio.api.workflowservice.v1 import (
    ResetActivityRequest,
    ResetWorkflowExecutionRequest,
)
from temporalio.client import (
    Client,
    WorkflowExecutionDescription,
    WorkflowExecutionStatus,
    WorkflowHandle,
    WorkflowHistoryEventFilterType,
)
from temporalio.service import RPCError, RPCStatusCode

from engine.gateway import CampaignNotFound, CycleNotFound, ServerUnreachable
from engine.ledger.port import EventCollisionError, ExpectedVersionError
from engine.refusal import Refused
from engine.runs import NothingToRetry, Pending, Retried, Run, RunOver
from workflows.shapes import APPEND
from workflows.starting import refused

log = structlog.get_logger()

RUNNING = WorkflowExecutionStatus.RUNNING
ENDED_BY_SOMEBODY = (
    WorkflowExecutionStatus.TERMINATED,
    WorkflowExecutionStatus.CANCELED,
    WorkflowExecutionStatus.TIMED_OUT,
    WorkflowExecutionStatus.FAILED,
)


DISAGREES = (EventCollisionError.__name__, ExpectedVersionError.__name__)
"""How an append fails that no other try will mend."""

KEY_DESTROYED = "载荷密钥已销毁 | payload key destroyed: {key}"
"""Why a run was ended that nobody can read any more; nothing lets it go on."""


async def unreadable(handle: WorkflowHandle[Any, Any]) -> bool:
    """Say whether a run was ended because the key of its payloads is destroyed."""
    last = WorkflowHistoryEventFilterType.CLOSE_EVENT
    async for event in handle.fetch_history_events(event_filter_type=last):
        reason = event.workflow_execution_terminated_event_attributes.reason
        if reason.startswith(KEY_DESTROYED.format(key="")):
            return True
    return False


def unrecordable(found: WorkflowExecutionDescription) -> bool:
    """Say whether the run waits in vain for the ledger, since the two disagree."""
    appends = (a for a in _activities(found) if a.activity_type.name == APPEND)
    return any(_failure(append) in DISAGREES for append in appends)


class TemporalRuns:
    """Speaks to the server ``client`` is connected to; see ``Runs``."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def show(self, workflow: str) -> Run:
        """Describe the newest run; see ``Runs``."""
        return _run(await self._described(workflow))

    async def retry(self, workflow: str, *, reason: str) -> Retried:
        """Reset what waits for another try, or the run that was ended; see ``Runs``."""
        found = await self._described(workflow)
        with _answering(NothingToRetry(workflow, _status(found))):
            if found.status in ENDED_BY_SOMEBODY:
                return await self._go_on(found, reason)
            waiting = [
                a for a in _activities(found) if a.HasField("next_attempt_schedule_time")
            ]
            if found.status is not RUNNING or not waiting:
                raise NothingToRetry(workflow, _status(found))
            for activity in waiting:
                await self._at_once(found, activity.activity_id)
        done = tuple(activity.activity_type.name for activity in waiting)
        log.warning("run_retried", workflow=workflow, activities=done)
        return Retried(activities=done)

    async def terminate(self, workflow: str, *, reason: str) -> None:
        """Terminate the newest run; see ``Runs``."""
        found = await self._described(workflow)
        if found.status is not RUNNING:
            raise RunOver(workflow, _status(found))
        handle = self._client.get_workflow_handle(workflow, run_id=found.run_id)
        with _answering(RunOver(workflow, _status(found))):
            await handle.terminate(reason=reason)
        log.warning("run_terminated", workflow=workflow, run=found.run_id)

    async def _described(self, workflow: str) -> WorkflowExecutionDescription:
        try:
            return await self._client.get_workflow_handle(workflow).describe()
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise ServerUnreachable(str(error)) from error
            kind, _, name = workflow.partition("/")
            raise (CampaignNotFound if kind == "campaign" else CycleNotFound)(name) from None

    async def _go_on(self, found: WorkflowExecutionDescription, reason: str) -> Retried:
        """Reset a run that somebody ended; not one that was refused, or that none can read."""
        handle = self._client.get_workflow_handle(found.id, run_id=found.run_id)
        lost = await refused(handle) is not None or await unreadable(handle)
        task = 0 if lost else await self._last_task(found)
        if not task:
            raise NothingToRetry(found.id, _status(found))
        return Retried(run=await self._reset(found, task, reason))

    async def _last_task(self, found: WorkflowExecutionDescription) -> int:
        """Return the event of the last workflow task that was completed; 0 for none."""
        handle = self._client.get_workflow_handle(found.id, run_id=found.run_id)
        completed = EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED
        events = handle.fetch_history_events()
        return max([e.event_id async for e in events if e.event_type == completed], default=0)

    async def _reset(self, found: WorkflowExecutionDescription, task: int, reason: str) -> str:
        """Let another run take the ended one's history up to ``task``, and every update."""
        reset = ResetWorkflowExecutionRequest(
            namespace=self._client.namespace, workflow_execution=_execution(found),
            reason=reason, workflow_task_finish_event_id=task, request_id=str(uuid.uuid4()),
            reset_reapply_type=ResetReapplyType.RESET_REAPPLY_TYPE_ALL_ELIGIBLE,
        )  # fmt: skip
        made = await self._client.workflow_service.reset_workflow_execution(reset)
        log.warning("run_reset", workflow=found.id, run=made.run_id)
        return made.run_id

    async def _at_once(self, found: WorkflowExecutionDescription, activity: str) -> None:
        reset = ResetActivityRequest(
            namespace=self._client.namespace, execution=_execution(found), id=activity
        )
        await self._client.workflow_service.reset_activity(reset)


@contextmanager
def _answering(gone: Refused) -> Iterator[None]:
    """Turn what the server answers into ours; what has ended meanwhile is ``gone``."""
    try:
        yield
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            raise gone from None
        raise ServerUnreachable(str(error)) from error


def _execution(found: WorkflowExecutionDescription) -> WorkflowExecution:
    return WorkflowExecution(workflow_id=found.id, run_id=found.run_id)


def _activities(found: WorkflowExecutionDescription) -> Iterator[PendingActivityInfo]:
    return iter(found.raw_description.pending_activities)


def _status(found: WorkflowExecutionDescription) -> str:
    return found.status.name.lower() if found.status else "unknown"


def _run(found: WorkflowExecutionDescription) -> Run:
    return Run(
        workflow=found.id, run=found.run_id, status=_status(found), started=found.start_time,
        ended=found.close_time, events=found.history_length,
        pending=tuple(map(_pending, _activities(found))),
    )  # fmt: skip


def _pending(activity: PendingActivityInfo) -> Pending:
    due = activity.HasField("next_attempt_schedule_time")
    return Pending(
        activity=activity.activity_type.name, attempt=activity.attempt,
        failure=_failure(activity),
        next_try=_moment(activity) if due else None,
    )  # fmt: skip


def _failure(activity: PendingActivityInfo) -> str:
    """Return the class of the last failure, or its kind, such as a timeout; empty: none."""
    last = activity.last_failure
    kind: str = last.WhichOneof("failure_info") or ""
    return last.application_failure_info.type or kind.removesuffix("_failure_info")


def _moment(activity: PendingActivityInfo) -> datetime:
    return activity.next_attempt_schedule_time.ToDatetime(tzinfo=UTC)
