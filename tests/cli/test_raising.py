"""A coded problem becomes an issue of its cycle, once, whatever is cut off meanwhile."""

from __future__ import annotations

import json
from contextlib import asynccontextmanager

import pytest
from cli.test_opinions import COL, CYCLE, answers, ok, prepared, refused

from engine.gateway import ServerUnreachable

LATER = ("--text", "下月增设")


@pytest.fixture
def shell(taizhang):
    return prepared(taizhang)


def coded(shell, batch="f1", channel="forum", said="找不到地方停", put="车位少"):
    """One opinion through ``channel``, coded into a problem of its own."""
    ok(shell, "issue", batch, "--channel", channel, "--cycle", CYCLE, *COL)
    ok(shell, "enter", batch, *COL, "--body", "site", stdin=said)
    ok(shell, "shut", batch, *COL)
    answer = answers(shell, batch)[said]
    return ok(shell, "code", answer, *COL, "--aspect", "site", "--text", put).split()[-1]


def found(shell):
    """What the ledger has of issues found: number, command and data."""
    events = [r.event for r in shell.parts.ledger().read(limit=9999)]
    return [(e.data["issue"], e.command, e.data) for e in events if e.kind == "IssueFound"]


def problems(shell) -> dict[str, dict]:
    return {row["problem"]: row for row in shell.data("opinions", "problems", CYCLE, *COL)}


def test_a_problem_becomes_an_issue_with_its_channels_as_sources(shell):
    first = coded(shell)
    second = coded(shell, "p1", "pre_shift", "每天绕三圈", "停放不便")
    ok(shell, "merge", second, first, *COL)

    said = ok(shell, "raise", first, *COL, "--severity", "key")

    ((number, command, data),) = found(shell)
    assert said == f"{first} 已立为第 1 号问题\n"
    assert (number, command) == (1, f"problem/{first}")
    told = {name: data[name] for name in ("by", "category", "sources", "severity")}
    assert told == {
        "by": "m05", "category": "site", "sources": ["forum", "pre_shift"], "severity": "key",
    }  # fmt: skip
    text = shell.parts.vault().open(data["content"], reader="m01", purpose="rectify")
    assert text == "车位少"
    assert (problems(shell)[first]["state"], problems(shell)[first]["issue"]) == ("raised", 1)
    for batch in ("f1", "p1"):
        ok(shell, "close", batch, *COL)
    for channel in ("forum", "pre_shift"):
        (row,) = shell.data("opinions", "replies", CYCLE, "--channel", channel)
        assert (row["state"], row["issue"], row["reply"]) == ("raised", 1, None)
    assert shell.data("opinions", "replies", CYCLE, "--channel", "form") == []
    assert "班前会" in shell("ledger", "lists", CYCLE).stdout


def test_a_problem_of_a_member_is_sealed_under_the_member(shell):
    ok(shell, "raise", coded(shell), *COL, "--member", "m07")

    ((_, _, data),) = found(shell)
    assert (data["subject_kind"], data["subject"]) == ("member", "m07")
    assert shell.parts.vault().subject_of(data["content"]) == "m07"


def test_raising_twice_happens_once(shell):
    problem = coded(shell)

    assert ok(shell, "raise", problem, *COL) == ok(shell, "raise", problem, *COL)
    assert [number for number, _, _ in found(shell)] == [1]


class Cut:
    """A shell whose answers from the cycle are lost once: after the command, or before."""

    def __init__(self, shell, *, sent: bool) -> None:
        self._inner = shell.parts.gateway
        self._sent = sent
        self.shell = shell.but(gateway=self._gateway)

    @asynccontextmanager
    async def _gateway(self):
        async with self._inner() as gateway:
            self._gate = gateway
            yield self

    async def submit(self, *args, **more):
        if self._sent:
            await self._gate.submit(*args, **more)
        raise ServerUnreachable("127.0.0.1:7233")


@pytest.mark.parametrize("sent", [True, False], ids=["after", "before"])
def test_cut_off_it_is_on_its_way_and_goes_on_when_done_again(shell, sent):
    problem = coded(shell)
    assert Cut(shell, sent=sent).shell("opinions", "raise", problem, *COL).exit_code == 3

    assert problems(shell)[problem]["state"] == "raising"
    assert "raising" in refused(shell, "explain", problem, *COL, *LATER)
    ok(shell, "raise", problem, *COL)
    assert [number for number, _, _ in found(shell)] == [1]
    assert problems(shell)[problem]["issue"] == 1


def test_cut_off_it_is_found_in_the_ledger_whatever_is_said_again(shell):
    problem = coded(shell)
    Cut(shell, sent=True).shell("opinions", "raise", problem, *COL)

    ok(shell, "raise", problem, *COL, "--severity", "key")
    ((number, _, data),) = found(shell)
    assert (number, data["severity"]) == (1, "normal")


def test_what_is_not_in_the_ledger_yet_is_asked_again_later(shell):
    problem = coded(shell)
    Cut(shell, sent=True).shell("opinions", "raise", problem, *COL)

    empty = type(shell.parts.ledger())()
    behind = shell.but(ledger=lambda: empty)
    assert "稍后再试" in refused(behind, "raise", problem, *COL, "--severity", "key")
    assert problems(shell)[problem]["state"] == "raising"
    ok(behind, "raise", problem, *COL)
    assert [number for number, _, _ in found(shell)] == [1]


def test_a_problem_the_cycle_refuses_is_open_again(shell):
    problem = coded(shell)

    assert "unknown_person" in refused(shell, "raise", problem, *COL, "--member", "nobody")
    assert problems(shell)[problem]["state"] == "open"
    ok(shell, "explain", problem, *COL, *LATER)
    assert found(shell) == []


def test_only_the_collector_raises(shell):
    problem = coded(shell)

    for person in ("m01", "sup", "nobody"):
        assert "not_the_collector" in refused(shell, "raise", problem, "--by", person)
    assert "problem_unknown" in refused(shell, "raise", "0" * 32, *COL)
    assert found(shell) == []


def test_what_is_settled_is_not_raised_and_what_is_raised_not_settled(shell):
    kept, merged, explained, elsewhere = (
        coded(shell, f"f{n}", said=f"第{n}条,地方不够") for n in range(4)
    )
    ok(shell, "merge", merged, kept, *COL)
    ok(shell, "explain", explained, *COL, *LATER)
    ok(shell, "out-of-remit", elsewhere, *COL, "--text", "道路归市政,已转")
    for problem in (merged, explained, elsewhere):
        assert "problem_settled" in refused(shell, "raise", problem, *COL)
    ok(shell, "raise", kept, *COL)

    for words in (
        ("explain", kept, *LATER), ("out-of-remit", kept, *LATER), ("merge", kept, explained),
    ):  # fmt: skip
        assert "problem_settled" in refused(shell, *words, *COL)
    assert [number for number, _, _ in found(shell)] == [1]
    assert json.dumps(found(shell)[0][2]).count("sealed:") == 1
