"""Every role looks at what is its own, another's and not there, by every command that reads.

Whoever is turned away reads the one sentence of every denial.
"""

from __future__ import annotations

import pytest

from engine.cli.entering import COUNTS, LISTS, RUNS
from engine.people.door import Denied
from engine.people.roles import GRANTED, allowed

from .conftest import ABOVE, OURS, THINGS

READS = {
    ("cycle", "show"): RUNS,
    ("cycle", "history"): RUNS,
    ("issue", "list"): LISTS,
    ("issue", "show", "1"): LISTS,
    ("issue", "history", "1"): LISTS,
    ("ledger", "lists"): LISTS,
    ("ledger", "account"): LISTS,
    ("ledger", "lookback"): LISTS,
    ("ledger", "stats"): COUNTS,
    ("report",): LISTS,
    ("opinions", "problems"): ("read_lists", "read_opinion"),
    ("opinions", "replies"): ("read_notice",),
    ("vault", "audit", "list", "--subject"): ("read_audit",),
}
COMBINATIONS = [(role, words, thing) for role in GRANTED for words in READS for thing in THINGS]
DENIED = (1, "", "not permitted, or there is no such thing [denied]\n")


def permitted(role, acts, thing) -> bool:
    """What the table says of reading, with where the role reaches."""
    near = thing == OURS or (thing != THINGS[-1] and role in ABOVE)
    return near and any(act in allowed(role) for act in acts)


def test_at_the_door_each_may_read_what_the_table_says(house):
    door, credentials, *_ = house
    tried, wrong = 0, []
    for role in GRANTED:
        for acts in {*READS.values()}:
            for thing in THINGS:
                tried += 1
                try:
                    door.look(credentials[f"p-{role}"], acts, thing)
                    let = True
                except Denied:
                    let = False
                if let is not permitted(role, acts, thing):
                    wrong.append((role, acts, thing))

    assert not wrong
    assert tried >= 300


@pytest.mark.timeout(600)
def test_on_the_command_line_a_denial_to_read_is_one_line_too(command_line):
    said, wrong = set(), []
    for role, words, thing in COMBINATIONS:
        group = words[:1] if words == ("report",) else words[: -1 if words[-1] == "1" else None]
        more = words[len(group) :]
        channel = ("--channel", "form") if words[-1] == "replies" else ()
        done = command_line(f"p-{role}")(*group, thing, *more, *channel, "--lang", "en")
        denied = "[denied]" in done.stderr
        if denied:
            said.add((done.exit_code, done.stdout, done.stderr))
        if denied is permitted(role, READS[words], thing):
            wrong.append((role, words, thing, done.stderr))

    assert not wrong
    assert said == {DENIED}
    assert len(COMBINATIONS) >= 500


def test_lists_leave_out_what_may_not_be_seen(house):
    door, credentials, *_ = house

    assert door.reach(credentials["p-member"], LISTS) == {"b1"}
    assert door.reach(credentials["p-superior_officer"], LISTS) == {"nz", "b1", "b2"}
    assert door.reach(credentials["p-operator"], RUNS) == {"nz", "b1", "b2"}
    assert door.reach(credentials["p-resident"], COUNTS) == frozenset()


def test_p28_operators_look_at_runs_and_at_no_lists_or_counts(house):
    door, credentials, *_ = house

    assert door.reach(credentials["p-operator"], (*LISTS, *COUNTS)) == frozenset()


def test_p05_the_ledger_leaves_with_the_archivist_and_not_upward(house):
    """It says by ids who criticised whom; only counts go upward."""
    door, credentials, *_ = house
    reached = {role: door.reach(credentials[f"p-{role}"], ("read_ledger",)) for role in GRANTED}

    assert {role for role, units in reached.items() if units} == {"archivist"}


def test_nobody_reads_or_exports_as_somebody_else(command_line):
    sealed = f"sealed:{'1' * 32}:{'2' * 64}"
    for words in (
        ("vault", "read", sealed, "--as", "p-recorder", "--purpose", "review"),
        ("ledger", "lists", OURS, "--reader", "p-recorder"),
        ("vault", "glass", "ask", "--by", "p-recorder", "--reason", "x", "--content", sealed),
        ("people", "show", "p-recorder", "--purpose", "people", "--by", "p-recorder"),
        ("ledger", "export", "--by", "p-recorder"),
    ):
        done = command_line("p-member")(*words, "--lang", "en")
        assert (done.exit_code, done.stdout, done.stderr) == DENIED, words
