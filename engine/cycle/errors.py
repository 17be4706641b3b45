# size: one class per refusal; each sentence says what to do
"""Why a cycle's command is refused; see engine.refusal for the tree's root."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from engine.refusal import Refused


@dataclass(eq=False)
class BadCommand(Refused):
    """A field of the command is missing, unknown or malformed; its value is not echoed."""

    field: str
    problem: str
    zh: ClassVar[str] = "字段 {field}:{problem}"
    en: ClassVar[str] = "field {field}: {problem}"


@dataclass(eq=False)
class CommandUnreadable(Refused):
    """The command came encrypted, and not so that this workflow can read it."""

    why: str
    key: str
    zh: ClassVar[str] = (
        "命令无法解密({why},密钥 {key}),未受理;"
        "请核对发送方的 TAIZHANG_PAYLOADS、TAIZHANG_PAYLOAD_KEYS、命名空间与周期"
    )
    en: ClassVar[str] = (
        "the command cannot be decrypted ({why}, key {key}) and was not taken; check the "
        "sender's TAIZHANG_PAYLOADS, TAIZHANG_PAYLOAD_KEYS, namespace and cycle"
    )


@dataclass(eq=False)
class UnknownPerson(Refused):
    """The cycle does not know the person."""

    person: str
    zh: ClassVar[str] = "本周期没有人员 {person};请核对名册"
    en: ClassVar[str] = "this cycle has no person {person}; check the roster"


@dataclass(eq=False)
class NotPermitted(Refused):
    """None of the person's roles may send this command."""

    person: str
    command: str
    wanted: tuple[str, ...]
    zh: ClassVar[str] = "{person} 无权办理 {command},须由 {wanted} 办理"
    en: ClassVar[str] = "{person} may not {command}; it takes one of: {wanted}"


@dataclass(eq=False)
class WrongStatus(Refused):
    """The cycle is not in a state in which this may be asked."""

    status: str
    wanted: tuple[str, ...]
    zh: ClassVar[str] = "周期处于 {status},须处于 {wanted}"
    en: ClassVar[str] = "the cycle is {status}, it has to be {wanted}"


@dataclass(eq=False)
class NotPlannedYet(Refused):
    """The plan is still being composed."""

    zh: ClassVar[str] = "方案步骤尚在编排,请稍候重试"
    en: ClassVar[str] = "the plan is still being composed; try again in a moment"


@dataclass(eq=False)
class PlanIsBlocked(Refused):
    """A required plugin is not in the plan."""

    plugins: tuple[str, ...]
    zh: ClassVar[str] = (
        "方案受阻,缺少必需的插件 {plugins}:修复后会自动重试,或由上级 decide_plan"
    )
    en: ClassVar[str] = (
        "the plan is blocked without the required {plugins}; mend it and wait, or decide_plan"
    )


@dataclass(eq=False)
class PlanNotBlocked(Refused):
    """There is nothing to decide about the plan."""

    zh: ClassVar[str] = "方案没有受阻,无须决定"
    en: ClassVar[str] = "the plan is not blocked; there is nothing to decide"


@dataclass(eq=False)
class GateOpen(Refused):
    """A gate before the meeting is open; ``missing`` says what for."""

    gate: str
    missing: tuple[str, ...]
    zh: ClassVar[str] = "会前关口 {gate} 未过:{missing}"
    en: ClassVar[str] = "gate {gate} is open: {missing}"


@dataclass(eq=False)
class DayNotCome(Refused):
    """The meeting's day has not come."""

    today: str
    meeting_on: str
    zh: ClassVar[str] = "会议定于 {meeting_on},今日 {today}"
    en: ClassVar[str] = "the meeting is on {meeting_on}, today is {today}"


@dataclass(eq=False)
class QuorumMissed(Refused):
    """Not enough of the members due are present."""

    present: int
    quorum: int
    zh: ClassVar[str] = "到会 {present} 人,法定 {quorum} 人;请另行召集"
    en: ClassVar[str] = "{present} present, quorum is {quorum}; call a second meeting"


