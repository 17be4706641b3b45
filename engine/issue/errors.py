# size: one class per refusal; each sentence says what to do
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


@dataclass(eq=False)
class DueOutOfRange(Refused):
    """The day is no possible deadline."""

    issue: int
    due: str
    first: str
    last: str
    zh: ClassVar[str] = "第 {issue} 号问题的期限 {due} 须在 {first} 至 {last} 之间"
    en: ClassVar[str] = (
        "the due day {due} of issue {issue} has to lie between {first} and {last}"
    )


@dataclass(eq=False)
class NoDeadline(Refused):
    """The issue has no deadline yet, or its policy knows none."""

    issue: int
    zh: ClassVar[str] = "第 {issue} 号问题还没有整改时限;请先认领"
    en: ClassVar[str] = "issue {issue} has no deadline yet; claim it first"


@dataclass(eq=False)
class ExtensionPending(Refused):
    """An extension is asked for and not decided."""

    issue: int
    zh: ClassVar[str] = "第 {issue} 号问题已有待审批的延期"
    en: ClassVar[str] = "issue {issue} has an extension waiting for its decision"


@dataclass(eq=False)
class ExtensionTooLate(Refused):
    """An extension is asked for before the deadline, not after it."""

    issue: int
    due: str
    today: str
    zh: ClassVar[str] = "第 {issue} 号问题已于 {due} 到期,今日 {today},逾期不再受理延期"
    en: ClassVar[str] = (
        "issue {issue} was due {due}, today is {today}; extensions are asked "
        "for before the deadline"
    )


@dataclass(eq=False)
class TooManyExtensions(Refused):
    """The issue was extended as often as policy allows."""

    issue: int
    granted: int
    most: int
    zh: ClassVar[str] = "第 {issue} 号问题已延期 {granted} 次,最多 {most} 次"
    en: ClassVar[str] = "issue {issue} was extended {granted} times, the most is {most}"


@dataclass(eq=False)
class ExtensionOutOfRange(Refused):
    """The day asked for is too near or too far."""

    issue: int
    to: str
    days: int
    latest: str
    zh: ClassVar[str] = "第 {issue} 号问题申请延至 {to};每次最多 {days} 天,不晚于 {latest}"
    en: ClassVar[str] = (
        "issue {issue}: {to} is out of range; at most {days} days, until {latest}"
    )


@dataclass(eq=False)
class NoExtensionAsked(Refused):
    """There is no extension to decide."""

    issue: int
    zh: ClassVar[str] = "第 {issue} 号问题没有待审批的延期"
    en: ClassVar[str] = "issue {issue} has no extension to decide"


@dataclass(eq=False)
class IsLongTerm(Refused):
    """The issue is on the long-term track already."""

    issue: int
    zh: ClassVar[str] = "第 {issue} 号问题已列入长期整改"
    en: ClassVar[str] = "issue {issue} is on the long-term track"


@dataclass(eq=False)
class NotLongTerm(Refused):
    """The issue is not on the long-term track."""

    issue: int
    zh: ClassVar[str] = "第 {issue} 号问题未列入长期整改;由支部销号"
    en: ClassVar[str] = "issue {issue} is not on the long-term track; the branch signs it off"


@dataclass(eq=False)
class LongTermNeedsSuperior(Refused):
    """A long-term issue is signed off by the superior with a reason."""

    issue: int
    zh: ClassVar[str] = "长期整改的第 {issue} 号问题须由上级说明理由后销号"
    en: ClassVar[str] = (
        "the long-term issue {issue} is signed off by the superior, with a reason"
    )


@dataclass(eq=False)
class MilestoneMissing(Refused):
    """A long-term issue needs milestones."""

    issue: int
    zh: ClassVar[str] = "第 {issue} 号问题没有阶段目标;请先列出"
    en: ClassVar[str] = "issue {issue} has no milestone; list one first"


@dataclass(eq=False)
class MilestonesNotMet(Refused):
    """Milestones are not met."""

    issue: int
    milestones: tuple[str, ...]
    zh: ClassVar[str] = "第 {issue} 号问题的阶段目标 {milestones} 未达成"
    en: ClassVar[str] = "milestones {milestones} of issue {issue} are not met"


@dataclass(eq=False)
class NoSuchMilestone(Refused):
    """The issue has no milestone of that number."""

    issue: int
    milestone: int
    zh: ClassVar[str] = "第 {issue} 号问题没有第 {milestone} 个阶段目标"
    en: ClassVar[str] = "issue {issue} has no milestone {milestone}"


@dataclass(eq=False)
class MilestoneAlreadyMet(Refused):
    """The milestone was met before."""

    issue: int
    milestone: int
    zh: ClassVar[str] = "第 {issue} 号问题的阶段目标 {milestone} 已达成"
    en: ClassVar[str] = "milestone {milestone} of issue {issue} is met already"


@dataclass(eq=False)
class TrackHasNoMilestones(Refused):
    """An immediate issue has no stages."""

    issue: int
    zh: ClassVar[str] = "第 {issue} 号问题属立行立改,不分阶段"
    en: ClassVar[str] = "issue {issue} is on the immediate track; it has no milestones"


@dataclass(eq=False)
class WithdrawalNeedsSuperior(Refused):
    """A claimed issue is withdrawn by the superior alone."""

    issue: int
    zh: ClassVar[str] = "第 {issue} 号问题已认领,须由上级撤回"
    en: ClassVar[str] = "issue {issue} is claimed; only the superior withdraws it"


