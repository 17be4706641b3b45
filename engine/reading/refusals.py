"""Why something sealed is not read, lent or destroyed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from engine.refusal import Refused


@dataclass(eq=False)
class NoPlaceInTheFile(Refused):
    """The reader is nobody to the cycle that the content belongs to."""

    reader: str
    cycle: str
    zh: ClassVar[str] = "{reader} 在周期 {cycle} 中没有角色,不可查阅;确有急需请走应急查阅"
    en: ClassVar[str] = (
        "{reader} has no role in cycle {cycle} and may not read it; in need, break the glass"
    )


@dataclass(eq=False)
class NoPlaceInTheTree(Refused):
    """The reader holds no role in any unit; sums of nothing would read like a result."""

    reader: str
    zh: ClassVar[str] = (
        "{reader} 今天在任何单位都没有任职,没有可看的汇总;"
        "请写明在任的人,或去掉 --reader 只看合计"
    )
    en: ClassVar[str] = (
        "{reader} holds no role in any unit today and there is no roll-up to show; "
        "name somebody who does, or leave --reader out for the sum alone"
    )


@dataclass(eq=False)
class NotForReading(Refused):
    """No event carries the content: it is read where it is worked with, or not at all."""

    reader: str
    zh: ClassVar[str] = "这项内容不在任何周期的记录里,{reader} 不可由此查阅"
    en: ClassVar[str] = "no event carries this content, so {reader} may not read it here"


@dataclass(eq=False)
class OnlyPersonsErased(Refused):
    """What is not a person's goes by retention alone, when its time has come."""

    subject: str
    zh: ClassVar[str] = (
        "没有编号为 {subject} 的人;只能销毁一个人的内容,请写人员编号;"
        "周期、意见、申诉的内容到期自行销毁,见 taizhang retention due"
    )
    en: ClassVar[str] = (
        "there is no person {subject}, and only a person is erased: give the id of one; texts "
        "of cycles, opinions and appeals go when their time is over, see taizhang retention due"
    )


@dataclass(eq=False)
class GlassNeeded(Refused):
    """The purpose is break-glass and no grant covers it now."""

    reader: str
    zh: ClassVar[str] = "{reader} 没有生效的应急查阅;请先 taizhang vault glass ask"
    en: ClassVar[str] = "{reader} holds no grant that is in force: taizhang vault glass ask"


@dataclass(eq=False)
class GlassTargetUnclear(Refused):
    """Exactly one subject or one reference is asked for."""

    zh: ClassVar[str] = "应急查阅须恰好写明一个主体(--subject)或一个引用(--content)"
    en: ClassVar[str] = "break-glass names exactly one subject (--subject) or --content"


@dataclass(eq=False)
class NeverUnderGlass(Refused):
    """What no two persons can open: who said what without a name."""

    subject: str
    zh: ClassVar[str] = "{subject} 是不记名的意见,应急查阅也不可打开"
    en: ClassVar[str] = "{subject} is anonymous opinions; not even break-glass opens them"


@dataclass(eq=False)
class NoSharedCycle(Refused):
    """The subject is a person who stands beside the asker in a cycle, and no cycle itself."""

    person: str
    subject: str
    zh: ClassVar[str] = (
        "没有哪个周期(演练不算)的名单里同时有 {person} 和 {subject},不可申请应急查阅;"
        "主体须是周期里的人,不能是周期"
    )
    en: ClassVar[str] = (
        "no cycle, rehearsals apart, has both {person} and {subject} in its roster; "
        "the subject is a person of one's cycle, never the cycle"
    )


@dataclass(eq=False)
class GlassCycleUnclear(Refused):
    """The subject and the asker are in several cycles, and a grant is for one."""

    subject: str
    cycles: tuple[str, ...]
    zh: ClassVar[str] = "{subject} 在几个周期里:{cycles};应急查阅只管一个周期,请用 --cycle 写明"
    en: ClassVar[str] = "{subject} is in several cycles: {cycles}; say which by --cycle"


@dataclass(eq=False)
class GlassInRehearsal(Refused):
    """Nothing in a rehearsal is urgent, and its letters are not sent."""

    cycle: str
    zh: ClassVar[str] = "{cycle} 是演练,不走应急查阅"
    en: ClassVar[str] = "{cycle} is a rehearsal; there is no break-glass in it"


@dataclass(eq=False)
class GlassTooLong(Refused):
    """The time asked for is longer than the policy allows."""

    hours: int
    most: int
    zh: ClassVar[str] = "申请 {hours} 小时,须为 1 至 {most} 小时"
    en: ClassVar[str] = "{hours} hours asked for; 1 to {most} are possible"


@dataclass(eq=False)
class GlassUnknown(Refused):
    """There is no such grant."""

    grant: str
    zh: ClassVar[str] = "没有应急查阅 {grant};请用 taizhang vault glass list 查看"
    en: ClassVar[str] = "there is no grant {grant}; see taizhang vault glass list"


@dataclass(eq=False)
class SecondIsTheAsker(Refused):
    """Break-glass takes two persons."""

    person: str
    zh: ClassVar[str] = "应急查阅须两人:{person} 是申请人,须另请一人同意"
    en: ClassVar[str] = "break-glass takes two persons: {person} asked, somebody else agrees"


@dataclass(eq=False)
class SecondIsConcerned(Refused):
    """The person the content is about neither asks nor agrees: that is plain reading."""

    person: str
    zh: ClassVar[str] = "{person} 是内容所涉本人,须另请一人"
    en: ClassVar[str] = "the content is about {person}; ask somebody else"


@dataclass(eq=False)
class MayNotAsk(Refused):
    """Break-glass is asked for by somebody of the cycle."""

    person: str
    cycle: str
    zh: ClassVar[str] = "{person} 在周期 {cycle} 中没有角色,不可申请应急查阅;请由周期里的人申请"
    en: ClassVar[str] = (
        "{person} has no role in cycle {cycle} and may not ask to break the glass; "
        "somebody of the cycle asks"
    )


@dataclass(eq=False)
class MayNotAgree(Refused):
    """The second person answers for the cycle, by one of some roles."""

    person: str
    roles: tuple[str, ...]
    zh: ClassVar[str] = "{person} 不可同意应急查阅;可由 {roles} 同意"
    en: ClassVar[str] = "{person} may not agree to break-glass; these roles may: {roles}"


@dataclass(eq=False)
class GlassSettled(Refused):
    """The grant was agreed to already, or nobody agreed in time."""

    grant: str
    state: str
    zh: ClassVar[str] = "应急查阅 {grant} 状态为 {state},请重新申请"
    en: ClassVar[str] = "grant {grant} is {state}; ask anew"
