"""Whoever may not, tries what is there and what is not: the answers are the same.

Every command that reads or acts is tried by somebody without the right.
"""

from __future__ import annotations

import asyncio
import json

import pytest
from campaign.roster import OPENING
from cli.test_opinions import CYCLE, prepared
from cli.test_raising import coded
from inprocess import WALL
from people.conftest import SEALED, member
from people.test_keeping import DENIED, NAME_OF_NOTHING, Machine
from rehearsal import NANZHANG
from streams import Told, ledger_of

from engine.people.organisation import Change, Named
from engine.people.units import Unit

UNIT = NANZHANG.opening().unit
THEIRS = "c-two"
DAYS = ("--from", "2021-07-26", "--to", "2021-07-30")
LATER = ("--from", "2026-07-26", "--to", "2026-07-30")
S1 = ("--by", "s1")
TEXT = ("--text", "x")

TRIED = {
    "cycle": (
        ("cycle", "show", "{}"), ("cycle", "history", "{}"), ("plan", "explain", "{}"),
        ("cycle", "do", "{}", "open_meeting", *S1), ("issue", "list", "{}"),
        ("issue", "do", "{}", "1", "claim_issue", *S1), ("issue", "show", "{}", "1"),
        ("issue", "history", "{}", "1"), ("ledger", "lists", "{}"),
        ("ledger", "lists", "{}", "--reader", "s1"), ("ledger", "account", "{}"),
        ("ledger", "stats", "{}"), ("ledger", "lookback", "{}"), ("report", "{}"),
        ("report", "{}", "--as-of", "1"), ("report", "{}", "--reader", "s1"),
        ("opinions", "problems", "{}"), ("opinions", "replies", "{}", "--channel", "form"),
        ("opinions", "issue", "new", "--cycle", "{}", *S1), ("appeal", "list", "{}", *S1),
        ("guests", "link", "{}", "g1", *S1), ("vault", "audit", "list", "--subject", "{}"),
        ("exports", "list", "--subject", "{}"), ("vault", "erase", "{}", *S1, "--yes"),
    ),
    "batch": (
        ("opinions", "results", "{}"), ("opinions", "form", "{}", "site"),
        ("opinions", "read", "{}", *S1), ("opinions", "shut", "{}", *S1),
        ("opinions", "close", "{}", *S1), ("opinions", "links", "{}", *S1, "--to", "x"),
        ("opinions", "enter", "{}", *S1, "--body", "site"),
    ),
    "answer": (
        ("opinions", "code", "{}", *S1, "--aspect", "site", *TEXT),
        ("opinions", "spoil", "{}", *S1),
    ),
    "problem": (
        ("opinions", "merge", "{}", "x", *S1), ("opinions", "explain", "{}", *S1, *TEXT),
        ("opinions", "out-of-remit", "{}", *S1, *TEXT), ("opinions", "raise", "{}", *S1),
    ),
    "campaign": (
        ("campaign", "show", "{}"), ("campaign", "history", "{}"),
        ("campaign", "do", "{}", "start_wave", *S1),
    ),
    "person": (
        ("people", "show", "{}"), ("notices", "list", "--person", "{}"),
        ("people", "leave", "{}", "--unit", UNIT, "--last", "2021-12-31", *S1),
        ("people", "leave", "{}", "--unit", UNIT, "--last", "2021-12-31", "--dry-run", *S1),
        ("people", "delegate", "{}", "s1", "--unit", UNIT, "--role", "member", *DAYS, *S1),
        ("vault", "audit", "list", "--subject", "{}"),
        ("vault", "glass", "ask", *S1, "--reason", "x", "--subject", "{}"),
        ("vault", "erase", "{}", *S1, "--yes"),
    ),
    "unit": (
        ("people", "list", "--unit", "{}"),
        ("plugins", "facts", "red_passbook", "--unit", "{}"),
        ("people", "leave", "s1", "--unit", "{}", "--last", "2021-12-31", *S1),
        ("people", "delegate", "s1", "m01", "--unit", "{}", "--role", "member", *DAYS, *S1),
        ("people", "delegate", "m01", "s1", "--unit", "{}", "--role", "member", *DAYS, *S1),
    ),
    "delegation": (("people", "return", "{}", *S1),),
    "grant": (("vault", "glass", "agree", "{}", *S1), ("vault", "glass", "show", "{}", *S1)),
    "content": (("vault", "read", "{}", "--as", "s1", "--purpose", "review"),),
}  # fmt: skip
NOTHING = {"content": NAME_OF_NOTHING, "answer": "0" * 32, "problem": "0" * 32}


