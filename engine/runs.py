"""Runs of workflows as whoever operates the server sees and mends them; never content."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Protocol

from pydantic import AwareDatetime

from engine.record import Record
from engine.refusal import Refused


@dataclass(eq=False)
class NothingToRetry(Refused):
    """Nothing of the run waits for another try, and nobody ended it."""

    workflow: str
    status: str
    zh: ClassVar[str] = "{workflow} 没有在等重试的活动,也没有可以接续的运行"
    en: ClassVar[str] = "{workflow} is {status}; nothing waits for another try or can go on"


@dataclass(eq=False)
class RunOver(Refused):
    """The run has ended already."""

    workflow: str
    status: str
    zh: ClassVar[str] = "{workflow} 已经结束,不能再终止"
    en: ClassVar[str] = "{workflow} has ended already ({status}) and cannot be terminated"


@dataclass(eq=False)
class ReasonNotFit(Refused):
    """A reason stays readable on the server for ever, and so it names nobody."""

    what: str
    what_en: str
    zh: ClassVar[str] = "理由会留在服务器上,不可写{what};请写事由或工单号"
    en: ClassVar[str] = "the reason stays on the server: leave {what_en} out, say what happened"


@dataclass(eq=False)
class ReasonMissing(Refused):
    """Nobody is told why."""

    zh: ClassVar[str] = "请写明理由"
    en: ClassVar[str] = "say why"


@dataclass(eq=False)
class LedgerDisagrees(Refused):
    """What the run has to record is not what the ledger has: one of them was set back."""

    workflow: str
    zh: ClassVar[str] = (
        "{workflow} 的运行与台账对不上(一方被退回过),受理了也记不进台账,故不受理;"
        "请运维按 docs/runs.md“对不上”一条处理,然后再办"
    )
    en: ClassVar[str] = (
        "the run of {workflow} and the ledger disagree, since one was set back: nothing "
        "it takes could be recorded, so it takes nothing. An operator mends it as docs/runs.md "
        'says under "disagree"; then send this again'
    )


class Pending(Record):
    """An activity that has not ended: its type, its tries, and why the last one failed.

    ``failure`` is a class's name, or a kind such as a timeout; empty while nothing has failed.
    ``next_try`` is None while it is being tried.
    """

    activity: str
    attempt: int
    failure: str = ""
    next_try: AwareDatetime | None = None


class Run(Record):
    """The newest run of a workflow: its metadata, as the server tells it."""

    workflow: str
    run: str
    status: str
    started: AwareDatetime
    ended: AwareDatetime | None = None
    events: int
    pending: tuple[Pending, ...] = ()


class Retried(Record):
    """What a retry did: the activities tried at once, or the run that goes on instead."""

    activities: tuple[str, ...] = ()
    run: str = ""


class Runs(Protocol):
    """Shows the newest run of a workflow, tries it again, and ends it.

    Every method raises ``CycleNotFound``, ``CampaignNotFound`` or ``ServerUnreachable``.
    """

    async def show(self, workflow: str) -> Run:
        """Return the newest run of ``workflow``, for instance of ``cycle/nanzhang-2021``."""

    async def retry(self, workflow: str, *, reason: str) -> Retried:
        """Try now what waits for another try; a run that was ended goes on where it was.

        Raises:
            NothingToRetry: it runs and waits for nothing, it ended by itself, or the key of
                its payloads is destroyed.
        """

    async def terminate(self, workflow: str, *, reason: str) -> None:
        """End the run as it stands; ``retry`` lets it go on.

        Raises:
            RunOver: it has ended.
        """