@dataclass(eq=False)
class NotDue(Refused):
    """Someone on the roll is not a member due to attend."""

    persons: tuple[str, ...]
    zh: ClassVar[str] = "{persons} 不在应到名单之内"
    en: ClassVar[str] = "{persons} are not among those due"


@dataclass(eq=False)
class MayNotChair(Refused):
    """Rank does not make a chair; the secretary or a committee member present does."""

    person: str
    zh: ClassVar[str] = "{person} 不能主持:须由到会的书记或支委主持"
    en: ClassVar[str] = "{person} may not chair; a present secretary or committee member does"


@dataclass(eq=False)
class ItemOutOfOrder(Refused):
    """The agenda has one order."""

    item: str
    next: str
    zh: ClassVar[str] = "议程不能先进行 {item};下一项是 {next}"
    en: ClassVar[str] = "the agenda does not have {item} now; next is {next}"


@dataclass(eq=False)
class ItemNotOpen(Refused):
    """The act belongs to another item of the agenda."""

    item: str
    open_item: str
    zh: ClassVar[str] = "此事属于议程 {item},现在进行的是 {open_item}"
    en: ClassVar[str] = "this belongs to item {item}; {open_item} is open"


@dataclass(eq=False)
class ItemNotComplete(Refused):
    """The open item lacks something, which ``command`` records."""

    item: str
    missing: tuple[str, ...]
    command: str
    zh: ClassVar[str] = "议程 {item} 未完成:{missing}(用 {command} 登记)"
    en: ClassVar[str] = "item {item} is not complete: {missing}; record it with {command}"


@dataclass(eq=False)
class SpeechMissing(Refused):
    """An invited guest has not spoken."""

    step: str
    guest: str
    zh: ClassVar[str] = "{step}:代表 {guest} 尚未发言(用 record_speech 登记)"
    en: ClassVar[str] = (
        "{step}: representative {guest} has not spoken; record it with record_speech"
    )


@dataclass(eq=False)
class ItemsMissing(Refused):
    """Agenda items were not held."""

    items: tuple[str, ...]
    zh: ClassVar[str] = "议程尚未进行:{items}"
    en: ClassVar[str] = "agenda items not held: {items}"


@dataclass(eq=False)
class OutOfTurn(Refused):
    """Somebody else comes first."""

    person: str
    next: str
    zh: ClassVar[str] = "还没轮到 {person};下一位是 {next}"
    en: ClassVar[str] = "it is not the turn of {person}; next is {next}"


@dataclass(eq=False)
class AlreadyDone(Refused):
    """It was done before; once is enough."""

    what: str
    zh: ClassVar[str] = "{what} 已办过,无须重复"
    en: ClassVar[str] = "{what} is done already"


@dataclass(eq=False)
class NotPresent(Refused):
    """The person is not in the meeting."""

    person: str
    zh: ClassVar[str] = "{person} 不在会场;请先签到"
    en: ClassVar[str] = "{person} is not in the meeting; check in first"


@dataclass(eq=False)
class NotInvited(Refused):
    """The plan has no invitation for the guest."""

    guest: str
    zh: ClassVar[str] = "{guest} 不在邀请之列"
    en: ClassVar[str] = "{guest} is not invited by the plan"


@dataclass(eq=False)
class NotReconciled(Refused):
    """The counts contradict each other."""

    batch: str
    problem: str
    zh: ClassVar[str] = "批次 {batch} 对不上账:{problem}"
    en: ClassVar[str] = "batch {batch} does not reconcile: {problem}"


@dataclass(eq=False)
class NotYours(Refused):
    """Only the person concerned may do this."""

    person: str
    zh: ClassVar[str] = "只能由 {person} 本人办理"
    en: ClassVar[str] = "only {person} may do this"