@dataclass(eq=False)
class CannotMergeInto(Refused):
    """The other issue cannot take this one over."""

    issue: int
    into: int
    status: str
    zh: ClassVar[str] = "第 {issue} 号问题不能并入第 {into} 号({status})"
    en: ClassVar[str] = "issue {issue} cannot be merged into {into} ({status})"


@dataclass(eq=False)
class AlreadyKey(Refused):
    """The issue is a key issue already."""

    issue: int
    zh: ClassVar[str] = "第 {issue} 号已是突出问题"
    en: ClassVar[str] = "issue {issue} is a key issue already"


@dataclass(eq=False)
class NotOnSite(Refused):
    """A key issue is checked on site."""

    issue: int
    measures: tuple[str, ...]
    zh: ClassVar[str] = "第 {issue} 号为突出问题,措施 {measures} 须到现场核查"
    en: ClassVar[str] = (
        "measures {measures} of the key issue {issue} have to be checked on site"
    )


@dataclass(eq=False)
class NobodyToCallBack(Refused):
    """More people were called back than are waiting."""

    issue: int
    persons: int
    waiting: int
    zh: ClassVar[str] = "第 {issue} 号问题待回访 {waiting} 人,不是 {persons} 人"
    en: ClassVar[str] = "issue {issue} has {waiting} to call back, not {persons}"


@dataclass(eq=False)
class NothingCounted(Refused):
    """There is no rating to contest."""

    issue: int
    zh: ClassVar[str] = "第 {issue} 号问题还没有评议结果"
    en: ClassVar[str] = "issue {issue} has no rating yet"


@dataclass(eq=False)
class NothingContested(Refused):
    """No rating is contested."""

    issue: int
    zh: ClassVar[str] = "第 {issue} 号问题没有申请复核的评议"
    en: ClassVar[str] = "no rating of issue {issue} is contested"


@dataclass(eq=False)
class RatingUnderReview(Refused):
    """A contested rating suspends sign-off."""

    issue: int
    zh: ClassVar[str] = "第 {issue} 号问题的评议正在复核,请先裁定"
    en: ClassVar[str] = "the rating of issue {issue} is under review; decide it first"


@dataclass(eq=False)
class NoticeNotDrafted(Refused):
    """There is no draft of a notice."""

    issue: int
    zh: ClassVar[str] = "第 {issue} 号问题没有公示稿;请先由公示人起草"
    en: ClassVar[str] = "issue {issue} has no drafted notice; draft it first"


@dataclass(eq=False)
class NoticeNotCleared(Refused):
    """Another person has to clear the draft."""

    issue: int
    zh: ClassVar[str] = "第 {issue} 号问题的公示稿未经隐私审核"
    en: ClassVar[str] = "the notice of issue {issue} is not cleared by the privacy officer"


@dataclass(eq=False)
class NotTheDraft(Refused):
    """What is posted differs from what was cleared."""

    issue: int
    zh: ClassVar[str] = "第 {issue} 号问题公示的范围或日期与审核稿不符"
    en: ClassVar[str] = "issue {issue}: audience or days differ from the cleared draft"


@dataclass(eq=False)
class NoFurtherSlip(Refused):
    """The ladder of slips has no further step."""

    issue: int
    slips: int
    most: int
    zh: ClassVar[str] = "第 {issue} 号问题已发 {slips} 张单,本规则最多 {most} 张"
    en: ClassVar[str] = "issue {issue} has {slips} slips; the pack knows {most}"


@dataclass(eq=False)
class NoSlipOpen(Refused):
    """There is no slip to answer."""

    issue: int
    zh: ClassVar[str] = "第 {issue} 号问题没有待回复的督办单"
    en: ClassVar[str] = "issue {issue} has no open slip"


@dataclass(eq=False)
class NoLookBackDue(Refused):
    """No look-back is due."""

    issue: int
    due: str
    zh: ClassVar[str] = "第 {issue} 号问题没有到期的回头看({due})"
    en: ClassVar[str] = "no look-back of issue {issue} is due ({due})"


@dataclass(eq=False)
class MergeUnlike(Refused):
    """The two issues differ in something a merger would hide."""

    issue: int
    into: int
    differs: str
    zh: ClassVar[str] = "第 {issue} 号与第 {into} 号的 {differs} 不同,不能并入;可反过来合并"
    en: ClassVar[str] = (
        "issues {issue} and {into} differ in {differs}; merge the other way round"
    )


@dataclass(eq=False)
class AlreadyCounted(Refused):
    """The public's answers are counted once a review."""

    issue: int
    zh: ClassVar[str] = "第 {issue} 号问题本次评议已经计票"
    en: ClassVar[str] = "the review of issue {issue} has been counted"


@dataclass(eq=False)
class SlipTooSoon(Refused):
    """The slip before has not been ignored yet."""

    issue: int
    until: str
    zh: ClassVar[str] = "第 {issue} 号问题的上一张督办单 {until} 前可以回复,尚不能加重"
    en: ClassVar[str] = "the open slip of issue {issue} may be answered until {until}"


@dataclass(eq=False)
class ClosingUnderReview(Refused):
    """The plugins of the plan are being asked about this very closing."""

    issue: int
    zh: ClassVar[str] = "第 {issue} 号问题的销号正由插件核对,请等结果"
    en: ClassVar[str] = "plugins are being asked about closing issue {issue}; wait for them"


@dataclass(eq=False)
class ClosingHeld(Refused):
    """A plugin of the plan, or what happened meanwhile, holds the closing back."""

    issue: int
    by: tuple[str, ...]
    zh: ClassVar[str] = "第 {issue} 号问题不能销号,{by};解决后再申请销号"
    en: ClassVar[str] = "issue {issue} is held open by {by}; settle that, then close it again"
