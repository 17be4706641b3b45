"""Whoever stands in for a judge judges nothing that the own name would keep them from."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date

import pytest
from cycle.stages import SEALED, closed
from inprocess import InProcessGateway

from engine.cycle.parse import parse
from engine.cycle.state import Criticism
from engine.gateway import CommandRefused, CycleNotFound
from engine.issue.state import Issue, Measure
from engine.people.accounts import Accounts
from engine.people.delegations import Delegations
from engine.people.door import Denied, Door
from engine.people.organisation import Change, Named, Organisation
from engine.people.standing_in import JUDGING, barred
from engine.people.tables import opened
from engine.people.tokens import Tokens
from engine.policy.roles import Person
from engine.publication.desk import Desk
from engine.vault.memory import InMemoryVault

from .conftest import DAY, SEALED as NAME, TREE, Clock, member

NOW = Clock().now
VERDICT = {"issue": 1, "measure": 1, "verdict": "thorough"}


def cycle(owner="m04"):
    """A branch with one finished measure that waits for its verdict by m02 or the like."""
    measure = Measure(
        content=SEALED, standard=SEALED, due=date(2021, 9, 1), done=True, evidence=(SEALED,)
    )
    issue = Issue(
        number=1, content=SEALED, category="xue", sources=("form",), subject_kind="branch",
        subject=None, critics=(), severity="normal", found_at=NOW, status="verifying",
        owner=owner, measures=(measure,),
    )  # fmt: skip
    whole = closed()
    people = {**whole.people, "m02": Person(id="m02", roles=("committee_member", "verifier"))}
    return replace(whole, people=people, issues=(issue,), status="rectifying")


def verdict(by="m02"):
    return parse("give_verdict", {"by": by, **VERDICT})


def test_the_ground_is_level_the_verifier_may():
    assert not barred(cycle(), verdict(), "m03", wall=NOW)
    assert not barred(cycle(), verdict(), "x-from-elsewhere", wall=NOW)


def test_the_owner_does_not_verify_in_the_name_of_the_verifier():
    assert barred(cycle(), verdict(), "m04", wall=NOW)


def test_who_is_no_judge_in_the_cycle_is_stood_in_for_by_nobody():
    assert barred(cycle(), verdict("nobody"), "m03", wall=NOW)


def test_a_member_of_the_branch_decides_nothing_in_the_name_of_the_superior():
    contested = Criticism(
        critic="m04", of="m05", suggestion=None, confirmed=True, shown_on=date(2021, 7, 30),
        reply="contested",
    )  # fmt: skip
    there = replace(cycle(), criticisms=(contested,))
    words = {"by": "sup", "item": 1, "outcome": "upheld", "reason": SEALED}
    decided = parse("decide_criticism", words)

    assert barred(there, decided, "m03", wall=NOW)
    assert not barred(there, decided, "gg", wall=NOW)


def test_p12_who_was_criticised_judges_the_critic_in_nobodys_name():
    said = (Criticism(critic="m04", of="m03", suggestion=None),)
    there = replace(cycle(), criticisms=said)
    review = parse("review_long_term", {"by": "m02", "issue": 1, "note": SEALED})

    assert "review_long_term" in JUDGING
    assert barred(there, review, "m03", wall=NOW)
    assert not barred(there, review, "m01", wall=NOW)


def test_appeals_are_not_lent_for_nobody_knows_who_appealed():
    assert not JUDGING & {"acknowledge_appeal", "decide_appeal"}


class Ground:
    """A desk behind the door of a branch whose verifier has lent the office to somebody."""

    def __init__(self, folder, delegate) -> None:
        clock, engine = Clock(), opened(f"sqlite:///{folder}/people.db")
        organisation = Organisation(engine, clock)
        change = Change(
            units=TREE,
            persons=tuple(Named(id=p, name=NAME) for p in ("m02", "m03", "m04")),
            memberships=(
                member("m02", unit="b1", role="verifier"),
                member("m03", unit="b1"),
                member("m04", unit="b1"),
            ),
        )
        organisation.apply(change, by="root")
        delegations, tokens = Delegations(organisation, clock), Tokens(engine, clock)
        delegations.lend("m02", delegate, "b1", ["verifier"], first=DAY, last=DAY, by="m02")
        accounts = Accounts(engine, b"p" * 32, clock=clock)
        accounts.open(delegate, by="root")
        token = tokens.make(delegate, ["act"], days=9, by="root")
        door = Door(accounts, tokens, delegations, {"c": "b1"}.get, clock=clock)

        @asynccontextmanager
        async def reached():
            yield InProcessGateway()

        self.desk = Desk(
            reached, InMemoryVault, limit_bytes=4096, door=door, credential=token,
            cycle_of=lambda name: cycle() if name == "c" else None, clock=clock,
        )  # fmt: skip

    def submit(self, **body):
        asked = {"by": "m02", **VERDICT, **body}
        return asyncio.run(self.desk.submit("c", "give_verdict", asked, command_id="x"))


def test_a_delegate_with_no_part_in_it_gets_through_the_door(tmp_path):
    with pytest.raises(CycleNotFound):
        Ground(tmp_path, "m03").submit()


def test_the_owner_as_a_delegate_is_denied_at_the_door(tmp_path):
    with pytest.raises(Denied):
        Ground(tmp_path, "m04").submit()


def test_wrong_fields_are_told_to_a_delegate_who_may(tmp_path):
    with pytest.raises(CommandRefused) as refused:
        Ground(tmp_path, "m03").submit(verdict="splendid")

    assert [reason.code for reason in refused.value.reasons] == ["bad_command"]
