"""``taizhang people``: who belongs where, who stands in, who leaves, who signs in."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from engine.cli import credentials, keeping, sign_in
from engine.cli.answers import answered
from engine.cli.entering import one_denial, oneself, visible
from engine.cli.keeping import PEOPLE, about, in_charge, manage, noted_of, untold
from engine.cli.options import LangOption, OutputOption
from engine.cli.parts import Parts, Stopped
from engine.cli.people_options import ByOption, PersonArgument, roles_named
from engine.cli.show import as_json, echo, listed
from engine.cli.words import Words
from engine.people.door import Denied
from engine.people.importing import Imported, take
from engine.people.refusals import NoSuchPerson, NoSuchUnit
from engine.people.roles import WORD
from engine.people.units import KIND
from engine.policy.calendar import local_day
from engine.refusal import refuse

MEMBERS = ("unit", "person", "role", "first", "last")
UNITS = ("unit", "level", "name", "parent")
LENT = ("id", "giver", "delegate", "unit", "roles", "first", "last", "returned_at")
RECORDED = ("at", "by", "act", "about", "detail")
PENDING = ("issue", "person", "successor")

UnitFilter = Annotated[str | None, typer.Option("--unit", help="单位编号 | unit id")]
UnitOption = Annotated[str, typer.Option("--unit", help="单位编号 | unit id")]
DayOption = Annotated[
    datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="某日 | as of a day")
]
DryRunOption = Annotated[
    bool, typer.Option("--dry-run", help="只核对,不写入 | check only, write nothing")
]
SheetArgument = Annotated[Path, typer.Argument(help="机构表 | CSV of the units")]
PeopleArgument = Annotated[
    Path | None, typer.Argument(help="人员表 | CSV of persons and memberships")
]


def commands(parts: Parts) -> typer.Typer:
    """Return the group of commands about people."""
    app = typer.Typer(
        help="人员:机构、任职、委托、离任、账号 | units, members, accounts",
        no_args_is_help=True,
    )
    _reading(app, parts)
    _importing(app, parts)
    _lending(app, parts)
    _leaving(app, parts)
    sign_in.register(app, parts)
    credentials.register(app, parts)
    return app


def _reading(app: typer.Typer, parts: Parts) -> None:
    @app.command("list")
    def list_(
        unit: UnitFilter = None, on: DayOption = None,
        units: Annotated[bool, typer.Option("--units", help="列出机构 | the units")] = False,
        output: OutputOption = "table", lang: LangOption = "zh",
    ) -> None:  # fmt: skip
        """人员一览 | List who is in which unit, today or as of a day; no names."""
        with answered(lang) as words:
            seen = visible(parts, PEOPLE)
            if units:
                rows = _unit_rows(parts, words, plain=output != "table")
                rows = [row for row in rows if seen(row["unit"])]
                listed(output, words, words.say("title.units"), UNITS, rows, key="unit")
                return
            day = on.date() if on else local_day(parts.clock())
            organisation = parts.people().organisation
            if unit is not None and not seen(unit):
                raise Denied
            if unit is not None and unit not in organisation.units():
                raise NoSuchUnit(unit)
            found = [m for m in organisation.memberships(unit=unit, on=day) if seen(m.unit)]
            rows = [m.model_dump(mode="json") for m in found]
            if output == "table":
                rows = [{**row, "role": _role(words, row["role"])} for row in rows]
            title = words.say("title.people", day=day)
            listed(output, words, title, MEMBERS, rows, key="person")

    @app.command()
    def show(
        person: PersonArgument,
        purpose: Annotated[
            str | None, typer.Option("--purpose", help="查看姓名的目的 | to read the name")
        ] = None,
        by: Annotated[str | None, typer.Option("--by", help="查阅人 | reader")] = None,
        output: OutputOption = "table", lang: LangOption = "zh",
    ) -> None:  # fmt: skip
        """一个人的任职、委托与记录 | Show a person; the name only for a purpose, on record."""
        with answered(lang) as words:
            about(parts, person, PEOPLE)
            told = _told(parts, person, by=by, purpose=purpose)
            if output == "table":
                _print(words, told)
            else:
                as_json(told)


def _unit_rows(parts: Parts, words: Words, *, plain: bool) -> list[dict[str, Any]]:
    units = parts.people().organisation.units().values()
    return [
        {
            "unit": u.id, "name": u.name, "parent": u.parent,
            "level": u.kind if plain or words.lang == "en" else KIND[u.kind],
        }
        for u in units
    ]  # fmt: skip


def _told(parts: Parts, person: str, *, by: str | None, purpose: str | None) -> dict[str, Any]:
    people = parts.people()
    held = people.organisation.person(person)
    if held is None:
        raise NoSuchPerson(person)
    told: dict[str, Any] = {
        "person": person,
        "memberships": people.organisation.memberships(person=person),
        "delegations": people.delegations.of(person),
        "pending": [
            {"issue": duty.key, "person": was, "successor": now}
            for duty, was, now in people.departures.pending()
            if person in (was, now)
        ],
        "recorded": noted_of(parts, person),
    }
    dumped = {
        key: [v if isinstance(v, dict) else v.model_dump(mode="json") for v in value]
        if key != "person"
        else value
        for key, value in told.items()
    }
    if purpose is not None:
        if by is None:
            raise Stopped("查看姓名须写明 --by | say who reads it: --by")
        oneself(parts, by, "read")
        with one_denial(parts):
            dumped["name"] = parts.reading().door.read(held.name, reader=by, purpose=purpose)
    return dumped


def _print(words: Words, told: dict[str, Any]) -> None:
    if "name" in told:
        echo(f"{told['person']} {told['name']}")
    for key, columns in (
        ("memberships", MEMBERS), ("delegations", LENT), ("pending", PENDING),
        ("recorded", RECORDED),
    ):  # fmt: skip
        if rows := told[key]:
            shown = [_readable(words, row) for row in rows]
            listed("table", words, words.say(f"title.{key}"), columns, shown, key=columns[0])


def _readable(words: Words, row: dict[str, Any]) -> dict[str, Any]:
    read = {**row}
    if "role" in row:
        read["role"] = _role(words, row["role"])
    if "roles" in row:
        read["roles"] = [_role(words, role) for role in row["roles"]]
    if "act" in row:
        read["act"] = words.of("people_act", row["act"])
    if "detail" in row:
        said = {k: ",".join(map(str, v)) if isinstance(v, list) else v
            for k, v in row["detail"].items()}  # fmt: skip
        read["detail"] = ", ".join(f"{k}={v}" for k, v in said.items() if v)
    return read


def _role(words: Words, role: str) -> str:
    return {str(id_): zh for id_, zh in WORD.items()}[role] if words.lang == "zh" else role


def _importing(app: typer.Typer, parts: Parts) -> None:
    @app.command("import")
    def import_(
        tree: SheetArgument, by: ByOption, people: PeopleArgument = None,
        dry_run: DryRunOption = False, lang: LangOption = "zh",
    ) -> None:  # fmt: skip
        """导入机构表与人员表 | Import the tree and the people, all of it or nothing."""
        with answered(lang) as words:
            organisation = parts.people().organisation
            done = take(
                organisation, parts.vault(), tree, people, by=by, dry_run=dry_run,
                allow=lambda units: manage(parts, "manage_people", units, by=by),
                checks=lambda: keeping.appointing(parts, by=by),
            )  # fmt: skip
            echo(_counted(words, done, dry_run=dry_run))


def _counted(words: Words, done: Imported, *, dry_run: bool) -> str:
    return words.say(
        "done.would_import" if dry_run else "done.imported",
        units=done.units, persons=done.persons, memberships=done.memberships,
        new=done.done.new, changed=done.done.changed, same=done.done.same,
    )  # fmt: skip


def _lending(app: typer.Typer, parts: Parts) -> None:
    @app.command()
    def delegate(
        giver: PersonArgument, delegate: PersonArgument, unit: UnitOption, by: ByOption,
        role: Annotated[list[str], typer.Option("--role", help="角色 | role, repeatable")],
        from_: Annotated[
            datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="起 | first day")
        ],
        to: Annotated[
            datetime, typer.Option("--to", formats=["%Y-%m-%d"], help="止 | last day")
        ],
        lang: LangOption = "zh",
    ) -> None:  # fmt: skip
        """外出期间委托他人 | Lend an office while away."""
        with answered(lang) as words:
            in_charge(parts, giver, unit, by=by)
            with untold(parts):
                lent, kept_back = parts.people().delegations.lend(
                    giver, delegate, unit, roles_named(role), first=from_.date(),
                    last=to.date(), by=by,
                )  # fmt: skip
            echo(words.say("done.lent", id=lent.id, first=lent.first, last=lent.last))
            if kept_back:
                echo(words.say("done.kept_back", acts=", ".join(sorted(kept_back))))

    @app.command("return")
    def return_(
        id_: Annotated[str, typer.Argument(metavar="ID", help="委托编号 | delegation id")],
        by: ByOption, lang: LangOption = "zh",
    ) -> None:  # fmt: skip
        """收回委托,即刻生效 | Take a delegation back, at once."""
        with answered(lang) as words:
            keeping.lent(parts, id_, by=by)
            with one_denial(parts):
                parts.people().delegations.end(id_, by=by)
            echo(words.say("done.returned", id=id_))


def _leaving(app: typer.Typer, parts: Parts) -> None:
    @app.command()
    def leave(
        person: PersonArgument, unit: UnitOption, by: ByOption,
        last: Annotated[
            datetime, typer.Option("--last", formats=["%Y-%m-%d"], help="末日 | last day")
        ],
        to: Annotated[str | None, typer.Option("--to", help="转入单位 | unit moved to")] = None,
        successor: Annotated[
            list[str] | None,
            typer.Option("--successor", metavar="CYCLE/ISSUE=ID", help="接续人 | successor"),
        ] = None,
        dry_run: DryRunOption = False, lang: LangOption = "zh",
    ) -> None:  # fmt: skip
        """离开单位,先移交 | Leave a unit once everything is handed over or named."""
        with answered(lang) as words:
            in_charge(parts, person, unit, by=by)
            asked: dict[str, Any] = {"last": last.date(), "by": by, "to": to}
            asked["successors"] = _successors(successor or [])
            if dry_run:
                _duties(parts, words, person, unit, to)
            with untold(parts):
                if dry_run:
                    refuse(parts.people().departures.against(person, unit, **asked))
                else:
                    _left(parts, words, person, unit, asked)


def _duties(parts: Parts, words: Words, person: str, unit: str, to: str | None) -> None:
    found = parts.people().departures.to_hand_over(person, unit, to=to)
    if not found:
        echo(words.say("done.nothing_to_hand_over", person=person))
    for duty in found:
        echo(f"{duty.key} {words.of('duty', duty.kind)}")


def _left(parts: Parts, words: Words, person: str, unit: str, asked: dict[str, Any]) -> None:
    left = parts.people().departures.leave(person, unit, **asked)
    echo(words.say("done.left", person=person, unit=unit, last=asked["last"]))
    if left.along:
        echo(words.say("done.along", issues=", ".join(left.along)))
    for key, who in left.named.items():
        cycle, _, issue = key.rpartition("/")
        echo(words.say("done.hand_over", cycle=cycle, issue=issue, successor=who))


def _successors(written: list[str]) -> dict[str, str]:
    found = {}
    for item in written:
        key, equals, who = item.partition("=")
        cycle, slash, number = key.rpartition("/")
        if not (equals and slash and cycle and who and number.isdecimal()):
            raise typer.BadParameter("写作 周期/问题号=人员 | written CYCLE/ISSUE=ID")
        found[key] = who
    return found
