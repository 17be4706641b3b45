"""The door before the gateway: who holds this credential, and may they do that here?

Whoever is turned away is told one thing, whatever the reason: that it is not permitted or
not there. So nobody learns by trying which cycles there are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar, TypeAlias

from engine.ledger.sql import wall_clock
from engine.people.accounts import Accounts
from engine.people.delegations import Delegations, Verdict, of_branch
from engine.people.noted import on_record, recorded
from engine.people.permission import Thing
from engine.people.refusals import MemberLeftOut, NoSuchUnit, OfficeNotHeld, ScopeMissing
from engine.people.roles import APART
from engine.people.standing_in import JUDGING
from engine.people.tokens import Tokens, is_token
from engine.policy.calendar import local_day
from engine.policy.roles import ANY_MEMBER, Person, Role
from engine.refusal import Refused

OFFICES: frozenset[Role] = frozenset(
    {
        "branch_secretary", "committee_member", "superior_officer", "guidance_group",
        "appeal_reviewer", "archivist", "privacy_officer",
    }
)  # fmt: skip
"""Offices that somebody holds by the organisation and that no opening gives away."""

NOWHERE = "-"
"""No unit is called so."""

ACTED = "acted_for"
LATELY = timedelta(days=180)
"""How long whoever judged in somebody's place is taken for both, as long as P12 keeps off."""
Barred: TypeAlias = Callable[[str], bool]
"""Says of somebody behind the name of a command whether they must not judge that."""


@dataclass(eq=False)
class Denied(Refused):
    """Not permitted, or not there; deliberately not said which."""

    zh: ClassVar[str] = "无权办理,或没有这件事"
    en: ClassVar[str] = "not permitted, or there is no such thing"


@dataclass(eq=False)
class CredentialMissing(Refused):
    """People have accounts here, and nobody has said who this is."""

    zh: ClassVar[str] = (
        "请先表明身份:登录(taizhang people sign-in)或领令牌(taizhang people token),"
        "放进 TAIZHANG_TOKEN"
    )
    en: ClassVar[str] = (
        "say who you are: sign in (taizhang people sign-in) or have a token made "
        "(taizhang people token), and put it into TAIZHANG_TOKEN"
    )


