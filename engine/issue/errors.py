"""Why an issue's command is refused; see engine.refusal for the tree's root."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from engine.refusal import Refused


@dataclass(eq=False)
class NoSuchIssue(Refused):
    """The cycle has no issue of that number."""

    issue: int
    zh: ClassVar[str] = "没有第 {issue} 号问题;请用 taizhang issue list 查看编号"
    en: ClassVar[str] = "there is no issue {issue}; see taizhang issue list"


@dataclass(eq=False)
class NoSuchMeasure(Refused):
    """The issue has no measure of that number."""

    issue: int
    measure: int
    zh: ClassVar[str] = "第 {issue} 号问题没有第 {measure} 条措施"
    en: ClassVar[str] = "issue {issue} has no measure {measure}"


@dataclass(eq=False)
class WrongIssueStatus(Refused):
    """The issue is not at a stage at which this may be asked."""

    issue: int
    status: str
    wanted: tuple[str, ...]
    zh: ClassVar[str] = "第 {issue} 号问题处于 {status},须处于 {wanted}"
    en: ClassVar[str] = "issue {issue} is {status}, it has to be {wanted}"


@dataclass(eq=False)
class AlreadyClaimed(Refused):
    """Someone else owns the issue."""

    issue: int
    owner: str
    zh: ClassVar[str] = "第 {issue} 号问题已由 {owner} 认领"
    en: ClassVar[str] = "issue {issue} is owned by {owner} already"


@dataclass(eq=False)
class NotTheOwner(Refused):
    """Only the owner works on an issue."""

    issue: int
    owner: str
    zh: ClassVar[str] = "第 {issue} 号问题的责任人是 {owner},只有责任人可以办理"
    en: ClassVar[str] = "issue {issue} belongs to {owner}; only the owner may do this"


@dataclass(eq=False)
class DutiesNotSeparate(Refused):
    """One person would judge what he or she has a part in."""

    issue: int
    person: str
    part: str
    zh: ClassVar[str] = "{person} 是第 {issue} 号问题的 {part},须另请一人"
    en: ClassVar[str] = "{person} is {part} of issue {issue}; ask somebody else"


@dataclass(eq=False)
class NoMeasure(Refused):
    """An issue without a measure cannot be resolved."""

    issue: int
    zh: ClassVar[str] = "第 {issue} 号问题没有整改措施;请先列出至少一条"
    en: ClassVar[str] = "issue {issue} has no measure; list at least one first"


@dataclass(eq=False)
class MeasuresNotDone(Refused):
    """Some measures are not done or lack evidence."""

    issue: int
    measures: tuple[str, ...]
    zh: ClassVar[str] = "第 {issue} 号问题的措施 {measures} 未完成或没有佐证"
    en: ClassVar[str] = "measures {measures} of issue {issue} are not done or lack evidence"


@dataclass(eq=False)
class EvidenceMissing(Refused):
    """A measure is done only with evidence."""

    issue: int
    measure: int
    zh: ClassVar[str] = "第 {issue} 号问题第 {measure} 条措施须附至少一份佐证"
    en: ClassVar[str] = "measure {measure} of issue {issue} needs at least one evidence"


@dataclass(eq=False)
class MeasureAlreadyDone(Refused):
    """The measure was declared done before."""

    issue: int
    measure: int
    zh: ClassVar[str] = "第 {issue} 号问题第 {measure} 条措施已完成,无须重复"
    en: ClassVar[str] = "measure {measure} of issue {issue} is done already"


@dataclass(eq=False)
class NotThorough(Refused):
    """Not every measure was found thorough by enough verifiers."""

    issue: int
    measures: tuple[str, ...]
    verifiers: int
    zh: ClassVar[str] = (
        "解决不彻底不销号:第 {issue} 号问题的措施 {measures} 须有 {verifiers} 名核查人认定彻底"
    )
    en: ClassVar[str] = (
        "measures {measures} of issue {issue} are not found thorough by {verifiers} verifier(s)"
    )


@dataclass(eq=False)
class NotApproved(Refused):
    """The committee, or for a key issue the superior, has not approved."""

    issue: int
    level: str
    zh: ClassVar[str] = "第 {issue} 号问题尚未经 {level} 审批"
    en: ClassVar[str] = "issue {issue} is not approved by the {level} yet"


@dataclass(eq=False)
class ScopeNotAllowed(Refused):
    """A member's own shortcoming is never put before the public."""

    issue: int
    scope: str
    zh: ClassVar[str] = "第 {issue} 号问题属个人问题,不得以 {scope} 范围征求意见或公示"
    en: ClassVar[str] = "issue {issue} is about a member; {scope} is never asked or told"


@dataclass(eq=False)
class ReasonMissing(Refused):
    """The act needs a reason on record."""

    issue: int
    zh: ClassVar[str] = "第 {issue} 号问题:请写明理由"
    en: ClassVar[str] = "issue {issue}: give a reason"


@dataclass(eq=False)
class PublicNotSatisfied(Refused):
    """群众不认可不算数: too few answers, or too few satisfied."""

    issue: int
    answers: int
    least: int
    satisfied: int
    threshold: str
    zh: ClassVar[str] = (
        "群众不认可不算数:第 {issue} 号问题收到 {answers} 份(至少 {least}),"
        "满意 {satisfied} 份,门槛 {threshold}"
    )
    en: ClassVar[str] = (
        "issue {issue}: {answers} answers (at least {least}), {satisfied} satisfied, "
        "threshold {threshold}"
    )


@dataclass(eq=False)
class SampleTooSmall(Refused):
    """Fewer people answered than the review needs."""

    issue: int
    answers: int
    least: int
    zh: ClassVar[str] = "第 {issue} 号问题只有 {answers} 份回答,至少要 {least} 份;请继续征求"
    en: ClassVar[str] = "issue {issue} has {answers} answers, {least} are needed; ask on"


@dataclass(eq=False)
class NoticeNotOver(Refused):
    """The notice was not posted, or its window is still open."""

    issue: int
    last: str
    zh: ClassVar[str] = "第 {issue} 号问题公示未期满(截止 {last})"
    en: ClassVar[str] = "the notice of issue {issue} is not over (last day {last})"


@dataclass(eq=False)
class NoticeTooShort(Refused):
    """The window has fewer working days than policy asks."""

    issue: int
    days: int
    least: int
    zh: ClassVar[str] = "第 {issue} 号问题公示仅 {days} 个工作日,至少 {least} 个"
    en: ClassVar[str] = "the notice of issue {issue} has {days} working days, {least} needed"


@dataclass(eq=False)
class NoticeInThePast(Refused):
    """A notice cannot begin before the day it is posted."""

    issue: int
    first: str
    today: str
    zh: ClassVar[str] = "第 {issue} 号问题公示起始日 {first} 早于今日 {today}"
    en: ClassVar[str] = "the notice of issue {issue} begins {first}, today is {today}"


@dataclass(eq=False)
class ObjectionOpen(Refused):
    """An undecided objection suspends sign-off."""

    issue: int
    zh: ClassVar[str] = "第 {issue} 号问题有未裁定的异议,请先裁定"
    en: ClassVar[str] = "issue {issue} has an open objection; decide it first"


@dataclass(eq=False)
class NoOpenObjection(Refused):
    """There is nothing to decide."""

    issue: int
    zh: ClassVar[str] = "第 {issue} 号问题没有待裁定的异议"
    en: ClassVar[str] = "issue {issue} has no open objection"
