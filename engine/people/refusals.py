# size: one class per refusal; each sentence says what to do
"""Why something about people is refused; the root is ``engine.refusal.Refused``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from engine.refusal import Refused


@dataclass(eq=False)
class NoSuchUnit(Refused):
    """There is no unit of that id."""

    unit: str
    zh: ClassVar[str] = "没有单位 {unit};请用 taizhang people list --units 查看"
    en: ClassVar[str] = "there is no unit {unit}; see taizhang people list --units"


@dataclass(eq=False)
class NoSuchPerson(Refused):
    """There is no person of that id."""

    person: str
    zh: ClassVar[str] = "没有人员 {person};请用 taizhang people list 查看"
    en: ClassVar[str] = "there is no person {person}; see taizhang people list"


@dataclass(eq=False)
class NoSuchRole(Refused):
    """No membership carries that role."""

    role: str
    known: tuple[str, ...]
    zh: ClassVar[str] = "没有角色 {role};可用:{known}"
    en: ClassVar[str] = "there is no role {role}; there are {known}"


@dataclass(eq=False)
class UnitMisplaced(Refused):
    """A unit cannot stand where the change puts it."""

    unit: str
    why_zh: str
    why_en: str
    zh: ClassVar[str] = "{unit}:{why_zh}"
    en: ClassVar[str] = "{unit}: {why_en}"


@dataclass(eq=False)
class DatesReversed(Refused):
    """A span ends before it begins."""

    first: str
    last: str
    zh: ClassVar[str] = "止于 {last},早于起始 {first}"
    en: ClassVar[str] = "ends on {last}, before it begins on {first}"


@dataclass(eq=False)
class MembershipOverlaps(Refused):
    """The same role in the same unit twice at a time."""

    person: str
    unit: str
    role: str
    first: str
    zh: ClassVar[str] = "{person} 自 {first} 起已在 {unit} 任 {role};先写明止期"
    en: ClassVar[str] = "{person} is {role} of {unit} since {first}; end that first"


@dataclass(eq=False)
class NoSuchMembership(Refused):
    """The person has no open membership in the unit."""

    person: str
    unit: str
    zh: ClassVar[str] = "{person} 现在不在 {unit}"
    en: ClassVar[str] = "{person} is no member of {unit} now"


@dataclass(eq=False)
class SignInRefused(Refused):
    """Login, password or account will not do; deliberately not said which."""

    zh: ClassVar[str] = "登录名或口令不对,或账号暂时锁定;请稍后再试,或请管理员重设口令"
    en: ClassVar[str] = (
        "login or password is wrong, or the account is locked for now; "
        "try later, or have the password set anew"
    )


@dataclass(eq=False)
class TooManyTries(Refused):
    """More tries than allowed, for the login or from the address."""

    retry_s: int
    zh: ClassVar[str] = "尝试过于频繁,请 {retry_s} 秒后再试"
    en: ClassVar[str] = "too many tries; try again in {retry_s} s"


@dataclass(eq=False)
class PasswordTooWeak(Refused):
    """The password can be guessed, or cannot be kept."""

    least: int
    most_bytes: int
    zh: ClassVar[str] = (
        "口令须 {least} 字以上、{most_bytes} 字节以内,不同的字不少于 5 个,不含登录名"
    )
    en: ClassVar[str] = (
        "a password has at least {least} characters and at most {most_bytes} bytes, "
        "5 different ones, and not the login in it"
    )


@dataclass(eq=False)
class SessionOver(Refused):
    """The session is unknown, ended, or too old."""

    zh: ClassVar[str] = "登录已失效,请重新登录(taizhang people sign-in)"
    en: ClassVar[str] = "the session is over; sign in again (taizhang people sign-in)"


@dataclass(eq=False)
class NotASession(Refused):
    """An API token where only a session will do."""

    zh: ClassVar[str] = (
        "TAIZHANG_TOKEN 里是接口令牌,不是登录;撤销令牌用 taizhang people token revoke,"
        "登录用 taizhang people sign-in"
    )
    en: ClassVar[str] = (
        "TAIZHANG_TOKEN holds an API token and no session; a token is revoked by "
        "taizhang people token revoke, and taizhang people sign-in begins a session"
    )


@dataclass(eq=False)
class NoSuchAccount(Refused):
    """The person has no account."""

    person: str
    zh: ClassVar[str] = "{person} 还没有账号;请先 taizhang people password {person}"
    en: ClassVar[str] = "{person} has no account; run taizhang people password {person} first"


@dataclass(eq=False)
class LoginTaken(Refused):
    """Another person signs in by that name."""

    login: str
    zh: ClassVar[str] = "登录名 {login} 已被使用,请另选"
    en: ClassVar[str] = "login {login} is taken; choose another"


@dataclass(eq=False)
class TokenRefused(Refused):
    """The token is unknown, expired or revoked; deliberately not said which."""

    zh: ClassVar[str] = "令牌无效、过期或已撤销;请另发一个"
    en: ClassVar[str] = "the token is unknown, expired or revoked; have a new one made"


@dataclass(eq=False)
class ScopeMissing(Refused):
    """The token does not reach as far as the act."""

    act: str
    scopes: tuple[str, ...]
    zh: ClassVar[str] = "令牌的范围 {scopes} 不含 {act}"
    en: ClassVar[str] = "the token's scopes {scopes} do not include {act}"


@dataclass(eq=False)
class NoSuchScope(Refused):
    """There is no such scope."""

    scope: str
    zh: ClassVar[str] = "没有范围 {scope};可用 read、act,或 docs/roles.md 里的一种行为"
    en: ClassVar[str] = "there is no scope {scope}; read, act, or an act of docs/roles.md"


@dataclass(eq=False)
class TokenTooLong(Refused):
    """A token is meant to live longer than allowed."""

    most_days: int
    zh: ClassVar[str] = "令牌有效期为 1 至 {most_days} 天"
    en: ClassVar[str] = "a token lives 1 to {most_days} days"


@dataclass(eq=False)
class TokenOutlives(Refused):
    """A token made with a token would live longer than that one."""

    last: str
    most_days: int
    zh: ClassVar[str] = (
        "手里的令牌到 {last} 为止,由它再发的不能更晚(--days 最多 {most_days});"
        "要更久,请登录后再发"
    )
    en: ClassVar[str] = (
        "the token in use ends on {last}, and none made with it lives longer "
        "(--days {most_days} at most); sign in to make one that does"
    )


@dataclass(eq=False)
class PasswordGiven(Refused):
    """Somebody else set the password, and its holder has not chosen another yet."""

    zh: ClassVar[str] = (
        "口令是别人设的:请先 taizhang people change-password 换成自己的,此前什么也办不了"
    )
    en: ClassVar[str] = (
        "somebody else set this password: choose your own with taizhang people "
        "change-password first; until then it opens nothing"
    )


@dataclass(eq=False)
class PasswordUnchanged(Refused):
    """The new password is the old one."""

    zh: ClassVar[str] = "新口令与原口令相同,请另选一个"
    en: ClassVar[str] = "the new password is the old one; choose another"


@dataclass(eq=False)
class OwnPassword(Refused):
    """Nobody resets the own password or links the own account: that needs no proof."""

    zh: ClassVar[str] = (
        "自己的口令用 taizhang people change-password 改;自己的关联由别的运维或管理员办"
    )
    en: ClassVar[str] = (
        "change your own password with taizhang people change-password; another operator "
        "or the administrator links your account"
    )


@dataclass(eq=False)
class TokenEndsToday(Refused):
    """A token on its last day makes no other."""

    zh: ClassVar[str] = "手里的令牌今天到期,不能再发令牌;请登录后再发"
    en: ClassVar[str] = "the token in use ends today and makes no other; sign in to make one"


@dataclass(eq=False)
class NoSuchToken(Refused):
    """There is no live token of that prefix."""

    prefix: str
    zh: ClassVar[str] = "没有有效的令牌 {prefix};请用 taizhang people token list 查看"
    en: ClassVar[str] = "there is no live token {prefix}; see taizhang people token list"


@dataclass(eq=False)
class MemberLeftOut(Refused):
    """A roster has a member of the branch as somebody from outside."""

    person: str
    unit: str
    zh: ClassVar[str] = "{person} 是 {unit} 的党员:名单里须加上 member(或本人的党员身份)"
    en: ClassVar[str] = (
        "{person} is a member of {unit}: the roster has to say so (member, or what the person "
        "is there)"
    )


@dataclass(eq=False)
class NobodyFromOutside(Refused):
    """A roster with rights has nobody who could decide what is contested or take an appeal."""

    unit: str
    zh: ClassVar[str] = (
        "名单里没有 {unit} 以外的上级或申诉受理人:有异议时无人裁定,申诉无人受理;请加上一名"
    )
    en: ClassVar[str] = (
        "nobody on the roster is superior or appeal reviewer from outside {unit}: what is "
        "contested is decided by nobody and no appeal is taken; add one"
    )


@dataclass(eq=False)
class OfficeNotHeld(Refused):
    """An opening gives somebody an office that the organisation does not."""

    person: str
    role: str
    unit: str
    zh: ClassVar[str] = (
        "{person} 不在 {unit} 任 {role}:先登记任职(taizhang people import),或从名单里去掉"
    )
    en: ClassVar[str] = (
        "{person} is not {role} of {unit}: put the membership on record first "
        "(taizhang people import), or take it off the roster"
    )


@dataclass(eq=False)
class RoleNotHeld(Refused):
    """Nobody lends a role without holding it for the whole time; a lent one is not held."""

    person: str
    role: str
    unit: str
    zh: ClassVar[str] = "{person} 在这段时间不是 {unit} 的 {role},不能委托"
    en: ClassVar[str] = "{person} is not {role} of {unit} for all that time and cannot lend it"


@dataclass(eq=False)
class RoleIsPersonal(Refused):
    """The role is the person's own; nobody can stand in."""

    role: str
    zh: ClassVar[str] = "{role} 是本人的权利和义务,不能委托"
    en: ClassVar[str] = "{role} is a person's own and cannot be lent"


