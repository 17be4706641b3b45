"""``taizhang issue``: list, show, history, do."""

from __future__ import annotations

import typer

from engine.cli.answers import answered
from engine.cli.cycles import found, show_history, show_receipt
from engine.cli.entering import look
from engine.cli.options import (
    ByOption,
    CycleArgument,
    FileOption,
    IdOption,
    IssueArgument,
    JsonOption,
    KindArgument,
    LangOption,
    OutputOption,
)
from engine.cli.parts import Parts, Stopped
from engine.cli.sending import body_of, send
from engine.cli.show import as_json, console, listed, table
from engine.cli.standing import missing, of_issue
from engine.cli.words import Words
from engine.cycle.state import Cycle
from engine.issue.state import Issue

COLUMNS = ("issue", "category", "severity", "subject_kind", "owner", "measures", "status")


def commands(parts: Parts) -> typer.Typer:
    """Return the group of commands about issues."""
    app = typer.Typer(help="问题 | issues", no_args_is_help=True)

    @app.command("list")
    def list_(
        cycle: CycleArgument, output: OutputOption = "table", lang: LangOption = "zh"
    ) -> None:
        """列出问题 | List the issues of a cycle."""
        with answered(lang) as words:
            look(parts, cycle)
            rows = [_row(words, i, plain=output != "table") for i in found(parts, cycle).issues]
            listed(output, words, words.say("title.issues"), COLUMNS, rows, key="issue")

    @app.command()
    def show(
        cycle: CycleArgument, issue: IssueArgument, output: OutputOption = "table",
        lang: LangOption = "zh",
    ) -> None:  # fmt: skip
        """一个问题的现状,及还差什么 | Show an issue and what keeps it from sign-off."""
        with answered(lang) as words:
            look(parts, cycle)
            whole = found(parts, cycle)
            _show(words, whole, _issue(whole, issue), as_data=output == "json")

    @app.command()
    def history(
        cycle: CycleArgument, issue: IssueArgument, output: OutputOption = "table",
        lang: LangOption = "zh",
    ) -> None:  # fmt: skip
        """一个问题的经过 | Show what happened to an issue."""
        with answered(lang) as words:
            look(parts, cycle)
            show_history(parts, words, cycle, f"issue/{cycle}/{issue}", output)

    @app.command()
    def do(
        cycle: CycleArgument, issue: IssueArgument, kind: KindArgument, by: ByOption,
        written: JsonOption = None, file: FileOption = None, command_id: IdOption = None,
        output: OutputOption = "table", lang: LangOption = "zh",
    ) -> None:  # fmt: skip
        """办理一个问题 | Hand a command to an issue."""
        body = {**body_of(written, file), "by": by, "issue": issue}
        with answered(lang) as words:
            show_receipt(words, send(parts, cycle, kind, body, command_id=command_id), output)

    return app


def _issue(cycle: Cycle, number: int) -> Issue:
    issue = cycle.issue(number)
    if issue is None:
        raise Stopped(f"{cycle.id} 没有第 {number} 号问题 | {cycle.id} has no issue {number}")
    return issue


def _row(words: Words, issue: Issue, *, plain: bool) -> dict[str, object]:
    done = sum(m.done for m in issue.measures)
    row: dict[str, object] = {
        "issue": issue.number, "category": issue.category, "severity": issue.severity,
        "subject_kind": issue.subject_kind, "owner": issue.owner, "status": issue.status,
        "measures": f"{done}/{len(issue.measures)}",
    }  # fmt: skip
    if plain:
        return row
    translated = {key: words.of(key, str(row[key])) for key in ("severity", "subject_kind")}
    return row | translated | {"status": words.of("issue_status", issue.status)}


def _show(words: Words, cycle: Cycle, issue: Issue, *, as_data: bool) -> None:
    if as_data:
        return as_json(of_issue(cycle, issue))
    facts = {
        **_row(words, issue, plain=False),
        "round": issue.round,
        "sent_back": issue.returned,
    }
    rows = [{"what": words.of("column", key), "value": value} for key, value in facts.items()]
    rows += [
        {"what": words.of("column", "missing"), "value": r.sentence(words.lang)}
        for r in missing(cycle, issue)
    ]
    rows += [
        {"what": words.of("column", "held"), "value": f"{against.plugin}: {against.code}"}
        for against in issue.held
    ]
    console().print(table(words, f"{cycle.id} · {issue.number}", ("what", "value"), rows))
    return None
