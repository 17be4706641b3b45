"""The command line as a whole."""

from __future__ import annotations

import sys

import typer

from engine.cli import (
    appeals,
    books,
    campaigns,
    codec,
    cycles,
    demo,
    exports,
    guests,
    issues,
    keys,
    notices,
    opinions,
    people,
    plans,
    plugins,
    policies,
    reports,
    retention,
    runs,
    stack,
    vault,
)
from engine.cli.parts import DONE, USAGE, Parts
from engine.cli.show import echo

HELP = "台账:会议周期从研判到销号 | Taizhang: meeting cycles, from judgement to sign-off"


def build(parts: Parts) -> int:
    """Build the command line over ``parts``, run it, and return its exit code."""
    if broken := [word for word in sys.argv[1:] if not _readable(word)]:
        shown = ", ".join(repr(word) for word in broken)
        echo(f"参数不是 UTF-8 | arguments are not UTF-8: {shown}", err=True)
        return USAGE
    try:
        application(parts)(prog_name="taizhang")
    except SystemExit as left:
        return left.code if isinstance(left.code, int) else DONE
    return DONE


def _readable(word: str) -> bool:
    """Return whether ``word`` came in as UTF-8; other bytes arrive as lone surrogates."""
    try:
        word.encode()
    except UnicodeEncodeError:
        return False
    return True


def application(parts: Parts) -> typer.Typer:
    """Return the command line over ``parts``; nothing is started or opened yet."""
    app = typer.Typer(
        help=HELP, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False
    )
    stack.register(app, parts)
    demo.register(app, parts)
    reports.register(app, parts)
    codec.register(app, parts)
    app.add_typer(cycles.commands(parts), name="cycle")
    app.add_typer(campaigns.commands(parts), name="campaign")
    app.add_typer(guests.commands(parts), name="guests")
    app.add_typer(issues.commands(parts), name="issue")
    app.add_typer(appeals.commands(parts), name="appeal")
    app.add_typer(keys.commands(parts), name="keys")
    app.add_typer(books.commands(parts), name="ledger")
    app.add_typer(exports.commands(parts), name="exports")
    app.add_typer(notices.commands(parts), name="notices")
    app.add_typer(people.commands(parts), name="people")
    app.add_typer(opinions.commands(parts), name="opinions")
    app.add_typer(plans.plan_commands(parts), name="plan")
    app.add_typer(plugins.commands(parts), name="plugins")
    app.add_typer(policies.commands(parts), name="policy")
    app.add_typer(plans.scenario_commands(parts), name="scenario")
    app.add_typer(retention.commands(parts), name="retention")
    app.add_typer(runs.commands(parts), name="run")
    app.add_typer(vault.commands(parts), name="vault")
    return app