@dataclass(eq=False)
class CriticismNotYours(Refused):
    """It is for one of the two it is between, and nobody is told who they are (P05)."""

    item: int
    zh: ClassVar[str] = "批评 {item} 不由你办理:提出的人确认,被批评的人答复"
    en: ClassVar[str] = (
        "criticism {item} is not yours: its critic confirms it, the criticised replies"
    )


@dataclass(eq=False)
class OwnCriticism(Refused):
    """Mutual criticism is of somebody else."""

    person: str
    zh: ClassVar[str] = "{person} 不能在相互批评中批评本人;自己的问题写进对照检查材料"
    en: ClassVar[str] = (
        "{person} does not criticise oneself here; one's own problems stand in the "
        "self-examination"
    )


@dataclass(eq=False)
class OwnTalk(Refused):
    """Whoever says that a talk is due does not say it of himself or herself."""

    person: str
    zh: ClassVar[str] = "{person} 不能要求与本人谈话;请另一位支委或书记提出"
    en: ClassVar[str] = (
        "{person} may not require a talk with oneself; another of the committee does"
    )


@dataclass(eq=False)
class NobodyToTalk(Refused):
    """The branch has nobody in that office besides the member."""

    person: str
    zh: ClassVar[str] = "除 {person} 本人外没有可谈的人;书记须由支委谈:talker=committee"
    en: ClassVar[str] = (
        "besides {person} there is nobody to hold the talk; "
        "with the secretary one of the committee does, talker=committee"
    )


@dataclass(eq=False)
class SuperiorReviews(Refused):
    """The branch's own document and its secretary's are reviewed above the branch."""

    author: str
    zh: ClassVar[str] = "{author} 的材料由上级党组织或督导组审定,支部内不审"
    en: ClassVar[str] = "{author}'s document is reviewed by the superior or a guidance group"


@dataclass(eq=False)
class ReviewerIsAuthor(Refused):
    """Nobody reviews what he or she wrote."""

    author: str
    zh: ClassVar[str] = "审核人不能是撰写人 {author}"
    en: ClassVar[str] = "the reviewer may not be the author {author}"


@dataclass(eq=False)
class NothingToReview(Refused):
    """There is no submitted document of that author."""

    author: str
    zh: ClassVar[str] = "{author} 没有待审材料"
    en: ClassVar[str] = "{author} has submitted nothing to review"


@dataclass(eq=False)
class NotApprovedYet(Refused):
    """Only an approved document is delivered."""

    author: str
    zh: ClassVar[str] = "{author} 的对照检查材料未审定"
    en: ClassVar[str] = "the self-examination of {author} is not approved"


@dataclass(eq=False)
class FieldMissing(Refused):
    """The act is incomplete without this field."""

    field: str
    zh: ClassVar[str] = "请补充字段 {field}"
    en: ClassVar[str] = "add the field {field}"


@dataclass(eq=False)
class NoSuchItem(Refused):
    """There is no criticism of that number."""

    item: int
    zh: ClassVar[str] = "没有第 {item} 条批评意见"
    en: ClassVar[str] = "there is no criticism {item}"


@dataclass(eq=False)
class NoSuchStep(Refused):
    """The pinned plan has no such step to record evidence for."""

    step: str
    known: tuple[str, ...]
    zh: ClassVar[str] = "{step} 不是可登记的步骤;可登记:{known}"
    en: ClassVar[str] = "{step} takes no evidence; these do: {known}"


@dataclass(eq=False)
class StageOutOfOrder(Refused):
    """A member passes the stages of a step one after another."""

    step: str
    member: str
    stage: str
    next: str
    zh: ClassVar[str] = "{step}:{member} 的下一阶段是 {next},不是 {stage}"
    en: ClassVar[str] = "{step}: the next stage of {member} is {next}, not {stage}"


@dataclass(eq=False)
class TooManyVotes(Refused):
    """More votes than voters."""

    votes: int
    voters: int
    zh: ClassVar[str] = "票数 {votes} 多于有表决权的到会人数 {voters}"
    en: ClassVar[str] = "{votes} votes, but only {voters} voting members are present"