@pytest.fixture(scope="module")
def machine(tmp_path_factory):
    """A cycle with a batch, a coded problem, an issue; a campaign; a lent role; a grant."""
    made = Machine(tmp_path_factory.mktemp("denials"), {CYCLE: UNIT, THEIRS: "b2"}.get)
    people = made.made.parts.people()
    ours = ("m01", "branch_secretary"), ("m07", "member")
    persons = ("s1", "m05", "m07")
    change = Change(
        units=(Unit(id=UNIT, kind="branch", name="x", parent="nz"),),
        persons=tuple(Named(id=p, name=SEALED) for p in persons),
        memberships=(
            *(member(person, unit=UNIT, role=role) for person, role in ours),
            member("s1", unit="b2"), member("m05", unit="b2", role="opinion_collector"),
        ),
    )  # fmt: skip
    shell = prepared(made.made)
    made.made = shell
    problem = coded(shell)
    assert shell("opinions", "raise", problem, "--by", "m05").exit_code == 0
    people.organisation.apply(change, by="root")  # m05 is the collector of another unit now
    coded(shell, "p1", "pre_shift", "每天绕三圈", "停放不便")
    (batch,) = (b for b in shell.parts.opinions().batches.all() if b.id == "f1")
    (answer,) = shell.parts.opinions().coding.originals(batch.id, reader="m05")
    done = shell("campaign", "open", "-", stdin=OPENING.model_dump_json())
    assert done.exit_code == 0
    asyncio.run(second_opened(shell))
    lent, _ = people.delegations.lend(
        "m01", "m07", UNIT, ["branch_secretary"], first=WALL.date(), last=WALL.date(), by="m01"
    )
    ledger_of(Told("real-1", UNIT), into=shell.parts.ledger())  # the other is a rehearsal
    grant = shell.parts.reading().glass.ask(by="m01", reason="x", hours=9, subject="m02")
    made.there = {
        "cycle": CYCLE, "batch": batch.id, "answer": answer[0].id, "problem": problem,
        "campaign": OPENING.campaign, "person": "m07", "unit": UNIT, "delegation": lent.id,
        "grant": grant.id, "content": shell.parts.vault().seal("谈话", subject="m07", by="m01"),
    }  # fmt: skip
    made.tokens = {p: made.token(p, "act", "read") for p in ("s1", "op1", "m01", "m05")}
    made.tokens["keeper"] = made.token("m01", "manage_people")
    return made


async def second_opened(shell) -> None:
    opening = NANZHANG.named(THEIRS).opening()
    async with shell.parts.gateway() as gateway:
        await gateway.open(opening.model_copy(update={"unit": "b2", "plugins": ()}))


def answer(machine, person, *words, stdin="x"):
    done = machine(machine.tokens[person], *words, stdin=stdin)
    return done.exit_code, done.stdout, done.stderr


@pytest.mark.parametrize("kind", TRIED)
def test_what_is_there_and_what_is_not_are_answered_alike(machine, kind):
    for words in TRIED[kind]:
        for thing in (machine.there[kind], NOTHING.get(kind, "x-nothing")):
            tried = tuple(word.format(thing) for word in words)
            assert answer(machine, "s1", *tried) == (1, "", DENIED), tried


@pytest.mark.parametrize(
    "words",
    [
        ("report", "--all"), ("report", "--units", "b"), ("report", "--all", "--reader", "op1"),
        ("report", "--all", "--as-of", "999999"), ("opinions", "results", "f1"),
        ("report", CYCLE, "--reader", "op1"), ("ledger", "lists", CYCLE, "--reader", "op1"),
        ("report", "x-nothing", "--reader", "op1"), ("report", "--units", "x-nothing"),
        ("ledger", "lists", "x-nothing", "--reader", "op1"), ("ledger", "lists", CYCLE),
        ("issue", "list", CYCLE), ("ledger", "stats", CYCLE),
    ],
)  # fmt: skip
def test_whoever_runs_the_machine_reads_neither_counts_nor_texts(machine, words):
    assert answer(machine, "op1", "cycle", "show", CYCLE)[0] == 0
    assert answer(machine, "op1", *words) == (1, "", DENIED)