@dataclass(eq=False)
class NotToOneself(Refused):
    """The one who acts and the one it is handed to are one person."""

    person: str
    zh: ClassVar[str] = "不能交给 {person} 本人,请另选一人"
    en: ClassVar[str] = "{person} cannot hand it to himself or herself; choose another"


@dataclass(eq=False)
class DelegationTooLong(Refused):
    """A delegation is for an absence, not for good."""

    days: int
    most: int
    zh: ClassVar[str] = "委托 {days} 天,最长 {most} 天;长期的请改任职"
    en: ClassVar[str] = "{days} days, the most is {most}; for longer, change the membership"


@dataclass(eq=False)
class DelegationOverlaps(Refused):
    """The role is lent to somebody at that time already."""

    role: str
    id: str
    zh: ClassVar[str] = "{role} 已由 {id} 委托出去;先结束它"
    en: ClassVar[str] = "{role} is lent by {id} already; end that first"


@dataclass(eq=False)
class NoSuchDelegation(Refused):
    """There is no such delegation, or it is over."""

    id: str
    zh: ClassVar[str] = "没有进行中的委托 {id};请用 taizhang people show 查看"
    en: ClassVar[str] = "there is no delegation {id} to end; see taizhang people show"


@dataclass(eq=False)
class InThePast(Refused):
    """What is over cannot be begun or ended anew."""

    day: str
    today: str
    zh: ClassVar[str] = "{day} 已过,今天是 {today}"
    en: ClassVar[str] = "{day} is over, today is {today}"


