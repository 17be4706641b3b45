"""A run that goes on when somebody asks to cancel it: nothing here ends by a request.

What a run waits for then, an append above all, is not cancelled either, so nothing is lost.
The request is told where operators look: in the log, in what the run says it waits for, and
in its history as a marker. Without one a worker that forgets at once (core 1.35) may hand over
the next command together with an append that was done before, and on replay apart from it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Generator
from types import coroutine
from typing import Any, TypeVar

from temporalio import workflow

log = workflow.logger
T = TypeVar("T")

PATCH = "cancellation-not-followed"
ASKED = (
    "有人请求取消;照常办理,不因此结束 | "
    "somebody asked to cancel this; it goes on, no request ends it"
)


async def endured(work: Coroutine[Any, Any, T]) -> T:
    """Return what ``work`` returns, whoever asks to cancel the run meanwhile.

    The first stretch of ``work`` runs at once and the others in a task of their own. So
    every command comes in the order in which it came without this, and what was recorded
    before replays.
    """
    try:
        first = work.send(None)
    except StopIteration as done:
        result: T = done.value
        return result
    rest, heard = asyncio.create_task(_finished(work, first)), False
    while not rest.done():
        try:
            await asyncio.wait([rest])
        except asyncio.CancelledError:  # of the run, or of every task when it leaves the cache
            if not heard and workflow.cancellation_reason() is not None:
                heard = True
                _hear()
    return rest.result()


def told(details: str) -> str:
    """Return what a run waits for, and that somebody asked to cancel it, if so."""
    if workflow.cancellation_reason() is None:
        return details
    return f"{details}\n\n{ASKED}"


def _hear() -> None:
    details = workflow.get_current_details()
    if ASKED not in details:
        workflow.set_current_details(told(details))
    workflow.patched(PATCH)
    log.warning("cancellation_not_followed")


async def _finished(work: Coroutine[Any, Any, T], first: Any) -> T:
    result: T = await _continued(work, first)
    return result


@coroutine
def _continued(work: Coroutine[Any, Any, Any], first: Any) -> Generator[Any, Any, Any]:
    """Go on with ``work``, which waits for ``first`` already."""
    try:
        yield first
    except BaseException as thrown:
        try:
            first = work.throw(thrown)
        except StopIteration as done:
            return done.value
        return (yield from _continued(work, first))
    return (yield from work)