class Door:
    """Lets people through by session or token, for acts of theirs in a unit of theirs.

    ``unit_of`` returns the unit of a cycle, None for one that is not there.
    """

    def __init__(
        self, accounts: Accounts, tokens: Tokens, delegations: Delegations,
        unit_of: Callable[[str], str | None], *, clock: Callable[[], datetime] = wall_clock,
    ) -> None:  # fmt: skip
        self._accounts = accounts
        self._tokens = tokens
        self._delegations = delegations
        self._unit_of = unit_of
        self._clock = clock

    def enter_cycle(
        self, credential: str, act: str, cycle: str, *, by: str, barred: Barred | None = None
    ) -> str:
        """Return the person who may do ``act`` in ``cycle`` in the name of ``by``.

        Raises:
            Refused: see ``enter``.
        """
        return self.enter(credential, act, self._unit_of(cycle), by=by, barred=barred)

    def enter(
        self, credential: str, act: str, unit: str | None, *, by: str,
        barred: Barred | None = None,
    ) -> str:  # fmt: skip
        """Return the person who may do ``act`` in ``unit`` in the name of ``by``.

        That is the person itself, or whoever lent the role; the latter is put on record.
        Where duties are kept apart a delegate passes only with ``barred``, and if it bars
        nobody behind the name.

        Raises:
            CredentialMissing, SessionOver, TokenRefused: nobody is known by the credential.
            Denied: anything else, the scopes of a token included.
        """
        person = self.holder(credential, act)
        if "same_branch" in APART.get(act, ()) and self._of_branch({person, by}, unit):
            raise Denied
        known = Thing() if barred and act in JUDGING else None
        permitted = self._verdict(person, act, unit or NOWHERE, known, by).permitted
        unasked = act in JUDGING and by != person and barred is None
        if unit is None or not permitted or unasked:
            raise Denied
        if known and barred and any(map(barred, self._behind(person, unit) - {by})):
            raise Denied
        if by != person:
            self._note(person, by, act, unit)
        return person

    def holder(self, credential: str, act: str) -> str:
        """Return whose the credential is, which reaches ``act``; raises as ``enter``."""
        if not credential:
            raise CredentialMissing
        if not is_token(credential):
            return self._accounts.whose(credential)
        try:
            return self._tokens.whose(credential, act)
        except ScopeMissing:
            raise Denied from None

    def look(self, credential: str, acts: Iterable[str], cycle: str) -> None:
        """Let pass who may do one of ``acts`` in ``cycle``; raises as ``enter``."""
        if self._unit_of(cycle) not in self.reach(credential, acts):
            raise Denied

    def reach(
        self, credential: str, acts: Iterable[str], *, by: str | None = None
    ) -> frozenset[str]:
        """Return every unit where the person may do one of ``acts``.

        Raises:
            CredentialMissing, SessionOver, TokenRefused: nobody is known by the credential.
            Denied: no scope of the token reaches any of them, or the person is not ``by``.
        """
        person, reached = self._holder_of_one(credential, acts)
        if by not in (None, person):
            raise Denied
        return self._delegations.reach(person, reached, on=local_day(self._clock()))

    def unplaced(self, unit: str, people: Iterable[Person]) -> Iterator[Refused]:
        """Yield each office that a roster gives to somebody who does not hold it there.

        And each member of the branch whom the roster has as an outsider: who is of the
        branch decides nothing that is contested in it.
        """
        today = local_day(self._clock())
        for person in people:
            standings = self._delegations.standings(person.id, unit, on=today)
            if of_branch(standings) and not person.holds(ANY_MEMBER):
                yield MemberLeftOut(person.id, unit)
            held = {standing.role for standing in standings if standing.giver is None}
            missing = [role for role in person.roles if role in OFFICES and role not in held]
            yield from (OfficeNotHeld(person.id, role, unit) for role in missing)

    def oneself(self, credential: str, person: str, scope: str) -> None:
        """Let nobody pass as ``person`` but ``person``; raises as ``enter``."""
        if self.holder(credential, scope) != person:
            raise Denied

    def manage(
        self, credential: str, act: str, units: Iterable[str | None], *, by: str
    ) -> None:
        """Let ``by`` do ``act`` in every one of ``units``; raises as ``enter``."""
        reached = self.reach(credential, (act,), by=by)
        if not reached.issuperset(units):
            raise Denied

    def _holder_of_one(
        self, credential: str, acts: Iterable[str]
    ) -> tuple[str, tuple[str, ...]]:
        """Return the person and those of ``acts`` that the credential reaches."""
        reached, person = [], ""
        for act in acts:
            try:
                person = self.holder(credential, act)
            except Denied:
                continue
            reached.append(act)
        if not reached:
            raise Denied
        return person, tuple(reached)

    def _verdict(
        self, person: str, act: str, unit: str, thing: Thing | None, by: str
    ) -> Verdict:
        try:
            today = local_day(self._clock())
            return self._delegations.may(person, act, unit, thing, on=today, by=by)
        except NoSuchUnit:
            return Verdict()

    def _of_branch(self, persons: Iterable[str], unit: str | None) -> bool:
        """Say whether one of ``persons`` is a member of ``unit`` on record, today."""
        today = local_day(self._clock())
        try:
            return unit is not None and any(
                of_branch(self._delegations.standings(p, unit, on=today)) for p in persons
            )
        except NoSuchUnit:
            return False

    def _behind(self, person: str, unit: str) -> set[str]:
        """Return ``person`` and everybody he or she lately judged in the place of there."""
        since = self._clock() - LATELY
        acted = (one for one in recorded(self._tokens.engine, by=person) if one.act == ACTED)
        judged = (one for one in acted if one.detail["did"] in JUDGING and one.at >= since)
        return {person, *(one.about for one in judged if one.detail["unit"] == unit)}

    def _note(self, person: str, giver: str, act: str, unit: str) -> None:
        on_record(
            self._tokens.engine, self._clock(), by=person, act=ACTED, about=giver, did=act,
            unit=unit,
        )  # fmt: skip
