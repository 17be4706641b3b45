"""RetentionWorkflow: one of them, one timer a day, and an activity that may run twice.

Neither it nor its activity is handed anything, so no open run holds an encrypted payload
and no key of payloads is needed by it.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta

from temporalio import workflow
from temporalio.client import Client
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy

with workflow.unsafe.imports_passed_through():
    from engine.day import LOCAL
    from workflows.enduring import endured
    from workflows.shapes import DESTROY_DUE, RETENTION_WORKFLOW

HOUR = time(3, 0)
ID = "retention"
TAKES = timedelta(hours=1)


def until_next(now: datetime) -> timedelta:
    """Return how long it is until three in the morning in China."""
    here = now.astimezone(LOCAL)
    then = datetime.combine(here.date(), HOUR, LOCAL)
    return (then if then > here else then + timedelta(days=1)) - here


@workflow.defn(name=RETENTION_WORKFLOW)
class RetentionWorkflow:
    """Waits for the night, has what is due destroyed, and begins anew."""

    @workflow.run
    async def run(self) -> None:
        """Do one day."""
        await endured(self._day())

    async def _day(self) -> None:
        workflow.set_current_details(
            "等到北京时间 3:00 销毁到期内容 | waits for 03:00 in China"
        )
        await workflow.sleep(until_next(workflow.now()))
        await workflow.execute_activity(DESTROY_DUE, start_to_close_timeout=TAKES)
        workflow.continue_as_new()


async def begin(client: Client, task_queue: str) -> None:
    """Start the one workflow of retention unless it runs already."""
    await client.start_workflow(
        RETENTION_WORKFLOW, id=ID, task_queue=task_queue,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
    )  # fmt: skip