@dataclass(eq=False)
class TooFewBallots(Refused):
    """So few ballots would betray who voted what."""

    ballots: int
    least: int
    zh: ClassVar[str] = "只有 {ballots} 票,少于 {least} 票不报数;请不带票数计票,记为没有结果"
    en: ClassVar[str] = (
        "{ballots} ballots; fewer than {least} are not reported: count with no numbers, "
        "and there is no result"
    )


@dataclass(eq=False)
class NoEvaluation(Refused):
    """The cycle was opened without an evaluation of members."""

    zh: ClassVar[str] = "本周期未结合民主评议"
    en: ClassVar[str] = "this cycle has no evaluation of members"


@dataclass(eq=False)
class IssuesUnready(Refused):
    """Issues lack an owner or a measure."""

    unclaimed: tuple[str, ...]
    unmeasured: tuple[str, ...]
    zh: ClassVar[str] = "清单不完整:未认领 [{unclaimed}],无措施 [{unmeasured}]"
    en: ClassVar[str] = "lists incomplete: unclaimed [{unclaimed}], no measure [{unmeasured}]"


@dataclass(eq=False)
class IssuesOpen(Refused):
    """问题不解决不放松: the file is not closed over open issues."""

    issues: tuple[str, ...]
    zh: ClassVar[str] = "问题不解决不放松:问题 {issues} 未销号"
    en: ClassVar[str] = "issues {issues} are not signed off"


@dataclass(eq=False)
class StepsMissing(Refused):
    """Steps after the meeting are missing."""

    steps: tuple[str, ...]
    zh: ClassVar[str] = "会后步骤未完成:{steps}"
    en: ClassVar[str] = "steps not carried out: {steps}"


@dataclass(eq=False)
class NotARehearsal(Refused):
    """A real cycle has the wall clock."""

    zh: ClassVar[str] = "只有演练周期可以调日历"
    en: ClassVar[str] = "only a rehearsal's calendar can be moved"


@dataclass(eq=False)
class ClockGoesForward(Refused):
    """Time does not go back."""

    now: str
    to: str
    zh: ClassVar[str] = "日历只能向前:现在 {now},要求 {to}"
    en: ClassVar[str] = "the calendar only goes forward: it is {now}, asked for {to}"


@dataclass(eq=False)
class CommandIdReused(Refused):
    """The same command id came with other content."""

    command: str
    zh: ClassVar[str] = "命令号 {command} 已用于另一内容;请换一个命令号"
    en: ClassVar[str] = "command id {command} was used for something else; take a new one"


@dataclass(eq=False)
class BadRoster(Refused):
    """The people named at the opening cannot run a cycle."""

    problem: str
    zh: ClassVar[str] = "名册有误:{problem}"
    en: ClassVar[str] = "the roster cannot work: {problem}"


@dataclass(eq=False)
class RightsOff(Refused):
    """The cycle's policy was pinned before members' rights had numbers."""

    pack: str
    zh: ClassVar[str] = "本周期的规则 {pack} 没有 [rights],不能办理;下一周期请用有此项的规则包"
    en: ClassVar[str] = (
        "this cycle's policy {pack} has no [rights]; open the next cycle with a pack that has"
    )


@dataclass(eq=False)
class CriticismsNotFinal(Refused):
    """A criticism is unanswered within its window, or contested and not decided for it."""

    items: tuple[str, ...]
    zh: ClassVar[str] = (
        "批评意见 {items} 尚未定论:等本人回应或期满;有异议的由支部以外的人 decide_criticism"
    )
    en: ClassVar[str] = (
        "criticisms {items} are not final: wait for the answer or the end of the window; "
        "one contested is decided by somebody outside the branch, decide_criticism"
    )


@dataclass(eq=False)
class CriticismNotNamed(Refused):
    """An issue out of criticism says out of which item, so that it waits for the answer."""

    zh: ClassVar[str] = "来源写了 criticism 的,请在 criticism 字段写明是第几条批评意见"
    en: ClassVar[str] = (
        "an issue with the source criticism says in the field criticism which item it is"
    )