def test_whoever_opens_a_cycle_is_told_of_ones_own_by_that_name_and_of_no_others(machine):
    def opened(cycle):
        opening = {"cycle": cycle, "unit": UNIT, "meeting_on": "2021-07-30", "by": "m01",
                   "people": [{"id": "m01", "roles": ["branch_secretary"]},
                              {"id": "sup", "roles": ["superior_officer"]}]}  # fmt: skip
        return answer(machine, "m01", "cycle", "open", "-", stdin=json.dumps(opening))

    assert CYCLE in opened(CYCLE)[2]
    assert opened(THEIRS) == (1, "", DENIED)


def test_units_are_listed_for_whoever_sees_their_people(machine):
    listed = ("people", "list", "--units", "-o", "ids")

    assert answer(machine, "s1", *listed)[1] == "b2\n"
    assert answer(machine, "m01", *listed)[1] == f"b1\n{UNIT}\n"


def test_whoever_may_lend_or_leave_learns_of_nobody_by_mistakes(machine):
    lend = ("people", "delegate", "m01", "{}", "--unit", UNIT, "--role", "branch_secretary")
    late = ("--from", "2001-07-26", "--to", "2001-07-30", "--by", "m01")
    over = ("--from", str(WALL.date()), "--to", str(WALL.date()), "--by", "m01")
    leave = ("people", "leave", "m07", "--unit", UNIT, "--to", "{}", "--last", "2001-01-01",
        "--by", "m01")  # fmt: skip
    for holder, words, known in (
        ("m01", (*lend, *late), "s1"),
        ("m01", (*lend, *over), "s1"),
        ("keeper", leave, "b1"),
    ):
        told = {
            answer(machine, holder, *(word.format(who) for word in words))
            for who in (known, "x-nothing")
        }
        assert len(told) == 1
        assert DENIED not in told.pop()[2]
    lend = (*(word.format("x-nothing") for word in lend), *LATER, "--by", "m01")
    assert answer(machine, "m01", *lend) == (1, "", DENIED)


def test_a_sheet_tells_nobody_which_units_there_are(machine):
    token = machine.token("m01", "manage_people")
    for unit in ("b2", "x-nothing"):
        rows = machine.sheets(f"n1,甲,{unit},党员,2026-01-05,")
        done = machine(token, "people", "import", *rows, "--by", "m01")
        assert (done.exit_code, done.stdout, done.stderr) == (1, "", DENIED)
        tree = f"单位,类别,名称,上级\nb9,支部,九支部,{unit}\n"
        rows = machine.sheets(tree=tree)
        done = machine(token, "people", "import", *rows, "--by", "m01")
        assert (done.exit_code, done.stdout, done.stderr) == (1, "", DENIED)


def test_the_batch_of_another_unit_is_not_named(machine):
    issue = ("opinions", "issue", "f1", "--cycle", THEIRS, "--by", "m05")

    assert answer(machine, "m05", *issue) == (1, "", DENIED)
    assert answer(machine, "m05", "opinions", "issue", "own", *issue[3:])[0] == 0


def test_a_code_from_nowhere_is_told_the_same_of_any_batch(machine):
    told = {
        answer(machine, "s1", "opinions", "answer", batch, "--link", "AAAA")
        for batch in ("f1", "x-nothing")
    }
    assert len(told) == 1


def test_whoever_breaks_the_glass_learns_of_no_content_by_trying(machine):
    read = ("--as", "s1", "--purpose", "break_glass")
    told = {
        answer(machine, "s1", "vault", "read", content, *read)
        for content in (machine.there["content"], NAME_OF_NOTHING)
    }
    assert len(told) == 1
    assert "glass_needed" in told.pop()[2]
    for content in (machine.there["content"], NAME_OF_NOTHING):
        ask = ("vault", "glass", "ask", *S1, "--reason", "x", "--content", content)
        assert answer(machine, "s1", *ask) == (1, "", DENIED)
