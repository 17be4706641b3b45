"""Every role tries every act on what is its own, another's, and not there.

Each is tried through the gateway and on the command line; whoever is turned away reads one
sentence, the same whether the thing exists or not, and nothing is written.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from inprocess import InProcessGateway

from engine.gateway import CommandRefused, CycleNotFound
from engine.people.door import CredentialMissing, Denied
from engine.people.noted import recorded
from engine.people.organisation import Change, Organisation
from engine.people.roles import GRANTED
from engine.policy.roles import MAY
from engine.publication.desk import Desk
from engine.publication.door import sealed_command
from engine.refusal import Refused
from engine.vault.memory import InMemoryVault

from .conftest import ABOVE, DAY, NOWHERE, OURS, THEIRS, THINGS, member, open_both

COMBINATIONS = [(role, act, thing) for role in GRANTED for act in MAY for thing in THINGS]


@pytest.fixture(scope="module")
def gateway():
    """Two cycles, one in each branch, by the rules alone."""
    rules = InProcessGateway()
    asyncio.run(open_both(rules))
    return rules


def permitted(role, act, thing) -> bool:
    """What the table of the rules says, with where the role reaches."""
    return role in MAY[act] and (thing == OURS or (thing == THEIRS and role in ABOVE))


class CountingVault(InMemoryVault):
    """Counts what was sealed in it, and keeps the key of the last."""

    sealed, key = 0, ""

    def seal(self, text, **more):
        self.sealed += 1
        self.key = more["key"]
        return super().seal(text, **more)


@pytest.fixture(scope="module")
def desk(house, gateway):
    """A desk over the two cycles, for the holder of a credential; and what it sealed."""
    door, credentials, *_ = house
    vault = CountingVault()

    @asynccontextmanager
    async def reached():
        yield gateway

    def of(person):
        return Desk(
            reached, lambda: vault, limit_bytes=4096, door=door,
            credential=credentials[person],
        )  # fmt: skip

    return of, vault


def reasons(desk, act, thing, person):
    """The codes and sentences of a refusal; nothing when the command passed."""
    body = {"by": person, "reason": {"text": "理由"}}
    try:
        asyncio.run(desk.submit(thing, act, body, command_id="x"))
    except CommandRefused as refused:
        return tuple((r.code, r.zh, r.en, str(r.facts)) for r in refused.reasons)
    except Refused as refused:
        said = (refused.sentence("zh"), refused.sentence("en"), str(refused.facts))
        return ((refused.code, *said),)
    return ()


def test_through_the_gateway_each_may_what_the_table_says_and_all_denials_are_one(
    desk, gateway
):
    at, vault = desk
    before = gateway.ledger.head().position
    told, wrong, denials = Counter(), [], set()
    for role, act, thing in COMBINATIONS:
        sealed = vault.sealed
        found = reasons(at(f"p-{role}"), act, thing, f"p-{role}")
        denied = [one[0] for one in found] == ["denied"]
        if denied:
            denials.add(found)
            assert vault.sealed == sealed
        told[denied] += 1
        if denied is permitted(role, act, thing):
            wrong.append((role, act, thing))

    assert not wrong
    assert len(denials) == 1
    assert told[True] >= 500
    assert told[False] >= 200
    assert gateway.ledger.head().position == before


@pytest.mark.timeout(600)
def test_on_the_command_line_a_denial_is_one_line_whatever_is_asked(command_line):
    said, wrong = set(), []
    for role, act, thing in COMBINATIONS:
        person = f"p-{role}"
        done = command_line(person)(
            "cycle", "do", thing, act, "--by", person, "--json", "{}", "--lang", "en"
        )
        denied = "[denied]" in done.stderr
        if denied:
            said.add((done.exit_code, done.stdout, done.stderr))
        if denied is permitted(role, act, thing):
            wrong.append((role, act, thing, done.stderr))

    assert not wrong
    assert said == {(1, "", "not permitted, or there is no such thing [denied]\n")}


def test_nobody_acts_in_anothers_name(desk):
    secretary = desk[0]("p-branch_secretary")

    assert [r[0] for r in reasons(secretary, "file_plan", OURS, "p-member")] == ["denied"]
    assert [r[0] for r in reasons(secretary, "file_plan", OURS, 7)] == ["denied"]


def test_p12_nobody_stands_in_for_a_judge_where_the_rules_are_not_asked(house):
    door, credentials, delegations, _ = house
    giver, helper = "p-committee_member", credentials["p-helper"]
    delegations.lend(
        giver, "p-helper", "b1", ["committee_member"], first=DAY, last=DAY, by=giver
    )
    asked = {"by": giver, "barred": lambda _: False}

    with pytest.raises(Denied):
        door.enter_cycle(helper, "review_long_term", OURS, by=giver)
    assert door.enter_cycle(helper, "review_long_term", OURS, **asked) == "p-helper"


def test_who_stands_in_is_put_on_record_once_a_command(house, desk):
    _, _, delegations, tokens = house
    giver, day = "p-recorder", DAY + timedelta(days=1)
    delegations.lend(giver, "p-helper", "b1", ["recorder"], first=DAY, last=day, by=giver)
    reasons(desk[0]("p-helper"), "start_item", OURS, giver)

    acted = [one for one in recorded(tokens.engine, giver) if one.act == "acted_for"]
    assert len(acted) == 1


def test_what_a_delegate_sends_is_sealed_as_the_delegates(house, desk):
    _, _, delegations, _ = house
    at, vault = desk
    giver = "p-branch_secretary"
    lent, _ = delegations.lend(
        giver, "p-helper", "b1", ["branch_secretary"], first=DAY, last=DAY, by=giver
    )

    def key_of(sender):
        body = {"by": giver, "content": {"text": "原话"}}
        with pytest.raises(CommandRefused):
            asyncio.run(at(sender).submit(OURS, "file_plan", body, command_id="guess"))
        return vault.key

    assert key_of("p-helper") != key_of(giver)
    delegations.end(lent.id, by=giver)


def test_a_delegate_who_guesses_at_a_text_meets_no_seal_of_whom_they_stand_in_for():
    vault, giver = InMemoryVault(), "p-branch_secretary"

    def sealed(sender, text):
        body = {"by": giver, "content": {"text": text}}
        return sealed_command(
            "file_plan", body, vault, cycle=OURS, command_id="guess", sender=sender,
            limit_bytes=4096,
        )["content"]  # fmt: skip

    mine, guessed = sealed(giver, "原话"), sealed("p-helper", "猜的")

    assert guessed != mine
    for sender, text in (("p-helper", "原话"), (giver, "改过的")):
        with pytest.raises(CommandRefused) as refused:
            sealed(sender, text)
        assert [reason.code for reason in refused.value.reasons] == ["command_id_reused"]
    assert sealed(giver, "原话") == mine


def test_who_is_not_known_is_told_to_say_so_and_nothing_more(house):
    door, *_ = house
    for credential, refusal in (("", CredentialMissing), ("tz_0_0", Refused), ("x", Refused)):
        with pytest.raises(refusal) as told:
            door.enter_cycle(credential, "file_plan", OURS, by="p-branch_secretary")
        assert not isinstance(told.value, Denied)


def test_a_token_opens_no_more_than_its_scopes(house):
    door, _, _, tokens = house
    text = tokens.make("p-branch_secretary", ["file_plan"], days=1, by="root")

    assert door.enter_cycle(text, "file_plan", OURS, by="p-branch_secretary")
    with pytest.raises(Denied):
        door.enter_cycle(text, "hold_study", OURS, by="p-branch_secretary")


def test_who_stands_in_acts_in_the_name_of_whoever_is_away_and_that_is_on_record(house):
    door, credentials, delegations, tokens = house
    giver = "p-branch_secretary"
    with pytest.raises(Denied):
        door.enter_cycle(credentials["p-helper"], "file_plan", OURS, by=giver)
    delegations.lend(
        giver, "p-helper", "b1", ["branch_secretary"], first=DAY, last=DAY, by=giver
    )

    assert door.enter_cycle(credentials["p-helper"], "file_plan", OURS, by=giver) == "p-helper"
    with pytest.raises(Denied):
        door.enter_cycle(credentials["p-helper"], "file_plan", OURS, by="p-helper")
    last = recorded(tokens.engine, giver)[-1]
    assert (last.by, last.act, last.detail["did"]) == ("p-helper", "acted_for", "file_plan")


@pytest.mark.parametrize("act", ["decide_criticism", "decide_verdict", "decide_appeal"])
def test_p10_who_came_into_the_branch_decides_nothing_contested_there(house, act):
    door, credentials, _, tokens = house
    sup, organisation = "p-superior_officer", Organisation(tokens.engine)
    assert door.enter_cycle(credentials[sup], act, THEIRS, by=sup) == sup
    joined = member(sup, role="leading_cadre")
    organisation.apply(Change(memberships=(joined,)), by="root")
    try:
        with pytest.raises(Denied):
            door.enter_cycle(credentials[sup], act, THEIRS, by=sup)
        assert door.enter_cycle(credentials[sup], act, OURS, by=sup) == sup
    finally:
        left = joined.model_copy(update={"last": DAY - timedelta(days=1)})
        organisation.apply(Change(memberships=(left,)), by="root")


def test_a_cycle_is_opened_in_a_unit_of_ones_own(house):
    door, credentials, *_ = house
    secretary = credentials["p-branch_secretary"]

    assert door.enter(secretary, "open_cycle", "b1", by="p-branch_secretary")
    for unit in ("b2", "nz", "no-such-unit", None):
        with pytest.raises(Denied):
            door.enter(secretary, "open_cycle", unit, by="p-branch_secretary")


def test_without_the_door_a_cycle_that_is_not_there_is_said_to_be_missing(gateway):
    """The denial hides something: without it the two answers differ."""
    with pytest.raises(CycleNotFound):
        asyncio.run(gateway.submit(NOWHERE, "file_plan", {"by": "m01"}, command_id="x"))


RUNS = {"show": "read_run", "retry": "retry_run", "terminate": "terminate_run"}


@pytest.mark.parametrize("act", RUNS)
def test_runs_are_the_operators_alone_on_the_command_line(command_line, act):
    told, wrong = set(), []
    for role in GRANTED:
        for thing in THINGS:
            by = () if act == "show" else ("--by", f"p-{role}", "--reason", "ticket 7")
            done = command_line(f"p-{role}")(
                "run", act, f"cycle/{thing}", *by, "--lang", "en"
            )  # fmt: skip
            if "[denied]" in done.stderr:
                told.add((done.exit_code, done.stdout, done.stderr))
            if (done.exit_code == 0) is not (role == "operator" and thing != NOWHERE):
                wrong.append((role, thing, done.stderr))

    assert not wrong
    assert told == {(1, "", "not permitted, or there is no such thing [denied]\n")}


def test_what_an_operator_did_to_a_run_is_on_record_with_the_reason(command_line):
    line = command_line("p-operator")
    line(
        "run", "terminate", f"cycle/{OURS}", "--by", "p-operator", "--reason", "ticket 9"
    )  # fmt: skip

    (*_, noted) = recorded(line.parts.people().organisation.engine, OURS)
    assert (noted.act, noted.by, noted.detail) == (
        "terminate_run", "p-operator", {"reason": "ticket 9", "workflow": f"cycle/{OURS}"},
    )  # fmt: skip


@pytest.mark.parametrize("workflow", ["campaign/any", "retention", "cycle/甲", "person/m05"])
def test_no_operator_of_some_units_ends_what_belongs_to_all_or_is_no_run_of_ours(
    command_line, workflow
):
    line = command_line("p-operator")
    for act in RUNS:
        by = () if act == "show" else ("--by", "p-operator", "--reason", "ticket 9")
        done = line("run", act, workflow, *by, "--lang", "en")
        assert (done.exit_code, done.stderr) == (
            1, "not permitted, or there is no such thing [denied]\n",
        )  # fmt: skip
