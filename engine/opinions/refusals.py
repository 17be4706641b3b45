# size: one class per fact; the tree below is the list
"""Why something about opinions was refused, with numbers and what to do.

Refused
├── about a batch        NotABatchName, BatchUnknown, BatchTaken, BatchNotOpen,
│                        BatchNotInCoding, BatchNotCoded, BatchNotClosed,
│                        BatchHasNoForms, BodyUnknown, BodyChanged, TooManyForms,
│                        NothingToDraw, FileNotWritten, NoFormLeft
├── about a person       NotTheCollector
├── about a link         LinkNotValid, LinkUsed
├── about coding         AnswerUnknown, AnswerEmpty, TooMuchOfTheOriginal, NamesSomebody,
│                        NamesAPerson, NamedInTheOriginal, MarksAMinor, ProblemUnknown,
│                        ProblemSettled, MergedWithItself
└── about results        TooFew
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from engine.refusal import Refused


@dataclass(eq=False)
class NotABatchName(Refused):
    """A batch is named by a short id."""

    zh: ClassVar[str] = "批次名称须为 1 至 48 个小写字母、数字、点、横线"
    en: ClassVar[str] = "a batch is named by 1 to 48 lower-case letters, digits, dots, dashes"


@dataclass(eq=False)
class BatchUnknown(Refused):
    """There is no batch of that name."""

    batch: str
    zh: ClassVar[str] = "没有批次 {batch};请先 taizhang opinions issue"
    en: ClassVar[str] = "there is no batch {batch}; run taizhang opinions issue first"


@dataclass(eq=False)
class BatchTaken(Refused):
    """The name belongs to a batch of another cycle or channel."""

    batch: str
    cycle: str
    channel: str
    zh: ClassVar[str] = "{batch} 已是 {cycle} 的批次({channel}),请另起名称"
    en: ClassVar[str] = "{batch} is a batch of {cycle} ({channel}); take another name"


@dataclass(eq=False)
class BatchNotOpen(Refused):
    """Forms are neither issued nor taken once the batch is shut."""

    batch: str
    issued: int
    zh: ClassVar[str] = "批次 {batch} 已截止,共发出 {issued} 份,不再发出也不再收回"
    en: ClassVar[str] = (
        "batch {batch} is shut with {issued} forms issued; no more are issued or taken"
    )


@dataclass(eq=False)
class BatchNotInCoding(Refused):
    """Answers are read and coded after the batch is shut and before it is closed."""

    batch: str
    state: str
    zh: ClassVar[str] = "批次 {batch} 现为 {state},截止之后、结账之前才能整理"
    en: ClassVar[str] = (
        "batch {batch} is {state}; coding begins when it is shut and ends when it is closed"
    )


@dataclass(eq=False)
class BatchNotCoded(Refused):
    """A batch closes when every answer has been looked at."""

    batch: str
    uncoded: int
    zh: ClassVar[str] = "批次 {batch} 还有 {uncoded} 份没有整理"
    en: ClassVar[str] = "batch {batch} has {uncoded} answers that nobody has coded yet"


@dataclass(eq=False)
class BatchNotClosed(Refused):
    """Two looks, one answer apart, would show that answer: so there is none before."""

    batch: str
    zh: ClassVar[str] = "批次 {batch} 结账之后才有结果"
    en: ClassVar[str] = "batch {batch} has results once it is closed"


@dataclass(eq=False)
class BatchHasNoForms(Refused):
    """Forums and the like have opinions, not forms."""

    batch: str
    channel: str
    zh: ClassVar[str] = "{batch} 的渠道是 {channel},没有意见表可发"
    en: ClassVar[str] = "{batch} is of the channel {channel}, which has no forms to issue"


@dataclass(eq=False)
class BodyUnknown(Refused):
    """No forms were issued to that body."""

    batch: str
    body: str
    zh: ClassVar[str] = "批次 {batch} 没有向 {body} 发过表"
    en: ClassVar[str] = "batch {batch} has issued no forms to {body}"


@dataclass(eq=False)
class BodyChanged(Refused):
    """A body has one kind in a batch."""

    body: str
    kind: str
    zh: ClassVar[str] = "{body} 已登记为 {kind} 类"
    en: ClassVar[str] = "{body} is of the kind {kind} already"


@dataclass(eq=False)
class FormsIssued(Refused):
    """A body has forms; doing the same again would count them twice."""

    body: str
    forms: int
    zh: ClassVar[str] = "{body} 已有 {forms} 份;确要再发,请加 --more"
    en: ClassVar[str] = "{body} has {forms} forms already; to issue others too, add --more"


@dataclass(eq=False)
class TooManyForms(Refused):
    """A batch is rewritten with every answer, so it is bounded."""

    batch: str
    wanted: int
    most: int
    zh: ClassVar[str] = "批次 {batch} 将有 {wanted} 份,每批至多 {most} 份,请分批"
    en: ClassVar[str] = (
        "batch {batch} would have {wanted} forms, the most is {most}: make two batches"
    )


@dataclass(eq=False)
class NothingToDraw(Refused):
    """Every link was printed before; links are stored nowhere and print once."""

    batch: str
    zh: ClassVar[str] = "批次 {batch} 的链接都已印出,链接不留底;遗失的请另发新表"
    en: ClassVar[str] = (
        "every link of batch {batch} was printed, and none is kept; "
        "issue new forms for those lost"
    )


@dataclass(eq=False)
class FileNotWritten(Refused):
    """Links are printed into a new file."""

    file: str
    error: str
    zh: ClassVar[str] = "不能新建 {file}({error}),请换一个文件名"
    en: ClassVar[str] = "cannot make {file} ({error}); name another file"


@dataclass(eq=False)
class NotTheCollector(Refused):
    """The collector of a cycle handles its opinions; nobody else reads an original."""

    person: str
    cycle: str
    zh: ClassVar[str] = "{person} 在 {cycle} 没有办理此事的职责,一般由意见汇总人办理"
    en: ClassVar[str] = "{person} has no role for this in {cycle}; the opinion collector has"


@dataclass(eq=False)
class NoFormLeft(Refused):
    """More paper forms came back than went out."""

    body: str
    paper: int
    zh: ClassVar[str] = "{body} 只发出 {paper} 份纸质表,已全部录入"
    en: ClassVar[str] = "{body} was issued {paper} paper forms, and all are entered"


@dataclass(eq=False)
class LinkNotValid(Refused):
    """The link was mistyped, or is not of this batch."""

    zh: ClassVar[str] = "链接不对,请核对每一组字符"
    en: ClassVar[str] = "this link is not valid; compare every group of signs"


@dataclass(eq=False)
class LinkUsed(Refused):
    """One link takes one answer."""

    zh: ClassVar[str] = "这个链接已经用过,您的意见已经收到"
    en: ClassVar[str] = "this link was used; your answer has been received"


@dataclass(eq=False)
class AnswerUnknown(Refused):
    """There is no such answer in the batch."""

    answer: str
    zh: ClassVar[str] = "没有这份意见 {answer}"
    en: ClassVar[str] = "there is no answer {answer}"


@dataclass(eq=False)
class AnswerEmpty(Refused):
    """A blank or spoiled form holds no opinion."""

    answer: str
    zh: ClassVar[str] = "{answer} 是空白或废表,没有意见可整理"
    en: ClassVar[str] = "{answer} is blank or spoiled, there is no opinion to code"


@dataclass(eq=False)
class AspectNotAnId(Refused):
    """An aspect is counted and shown in the open, so it is an id and never a text."""

    zh: ClassVar[str] = "方面须为编号:小写字母、数字和 . _ -,不可用文字或姓名"
    en: ClassVar[str] = "an aspect is an id: lower case, digits and . _ -, never words or names"


@dataclass(eq=False)
class TooMuchOfTheOriginal(Refused):
    """The paraphrase would let the writer be known by their words."""

    signs: int
    zh: ClassVar[str] = "转述中有连续 {signs} 个字与原文相同,请换一种说法"
    en: ClassVar[str] = "{signs} signs in a row are those of the original; say it otherwise"


@dataclass(eq=False)
class NamesSomebody(Refused):
    """What is coded may not hold numbers, addresses or illness."""

    field: str
    what: str
    what_en: str
    zh: ClassVar[str] = "{field} 含有{what},请删去"
    en: ClassVar[str] = "{field} has {what_en}; take it out"


@dataclass(eq=False)
class NamesAPerson(Refused):
    """What is coded names nobody; ``word`` is what was typed, for whoever typed it."""

    field: str
    word: str
    zh: ClassVar[str] = "{field} 里的“{word}”像人名,请删去;确不是人名,加 --no-name {word}"
    en: ClassVar[str] = (
        "“{word}” in {field} looks like a person's name; take it out, or say that it is none "
        "with --no-name {word}"
    )


@dataclass(eq=False)
class NamedInTheOriginal(Refused):
    """Whoever the original may name is not named again; ``word`` is what was typed."""

    field: str
    word: str
    zh: ClassVar[str] = (
        "{field} 里的“{word}”在原文中像是人名,请换一种说法;确不是人名,加 --no-name {word}"
    )
    en: ClassVar[str] = (
        "“{word}” in {field} may be a person's name in the original; say it otherwise, or say "
        "that it is none with --no-name {word}"
    )


@dataclass(eq=False)
class MarksAMinor(Refused):
    """No child is to be known by what is coded; nobody can waive this."""

    field: str
    word: str
    zh: ClassVar[str] = "{field} 里的“{word}”指向未成年人,请删去"
    en: ClassVar[str] = "“{word}” in {field} points at a minor; take it out"


@dataclass(eq=False)
class ProblemUnknown(Refused):
    """There is no such problem in the cycle."""

    problem: str
    zh: ClassVar[str] = "没有问题 {problem}"
    en: ClassVar[str] = "there is no problem {problem}"


@dataclass(eq=False)
class ProblemSettled(Refused):
    """The problem was merged, explained, ruled out of remit or raised before."""

    problem: str
    state: str
    zh: ClassVar[str] = "问题 {problem} 已是 {state}"
    en: ClassVar[str] = "problem {problem} is {state} already"


@dataclass(eq=False)
class MergedWithItself(Refused):
    """A problem is merged into another one."""

    problem: str
    zh: ClassVar[str] = "{problem} 不能并入自己"
    en: ClassVar[str] = "{problem} cannot be merged into itself"


@dataclass(eq=False)
class TooFew(Refused):
    """The group, or what is left beside it, could be guessed; how many is not told."""

    k: int
    zh: ClassVar[str] = "人数太少:不满 {k} 份,或可由相减推出不满 {k} 份,不显示"
    en: ClassVar[str] = "too few: fewer than {k} answers, or a difference would show so few"
