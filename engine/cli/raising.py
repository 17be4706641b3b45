"""``taizhang opinions raise``: a coded problem becomes an issue of its cycle, once."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from engine.cli.answers import answered
from engine.cli.collecting import allowed, cycle_of
from engine.cli.entering import one_denial
from engine.cli.options import ByOption, LangOption
from engine.cli.parts import Parts, Stopped
from engine.cli.sending import send
from engine.cli.show import echo
from engine.gateway import CommandRefused, CycleClosed, CycleNotFound
from engine.issue.commands import Severity
from engine.ledger.export import every
from engine.ledger.port import Ledger
from engine.opinions.answers.coded import Problem
from engine.refusal import Refused

REUSED = "command_id_reused"
ON_ITS_WAY = (
    "这个问题正在立项,请稍后再试 | the problem is on its way to an issue; try again in a moment"
)

ProblemArgument = Annotated[str, typer.Argument(help="问题编号 | problem id")]
SeverityOption = Annotated[Severity, typer.Option("--severity", help="程度 | severity")]
MemberOption = Annotated[
    str | None, typer.Option("--member", help="是这位党员的问题 | the member it concerns")
]


def register(app: typer.Typer, parts: Parts) -> None:
    """Add the command."""

    @app.command("raise")
    def raise_(
        problem: ProblemArgument, by: ByOption, severity: SeverityOption = "normal",
        member: MemberOption = None, lang: LangOption = "zh",
    ) -> None:  # fmt: skip
        """立为周期里的问题,再做一次也只立一次 | Make it an issue of its cycle, once."""
        with answered(lang) as words:
            allowed(parts, cycle_of(parts, problem), by)
            issue = raised(parts, problem, by=by, severity=severity, member=member)
            echo(words.say("opinions.raised", problem=problem, issue=issue))


def raised(
    parts: Parts, problem: str, *, by: str, severity: Severity = "normal",
    member: str | None = None,
) -> int:  # fmt: skip
    """Return the number of the issue that ``problem`` is, sent if it is none yet.

    While it is on its way nobody settles the problem. Broken off anywhere, doing it again
    goes on: an earlier try is found in the ledger, or by the command's id in the cycle.

    Raises:
        ProblemSettled: it was merged, explained or ruled out of remit.
        CommandRefused: the cycle does not take it; the problem is open again.
        Stopped: an earlier try is not in the ledger yet.
    """
    codings = parts.opinions().codings
    found = codings.with_sources(problem)
    if found.issue is not None:
        return found.issue
    body = {"by": by, "severity": severity, **_body(parts, found, by, member)}
    before = codings.raising(problem)
    if before.issue is not None:
        return before.issue
    issue = _noted(parts.ledger(), found) if before.state == "raising" else None
    issue = issue or _sent(parts, found, body)
    codings.raised(problem, issue)
    return issue


def _body(parts: Parts, problem: Problem, by: str, member: str | None) -> dict[str, Any]:
    with one_denial(parts):
        heading = parts.reading().door.read(
            problem.heading, reader=by, purpose="rectify", act="read_issue"
        )
    body = {
        "content": {"text": heading}, "category": problem.aspect,
        "sources": sorted(problem.sources),
    }  # fmt: skip
    if member is None:
        return body
    of_member = {"text": heading, "subject": member}
    return {**body, "content": of_member, "subject_kind": "member", "subject": member}


def _sent(parts: Parts, problem: Problem, body: dict[str, Any]) -> int:
    """Return the number that the cycle gives; what it refuses is open again."""
    try:
        sent = send(parts, problem.cycle, "find_issue", body, command_id=_command(problem))
    except CommandRefused as refused:
        if REUSED in {reason.code for reason in refused.reasons}:
            raise Stopped(ON_ITS_WAY) from None
        parts.opinions().codings.not_raised(problem.id)
        raise
    except (Refused, CycleClosed, CycleNotFound):
        parts.opinions().codings.not_raised(problem.id)
        raise
    return next(int(number) for number in map(_number, sent.versions) if number)


def _noted(ledger: Ledger, problem: Problem) -> int | None:
    """Return the number under which an earlier try stands in the ledger."""
    events = (r.event for r in every(ledger, prefix=f"issue/{problem.cycle}/"))
    found = (event.stream for event in events if event.command == _command(problem))
    return next((int(_number(stream)) for stream in found), None)


def _command(problem: Problem) -> str:
    return f"problem/{problem.id}"


def _number(stream: str) -> str:
    return stream.rpartition("/")[2] if stream.startswith("issue/") else ""
