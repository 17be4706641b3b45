"""``taizhang policy``: list, show, check, day, explain-date, calendar."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Annotated, Any

import typer

from engine.cli.answers import answered, leave
from engine.cli.options import LangOption, OutputOption
from engine.cli.parts import REFUSED, Parts, Stopped
from engine.cli.show import as_json, console, echo, listed, table
from engine.cli.words import Words
from engine.policy.almanac import CalendarError, seeded
from engine.policy.calendar import Computed, pinnable, rolled, working_days_after
from engine.policy.pack import PackError, Policy, load_pack, shipped
from engine.policy.rules import MOST_DAYS, Roll

PACK_COLUMNS = ("pack", "version", "title", "digest")
RULE_COLUMNS: dict[str, tuple[str, ...]] = {
    "lights": (
        "number", "colour", "when", "days", "slip", "to", "instrument", "points", "repeat",
    ),
    "ladder": ("number", "days", "to", "instrument"),
}  # fmt: skip
WORDED = ("colour", "when", "instrument")
WORKDAYS_A_YEAR = 240

PackArgument = Annotated[str, typer.Argument(help="规则包名或文件 | pack or .toml file")]
PackOption = Annotated[str, typer.Option("--pack", help="规则包名或文件 | pack or file")]
DayArgument = Annotated[
    datetime, typer.Argument(formats=["%Y-%m-%d"], help="日期 | day, e.g. 2021-10-09")
]
FromOption = Annotated[
    datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="起算日 | day to count from")
]
CountOption = Annotated[
    int | None,
    typer.Option("--working-days", min=0, max=MOST_DAYS, help="工作日数 | working days"),
]
DaysOption = Annotated[
    int | None, typer.Option("--days", min=0, max=MOST_DAYS, help="自然日数 | calendar days")
]
RollOption = Annotated[
    bool, typer.Option("--roll", help="遇休息日顺延 | roll to the next working day")
]


def commands(_: Parts) -> typer.Typer:
    """Return the group of commands about policy packs."""
    app = typer.Typer(help="规则包 | policy packs", no_args_is_help=True)
    _reading(app)
    _dating(app)
    _calendar(app)
    return app


def _reading(app: typer.Typer) -> None:
    @app.command("list")
    def list_(output: OutputOption = "table", lang: LangOption = "zh") -> None:
        """列出自带的规则包 | List the shipped packs."""
        with answered(lang) as words:
            packs = [loaded(name) for name in shipped()]
            rows = [
                {"pack": p.pack, "version": p.version, "title": words.of("pack", p.pack),
                 "digest": p.digest if output == "json" else p.digest[:12]}
                for p in packs
            ]  # fmt: skip
            listed(output, words, words.say("title.packs"), PACK_COLUMNS, rows, key="pack")

    @app.command()
    def show(
        name: PackArgument, output: OutputOption = "table", lang: LangOption = "zh"
    ) -> None:
        """一个规则包的全部规则 | Show every rule of a pack."""
        with answered(lang) as words:
            policy = loaded(name)
            if output == "json":
                return as_json(policy.model_dump(mode="json"))
            if output == "ids":
                return echo(policy.digest)
            return show_policy(words, policy)

    @app.command()
    def check(file: PackArgument, lang: LangOption = "zh") -> None:
        """检查规则包 | Name every problem of a pack, a line each; changes nothing."""
        with answered(lang) as words:
            policy = loaded(file)
            facts = {"pack": policy.pack, "version": policy.version, "digest": policy.digest}
            echo(words.say("policy.checked", **facts))


def _calendar(app: typer.Typer) -> None:
    @app.command()
    def calendar(
        first: Annotated[int, typer.Argument(help="首年 | first year")],
        last: Annotated[int, typer.Argument(help="末年 | last year")],
        lang: LangOption = "zh",
    ) -> None:
        """工作日历,供 change_calendar 使用 | The public calendar, for change_calendar."""
        with answered(lang):
            try:
                as_json(seeded(first, last).model_dump(mode="json"))
            except CalendarError as wrong:
                raise Stopped(str(wrong)) from wrong


def _dating(app: typer.Typer) -> None:
    @app.command()
    def day(day: DayArgument, pack: PackOption = "default", lang: LangOption = "zh") -> None:
        """这一天上不上班 | Say whether a day is worked, and by which calendar."""
        with answered(lang) as words:
            policy = _pinned(pack, day.date(), day.date())
            found = rolled(day.date(), policy, roll="next_working_day", rule="day")
            phrase = "policy.rest" if found.skipped else "policy.worked"
            echo(words.say(phrase, start=day.date(), **_facts(words, found)))

    @app.command("explain-date")
    def explain_date(
        start: FromOption, working_days: CountOption = None, days: DaysOption = None,
        roll: RollOption = False, pack: PackOption = "default", output: OutputOption = "table",
        lang: LangOption = "zh",
    ) -> None:  # fmt: skip
        """一个期限如何算出 | Say how a date comes about, with every day skipped."""
        with answered(lang) as words:
            if (working_days is None) is (days is None):
                leave([words.say("policy.one_of")], REFUSED)
            found = _computed(pack, start.date(), working_days, days, roll=roll)
            if output == "json":
                return as_json(found.model_dump(mode="json"))
            if output == "ids":
                return echo(found.day)
            for line in explained(words, start.date(), found, days):
                echo(line)
            return None


def loaded(name: str, years: tuple[int, int] | None = None) -> Policy:
    """Return the policy of a pack or file.

    Raises:
        Stopped: it has problems, a line each.
    """
    try:
        return load_pack(name, years=years)
    except PackError as error:
        raise Stopped(*error.problems) from None


def _pinned(name: str, first: date, last: date) -> Policy:
    """Return the policy with the known years from ``first`` to a year past ``last``."""
    return loaded(name, pinnable(first.year, last.year + 1))


def _computed(
    name: str, start: date, working: int | None, days: int | None, *, roll: bool
) -> Computed:
    try:
        return _date(name, start, working, days, roll=roll)
    except OverflowError:
        raise Stopped("日期超出公元 9999 年 | the date lies past the year 9999") from None


def _date(
    name: str, start: date, working: int | None, days: int | None, *, roll: bool
) -> Computed:
    if working is not None:
        far = start + timedelta(days=365 * (working // WORKDAYS_A_YEAR))
        return working_days_after(start, working, _pinned(name, start, far), rule=name)
    end = start + timedelta(days=days or 0)
    how: Roll = "next_working_day" if roll else "none"
    return rolled(end, _pinned(name, end, end), roll=how, rule=name)


def explained(words: Words, start: date, found: Computed, days: int | None) -> Iterator[str]:
    """Yield the lines that say how ``found`` came about, counted from ``start``."""
    facts = _facts(words, found)
    if days is None:
        yield words.say("policy.counted", start=start, **facts)
    else:
        end = start + timedelta(days=days)
        phrase = "policy.rolled" if found.skipped else "policy.ended"
        yield words.say(phrase, start=start, days=days, end=end, **facts)
    if found.skipped:
        yield words.say("policy.skipped", count=len(found.skipped), days=spans(found.skipped))
    if "weekdays" in found.calendar:
        yield words.say("policy.weekdays")


def _facts(words: Words, found: Computed) -> dict[str, Any]:
    weekday = words.of("weekday", str(found.day.isoweekday()))
    return {
        "day": found.day, "weekday": weekday, "count": found.counted,
        "calendar": found.calendar,
    }  # fmt: skip


def spans(days: Sequence[date]) -> str:
    """Return days in a row joined: ``2021-10-01..2021-10-07, 2021-10-10``."""
    runs: list[list[date]] = []
    for day in days:
        if runs and day - runs[-1][-1] == timedelta(days=1):
            runs[-1].append(day)
        else:
            runs.append([day])
    return ", ".join(str(r[0]) if len(r) == 1 else f"{r[0]}..{r[-1]}" for r in runs)


def show_policy(words: Words, policy: Policy) -> None:
    """Print a policy: its keys, then its lights and its ladder as tables."""
    dumped = policy.model_dump(mode="json")
    keys = [
        {"key": key, "value": value} for key, value in _flat(dumped) if key not in RULE_COLUMNS
    ]
    screen = console()
    screen.print(table(words, f"{policy.pack} v{policy.version}", ("key", "value"), keys))
    for name, columns in RULE_COLUMNS.items():
        rows = [_worded(words, n, rule) for n, rule in enumerate(dumped[name], 1)]
        screen.print(table(words, words.say(f"title.{name}"), columns, rows))


def _flat(dumped: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in dumped.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def _worded(words: Words, number: int, rule: dict[str, Any]) -> dict[str, Any]:
    shown = {key: words.of(f"rule_{key}", rule[key]) for key in WORDED if key in rule}
    to = [words.of("rule_to", who) for who in rule["to"]]
    return {**rule, **shown, "to": to, "number": number}