@dataclass(eq=False)
class CriticismOfAnother(Refused):
    """The issue is about another member than the one the item criticises."""

    item: int
    of: str
    zh: ClassVar[str] = "第 {item} 条批评的是 {of};请写对应的那一条,或者改正 subject"
    en: ClassVar[str] = "item {item} criticises {of}: name the item meant, or mend the subject"


@dataclass(eq=False)
class NotContested(Refused):
    """Only what is contested and not decided yet is decided."""

    what: str
    zh: ClassVar[str] = "{what} 没有待决定的异议"
    en: ClassVar[str] = "{what} is not contested, or decided already"


@dataclass(eq=False)
class OfTheBranch(Refused):
    """Members of the branch do not decide about each other's objections."""

    person: str
    zh: ClassVar[str] = "{person} 是本支部成员,须由支部以外的人决定"
    en: ClassVar[str] = "{person} is of the branch; somebody outside it decides"


@dataclass(eq=False)
class OwnVerdict(Refused):
    """Nobody grades oneself."""

    person: str
    zh: ClassVar[str] = "{person} 不能评定自己;请另一位支委或上级提出"
    en: ClassVar[str] = "{person} may not grade oneself; another of the committee proposes it"


@dataclass(eq=False)
class VerdictNotProposed(Refused):
    """The member has not been shown this verdict."""

    person: str
    zh: ClassVar[str] = "{person} 还没有看到这一评定;请先 propose_verdict"
    en: ClassVar[str] = "{person} has not been shown this verdict; propose_verdict first"


@dataclass(eq=False)
class ReplyWindowOpen(Refused):
    """The member can still answer."""

    person: str
    last: str
    zh: ClassVar[str] = "{person} 可回应至 {last};本人回应或期满后再告知"
    en: ClassVar[str] = "{person} may answer until {last}; tell it after that or the answer"


@dataclass(eq=False)
class VerdictContested(Refused):
    """The member contests the verdict, and nobody outside the branch has decided."""

    person: str
    zh: ClassVar[str] = "{person} 对评定有异议;由支部以外的人 decide_verdict"
    en: ClassVar[str] = (
        "{person} contests the verdict; somebody outside decides, decide_verdict"
    )


@dataclass(eq=False)
class VerdictStruck(Refused):
    """The verdict proposed does not stand."""

    person: str
    zh: ClassVar[str] = "对 {person} 的评定已被撤销;请重新 propose_verdict"
    en: ClassVar[str] = "the verdict on {person} was struck; propose_verdict anew"


@dataclass(eq=False)
class VerdictNotTold(Refused):
    """Only a verdict that was told is struck; before that it is contested and decided."""

    person: str
    zh: ClassVar[str] = "对 {person} 的评定尚未告知;告知之前由本人提出异议,再 decide_verdict"
    en: ClassVar[str] = (
        "the verdict on {person} has not been told; until then the member contests it and "
        "it is decided, decide_verdict"
    )


@dataclass(eq=False)
class ToldAsShown(Refused):
    """What is told is what the member was shown and could answer (P09)."""

    member: str
    zh: ClassVar[str] = "告知 {member} 的就是出示过的评定,不再另写 content"
    en: ClassVar[str] = "{member} is told the verdict as it was shown: leave content out"


@dataclass(eq=False)
class NoAppealLeft(Refused):
    """Each verdict struck takes an appeal upheld, and those there are were used."""

    member: str
    zh: ClassVar[str] = "得到支持的申诉都已撤销过评定,{member} 的评定须另有申诉得到支持"
    en: ClassVar[str] = (
        "a verdict was struck for each appeal upheld; {member}'s takes another one"
    )