@dataclass(eq=False)
class LentByGiverAlone(Refused):
    """An office is lent by whoever holds it, never for them."""

    giver: str
    zh: ClassVar[str] = (
        "职务只由 {giver} 本人委托;本人办不了的,由维护人员的人另行任命(taizhang people import)"
    )
    en: ClassVar[str] = (
        "only {giver} lends the office; if that cannot be, whoever keeps the people names "
        "somebody else (taizhang people import)"
    )


@dataclass(eq=False)
class NotToGrantOneself(Refused):
    """Somebody gives himself or herself a role, or ends one."""

    role: str
    zh: ClassVar[str] = "自己的任职({role})不能自己改;请由上级或其他维护人员的人办理"
    en: ClassVar[str] = (
        "nobody changes a role of his or her own ({role}); ask whoever keeps the people above"
    )


@dataclass(eq=False)
class GivenFromAbove(Refused):
    """Who oversees, judges or keeps a unit is named by whoever keeps the units above."""

    role: str
    unit: str
    zh: ClassVar[str] = (
        "{unit} 的 {role} 由其上级单位维护人员的人任免,最上一级的由机器的管理员(--by root)任免"
    )
    en: ClassVar[str] = (
        "{role} of {unit} is named by whoever keeps the people of a unit above it; "
        "at the top by the administrator (--by root)"
    )


