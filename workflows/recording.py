"""What a workflow has promised to record: numbered events, receipts, and the way out."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

from engine.cycle.errors import CommandIdReused
from engine.gateway import Receipt
from engine.record import EventEnvelope
from workflows.shapes import APPEND, Batch

APPENDED_WITHIN = timedelta(seconds=20)
FOR_EVER = RetryPolicy(
    initial_interval=timedelta(seconds=1), maximum_interval=timedelta(seconds=10)
)
REMEMBERED = 256


class NotAnsweredError(Exception):
    """An activity is done and says nothing: whoever did it holds no payload key."""


def insist(answer: object) -> None:
    """Fail the task, which waits for an operator, unless there is an answer.

    Whoever polls a queue can say that an activity is done; only with a key what it answers.

    Raises:
        NotAnsweredError: there is none.
    """
    if answer is None:
        raise NotAnsweredError(
            "活动已办而无回答,不是我们的工作进程办的;请终止此运行再接续,见 docs/runs.md | an "
            "activity is done without an answer, by no worker of ours: terminate this run and "
            "let it go on, see docs/runs.md"
        )


def command_id() -> str:
    """Return the id of the update that is being handled."""
    info = workflow.current_update_info()
    assert info is not None
    return info.id


@dataclass(kw_only=True)
class Recording:
    """The only writer of its streams: their last versions, the outbox and the receipts."""

    versions: dict[str, int] = field(default_factory=dict)
    outbox: deque[EventEnvelope] = field(default_factory=deque)
    answered: dict[str, Receipt] = field(default_factory=dict)

    def known(self, command: str, digest: str) -> Receipt | None:
        """Return the receipt of a command sent before, also in an earlier run.

        Raises:
            CommandIdReused: it had another content then.
        """
        receipt = self.answered.get(command)
        if receipt and receipt.digest != digest:
            raise CommandIdReused(command)
        return receipt

    def next(self, stream: str) -> int:
        """Return the number of the next event of ``stream``, and count it."""
        self.versions[stream] = self.versions.get(stream, 0) + 1
        return self.versions[stream]

    def post(self, events: tuple[EventEnvelope, ...], command: str, digest: str) -> Receipt:
        """Put the numbered ``events`` into the outbox and return their receipt."""
        self.outbox.extend(events)
        return Receipt(
            command=command, digest=digest, events=tuple(e.kind for e in events),
            versions={event.stream: event.version for event in events},
        )  # fmt: skip

    def answer(self, receipt: Receipt) -> Receipt:
        """Keep the receipt of a command for whoever sends it again."""
        self.answered[receipt.command] = receipt
        return receipt

    def latest(self) -> dict[str, Receipt]:
        """Return the receipts the next run has to know."""
        return dict(list(self.answered.items())[-REMEMBERED:])

    async def flush(self) -> bool:
        """Append what is in the outbox, and say whether there was anything.

        What a handler adds meanwhile stays for next time.
        """
        batch = Batch(events=tuple(self.outbox))
        if not batch.events:
            return False
        insist(await workflow.execute_activity(
            APPEND, batch, start_to_close_timeout=APPENDED_WITHIN, retry_policy=FOR_EVER,
            summary=f"记入台账 {len(batch.events)} 条 | into the ledger",
        ))  # fmt: skip
        for _ in batch.events:
            self.outbox.popleft()
        return True