@dataclass(eq=False)
class NoAppealUpheld(Refused):
    """No appeal upheld since the verdict was shown, or none that whoever asks takes."""

    person: str
    zh: ClassVar[str] = (
        "出示对 {person} 的评定之后没有申诉得到支持,或申诉不由您受理;评定照旧有效"
    )
    en: ClassVar[str] = (
        "no appeal was upheld since the verdict on {person} was shown, or appeals are not "
        "yours to take; the verdict stands"
    )


@dataclass(eq=False)
class ReasonOfAnAppeal(Refused):
    """The reference of an appeal's text would tell which appeal it follows from."""

    zh: ClassVar[str] = "理由须另写一份,不能用申诉里的正文:那会指明是哪一件申诉"
    en: ClassVar[str] = (
        "write the reason anew: a text of an appeal would tell which appeal it follows from"
    )


@dataclass(eq=False)
class TooManyExcellent(Refused):
    """Policy caps how many are found excellent."""

    excellent: int
    most: int
    zh: ClassVar[str] = "优秀将有 {excellent} 人,规则至多 {most} 人"
    en: ClassVar[str] = "that would be {excellent} found excellent, policy has at most {most}"


@dataclass(eq=False)
class ShieldLeftOut(Refused):
    """An opening leaves out whom an earlier cycle of the unit still shields."""

    critic: str
    of: str
    until: str
    zh: ClassVar[str] = (
        "{of} 须回避 {critic} 到 {until},开启时没有写上;请用 taizhang cycle open 开启"
    )
    en: ClassVar[str] = (
        "{of} keeps off {critic} until {until}, and the opening leaves it out; "
        "open it with taizhang cycle open"
    )


@dataclass(eq=False)
class Shielded(Refused):
    """The one criticised does not judge the critic, in this cycle nor for a while after."""

    judge: str
    person: str
    zh: ClassVar[str] = "{judge} 须回避 {person} 的核查、评定、登记与审批;请另一人或上级办理"
    en: ClassVar[str] = (
        "{judge} keeps off verifying, assessing, registering or approving {person}; "
        "another person or the superior does"
    )


@dataclass(eq=False)
class OnlyInPlace(Refused):
    """Somebody whose office it is can do it: the superior does it in their place alone."""

    command: str
    wanted: tuple[str, ...]
    zh: ClassVar[str] = "{command} 由 {wanted} 办理;他们全都须回避当事人时,才由上级代办"
    en: ClassVar[str] = (
        "{command} is done by one of: {wanted}; by the superior only where all of them "
        "keep off whom it is about"
    )


@dataclass(eq=False)
class NoSuchAppeal(Refused):
    """There is no appeal of that number, or none for whoever asks."""

    appeal: int
    zh: ClassVar[str] = "没有第 {appeal} 号申诉,或不由您受理"
    en: ClassVar[str] = "there is no appeal {appeal}, or it is not yours to take"


@dataclass(eq=False)
class NobodyOutside(Refused):
    """Nobody outside the branch can take an appeal."""

    zh: ClassVar[str] = "名册上没有支部以外的申诉受理人或上级;请直接向上级党组织提出"
    en: ClassVar[str] = (
        "the roster has no appeal reviewer or superior outside the branch; "
        "turn to the superior directly"
    )


@dataclass(eq=False)
class CopyMissing(Refused):
    """A complaint goes up with a copy that is sealed apart."""

    zh: ClassVar[str] = "须另外密封一份交上级:copy_for_superior 不能与 content 相同"
    en: ClassVar[str] = "seal a copy apart: copy_for_superior may not be the content itself"


@dataclass(eq=False)
class PollNotOpen(Refused):
    """No ballots were handed out."""

    zh: ClassVar[str] = "还没有发票;请先 open_poll"
    en: ClassVar[str] = "no ballots were handed out; open_poll first"


@dataclass(eq=False)
class PollNotOver(Refused):
    """Nothing is counted while ballots are out."""

    zh: ClassVar[str] = "投票尚未结束,不得计票;收齐后请 close_poll"
    en: ClassVar[str] = "the poll is not over; nothing is counted before close_poll"