@dataclass(eq=False)
class NotInCharge(Refused):
    """Only the person, or who keeps the unit's people, decides this."""

    by: str
    person: str
    zh: ClassVar[str] = "{by} 不能代 {person} 办理;请本人或维护人员信息的人办理"
    en: ClassVar[str] = (
        "{by} cannot do this for {person}; ask the person or who keeps the people"
    )


@dataclass(eq=False)
class NoRoleHere(Refused):
    """The person holds no role towards the unit on that day."""

    person: str
    unit: str
    zh: ClassVar[str] = "{person} 今天在 {unit} 没有角色"
    en: ClassVar[str] = "{person} holds no role towards {unit} today"


@dataclass(eq=False)
class NotHandedOver(Refused):
    """An open issue would be left without anybody."""

    issue: str
    zh: ClassVar[str] = "{issue} 还由本人负责:请移交,或用 --successor {issue}=人员 指定接续人"
    en: ClassVar[str] = "{issue} is still the person's: hand it over, or --successor {issue}=ID"


@dataclass(eq=False)
class NothingToHandOver(Refused):
    """A successor is named for what the person does not answer for."""

    issue: str
    zh: ClassVar[str] = "{issue} 不由本人负责,不必指定接续人"
    en: ClassVar[str] = "{issue} is not the person's; no successor is needed"


@dataclass(eq=False)
class SuccessorNotThere(Refused):
    """Who takes over has to be a member of the unit afterwards."""

    successor: str
    unit: str
    zh: ClassVar[str] = "{successor} 届时不是 {unit} 的党员,请另选一人"
    en: ClassVar[str] = "{successor} is no member of {unit} by then; choose another"


@dataclass(eq=False)
class NoSecretaryLeft(Refused):
    """The unit would be left with members and without a secretary."""

    unit: str
    zh: ClassVar[str] = "{unit} 将没有书记,请先任命"
    en: ClassVar[str] = "{unit} would have no secretary; appoint one first"


@dataclass(eq=False)
class ProviderFailed(Refused):
    """The authority cannot be reached, or says what it may not say."""

    why: str
    zh: ClassVar[str] = "统一登录未成功({why});请稍后再试,或用本地账号登录"
    en: ClassVar[str] = "single sign-on failed ({why}); try later, or sign in locally"


@dataclass(eq=False)
class NotListening(Refused):
    """The browser could not come back: nothing can listen at the address agreed on."""

    redirect: str
    why: str
    zh: ClassVar[str] = (
        "不能在 {redirect} 等候浏览器({why});请停用占着它的程序,"
        "或把 TAIZHANG_OIDC_REDIRECT 设为已登记的另一地址"
    )
    en: ClassVar[str] = (
        "cannot wait for the browser at {redirect} ({why}); stop what listens there, "
        "or set TAIZHANG_OIDC_REDIRECT to another address that is registered"
    )


@dataclass(eq=False)
class PassageOver(Refused):
    """The answer belongs to no sign-in of this browser, or came twice or too late."""

    zh: ClassVar[str] = "这次登录已失效或不是由此浏览器发起,请重新开始"
    en: ClassVar[str] = "this sign-in is over or began in another browser; begin again"


@dataclass(eq=False)
class NotLinked(Refused):
    """The authority knows the person, we do not."""

    zh: ClassVar[str] = "统一登录的身份还没有关联账号;请管理员用 taizhang people link 关联"
    en: ClassVar[str] = (
        "this identity has no account here; have it linked: taizhang people link"
    )


@dataclass(eq=False)
class IdentityTaken(Refused):
    """The identity belongs to another account."""

    person: str
    zh: ClassVar[str] = "该身份已关联 {person};先解除"
    en: ClassVar[str] = "the identity is linked to {person}; unlink that first"
