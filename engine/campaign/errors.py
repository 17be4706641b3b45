"""Why a campaign's command is refused; see engine.refusal for the tree's root."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from engine.refusal import Refused


@dataclass(eq=False)
class BadCampaign(Refused):
    """The bodies or people named at the opening cannot make a campaign."""

    problem: str
    zh: ClassVar[str] = "名册有误:{problem}"
    en: ClassVar[str] = "the roster cannot work: {problem}"


@dataclass(eq=False)
class UnknownCampaigner(Refused):
    """The campaign does not know the person."""

    person: str
    zh: ClassVar[str] = "本次活动没有人员 {person};请核对名册"
    en: ClassVar[str] = "this campaign has no person {person}; check the roster"


@dataclass(eq=False)
class UnknownBody(Refused):
    """The campaign has no such body."""

    body: str
    zh: ClassVar[str] = "没有单位 {body};请核对名册"
    en: ClassVar[str] = "there is no body {body}; check the roster"


@dataclass(eq=False)
class NamedTwice(Refused):
    """One command names a body twice."""

    body: str
    zh: ClassVar[str] = "单位 {body} 写了两次;请只写一次"
    en: ClassVar[str] = "body {body} is named twice; name it once"


@dataclass(eq=False)
class OutOfTurn(Refused):
    """A verb comes after the one before it, and once."""

    body: str
    progress: str
    wanted: str
    zh: ClassVar[str] = "单位 {body} 处于 {progress},须处于 {wanted};方案、流程、指导依次办理"
    en: ClassVar[str] = (
        "body {body} is {progress}, it has to be {wanted}: plan, process, guidance in turn"
    )


@dataclass(eq=False)
class SearchClosed(Refused):
    """The self-search of the body is closed already."""

    body: str
    zh: ClassVar[str] = "单位 {body} 的查摆已汇总,不能再报"
    en: ClassVar[str] = "the self-search of {body} is closed and cannot be reported again"


@dataclass(eq=False)
class EntriesMissing(Refused):
    """Every participating member has at least one entry."""

    body: str
    members: int
    entries: int
    zh: ClassVar[str] = "单位 {body}:{members} 人参加,只有 {entries} 条;每人至少一条,请补齐"
    en: ClassVar[str] = (
        "body {body}: {members} took part, {entries} entries; each needs one at least"
    )


@dataclass(eq=False)
class BodiesBehind(Refused):
    """The campaign cannot be reported while a body lacks a verb."""

    bodies: tuple[str, ...]
    zh: ClassVar[str] = "还有单位未走完方案、流程、指导:{bodies}"
    en: ClassVar[str] = "bodies still lack plan, process or guidance: {bodies}"


@dataclass(eq=False)
class CampaignOver(Refused):
    """The campaign was reported and takes nothing more."""

    zh: ClassVar[str] = "本次活动已上报,不再办理"
    en: ClassVar[str] = "the campaign has been reported and takes no command"


@dataclass(eq=False)
class CampaignNotRehearsed(Refused):
    """A real campaign has the wall clock."""

    zh: ClassVar[str] = "只有演练可以调日历"
    en: ClassVar[str] = "only a rehearsal's calendar can be moved"
