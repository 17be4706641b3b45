"""``taizhang report``: the situation report of a cycle, or several cycles together."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias

import typer
from pydantic import ValidationError

from engine.cli.accounts import (
    PurposeOption,
    Reading,
    list_sections,
    opener,
    say_position,
)
from engine.cli.answers import answered, leave
from engine.cli.entering import holder, one_denial, oneself
from engine.cli.exports import ExportBy, save as exported, show_exported, unsealed
from engine.cli.figures import figures, named, stated
from engine.cli.moments import AsOfOption, moment_of, stood
from engine.cli.options import LangOption
from engine.cli.parts import REFUSED, Parts, Stopped
from engine.cli.printed import Section, markdown, on_screen
from engine.cli.show import as_json, echo
from engine.cli.words import Words
from engine.plan.prescribed import title
from engine.plan.steps import PlannedStep
from engine.policy.calendar import local_day
from engine.reading.exports import marked_json
from engine.reading.seats import seats
from engine.record import Record
from engine.views.compare import differences
from engine.views.naming import shown, unnamed
from engine.views.past import AsOf, NoSuchMomentError, Past
from engine.views.report import SituationReport, report_of
from engine.views.statistics import RollUp, rolled_up

Form: TypeAlias = Literal["table", "json", "markdown"]

CycleOption = Annotated[str | None, typer.Argument(help="周期 | cycle id")]
AllOption = Annotated[bool, typer.Option("--all", help="所有周期合计 | all cycles together")]
UnitsOption = Annotated[
    str | None, typer.Option("--units", help="单位前缀 | units whose id begins so")
]
ReaderOption = Annotated[
    str | None,
    typer.Option(
        "--reader",
        help="以此人名义读取正文;汇总则按此人所在单位显示 | "
        "read the texts as this person, or see a roll-up as from where this person stands",
    ),
]
FormOption = Annotated[Form, typer.Option("--output", "-o", help="输出形式 | form")]
SaveOption = Annotated[
    Path | None, typer.Option("--save", help="存为 JSON | save as JSON, without texts")
]
CompareOption = Annotated[
    Path | None,
    typer.Option("--compare", help="与存档核对 | compute a saved report again and compare"),
]


def register(app: typer.Typer, parts: Parts) -> None:
    """Add the report."""

    @app.command()
    def report(
        cycle: CycleOption = None, every: AllOption = False, units: UnitsOption = None,
        as_of: AsOfOption = None, output: FormOption = "table", save: SaveOption = None,
        compare: CompareOption = None, reader: ReaderOption = None,
        purpose: PurposeOption = "report", by: ExportBy = None, lang: LangOption = "zh",
    ) -> None:  # fmt: skip
        """情况报告 | The situation report of a cycle, or of several cycles together."""
        chosen = (cycle is not None) + every + (units is not None)
        if chosen != 1:
            raise typer.BadParameter("CYCLE / --all / --units")
        if cycle is None and compare:
            raise typer.BadParameter("CYCLE --compare")
        moment = moment_of(as_of)
        with answered(lang) as words:
            leaving = Leaving(parts, words, by, save, cycle)
            if cycle is None:
                together = _together(parts, units or "", moment, reader)
                leaving.keep(together)
                return _show_together(words, together, output, leaving)
            unsealed(reader, leaves=bool(save) or output == "markdown")
            if compare:
                return _compare(words, parts, cycle, compare, moment)
            single = report_of(stood(parts, cycle, moment))
            leaving.keep(single)
            reading = opener(words, parts, reader, purpose) if reader else None
            return _show(words, single, output, reading, leaving)


def _together(parts: Parts, units: str, as_of: AsOf, reader: str | None) -> RollUp:
    """Return the roll-up as ``reader`` may see it; all of it where no units are on record.

    Where tokens are asked for, the reader is the holder, named or not.
    """
    if reader is not None:
        oneself(parts, reader, "read")
    reader = reader or holder(parts, "read")
    people = parts.people()
    tree = {unit.id: unit.parent for unit in people.organisation.units().values()}
    if not tree and parts.door() is None:
        return rolled_up(_pasts(parts, units, as_of), units=units)
    if reader is None:
        return unnamed(rolled_up(_pasts(parts, "", as_of)), tree, units=units)
    today = local_day(parts.clock())
    with one_denial(parts):
        placed = seats(people.organisation, people.delegations, reader, on=today)
    whole = rolled_up(_pasts(parts, "", as_of))
    return shown(whole, tree, placed, reader=reader, units=units)


def _pasts(parts: Parts, units: str, as_of: AsOf) -> tuple[Past, ...]:
    try:
        return parts.readings().pasts(units, as_of, wall=parts.clock())
    except NoSuchMomentError as error:
        raise Stopped(str(error)) from None


@dataclass(frozen=True, slots=True)
class Leaving:
    """How a report leaves: by whom, into which file; no text that is sealed goes with it."""

    parts: Parts
    words: Words
    by: str | None
    file: Path | None
    cycle: str | None

    def keep(self, report: Record) -> None:
        """Save the report as JSON when a file was asked for."""
        if self.file is None:
            return
        exported(
            self.parts, self.file, lambda mark: marked_json(mark, "report", report),
            form="report", by=self.by, cycle=self.cycle,
        )  # fmt: skip
        echo(self.words.say("done.saved", file=self.file), err=True)

    def print(self, text: str) -> None:
        """Print Markdown with its mark: it is made for paper."""
        show_exported(
            self.parts, lambda mark: (f"{text}\n---\n\n{mark.line()}\n",),
            form="report", by=self.by, cycle=self.cycle,
        )  # fmt: skip


def _compare(words: Words, parts: Parts, cycle: str, file: Path, as_of: AsOf) -> None:
    """Compute the saved report again, as of its own position and day unless told otherwise."""
    saved = _saved(file)
    if as_of == AsOf():
        as_of = AsOf(position=saved.position, day=saved.day)
    again = report_of(stood(parts, cycle, as_of))
    found = list(differences(saved.model_dump(mode="json"), again.model_dump(mode="json")))
    if found:
        leave([words.say("done.other", **d.model_dump()) for d in found], REFUSED)
    echo(words.say("done.equal", file=file, position=again.position, day=again.day))


def _saved(file: Path) -> SituationReport:
    try:
        saved = json.loads(file.read_text("utf-8"))
        inner = saved.get("report", saved) if isinstance(saved, dict) else saved
        return SituationReport.model_validate_json(json.dumps(inner))
    except (OSError, UnicodeDecodeError):
        raise Stopped(f"读不到 {file} | cannot read {file}") from None
    except json.JSONDecodeError:
        raise Stopped(f"{file} 不是情况报告 | {file} is no situation report") from None
    except ValidationError as wrong:
        first = wrong.errors(include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise Stopped(
            f"{file} 不是情况报告:{where} | {file} is no situation report: {where}"
        ) from None


def _show(
    words: Words, report: SituationReport, form: Form, reading: Reading | None,
    leaving: Leaving,
) -> None:  # fmt: skip
    if form == "json":
        return as_json(report.model_dump(mode="json"))
    sections = _sections(words, report, reading)
    if form == "markdown":
        title_ = words.say("title.report", of=report.cycle)
        return leaving.print(markdown(words, title_, sections))
    on_screen(words, sections)
    return say_position(words, report)


def _show_together(words: Words, report: RollUp, form: Form, leaving: Leaving) -> None:
    if form == "json":
        return as_json(report.model_dump(mode="json"))
    sections = (*named(words, report), *figures(words, report.total, report.rates))
    title_ = words.say("title.together")
    if report.reader:
        title_ = words.say("title.together_for", reader=report.reader)
    if form == "markdown":
        return leaving.print(markdown(words, title_, sections))
    echo(title_)
    on_screen(words, sections)
    return echo(words.say("done.position", position=report.position))


def _sections(
    words: Words, report: SituationReport, reading: Reading | None
) -> Iterator[Section]:
    yield _facts(words, report)
    yield Section(
        title=words.say("title.preparation"), columns=("step", "done", "lacking"),
        rows=[
            {**row, "step": title(PlannedStep(id=row["step"], phase="before"), words.lang)}
            for row in _dumped(report.preparation)
        ],
    )  # fmt: skip
    yield Section(
        title=words.say("title.attendance"),
        columns=("meeting", "due_present", "present", "leave"),
        rows=[{**row, "due_present": row["due"]} for row in _dumped(report.meetings)],
    )  # fmt: skip
    yield from figures(words, report.tally, report.rates)
    yield Section(
        title=words.say("title.votes"),
        columns=("motion", "yes", "no", "abstain", "entitled", "outcome"),
        rows=[
            {**row, "entitled": row["due"], "outcome": words.of("outcome", row["outcome"])}
            for row in _dumped(report.votes)
        ],
    )
    yield _open_matters(words, report)
    yield from list_sections(words, report.annexes, reading)


def _facts(words: Words, report: SituationReport) -> Section:
    guests = report.guests
    facts = {
        **stated(report), "status": words.of("status", report.status),
        "rehearsal": report.rehearsal, "meeting_on": report.meeting_on,
        "report_due": report.report_due,
        "guests": f"{guests.spoke} / {guests.invited} · {guests.full_session}",
    }  # fmt: skip
    rows = [{"what": words.of("column", key), "value": value} for key, value in facts.items()]
    return Section(
        title=words.say("title.report", of=report.cycle), columns=("what", "value"), rows=rows
    )


def _open_matters(words: Words, report: SituationReport) -> Section:
    rows = [
        {
            **row, "standing": words.of("standing", row["standing"]),
            "status": words.of("issue_status", row["status"]),
        }
        for row in _dumped(report.open_matters)
    ]  # fmt: skip
    columns = ("issue", "standing", "status", "owner", "due")
    return Section(title=words.say("title.open_matters"), columns=columns, rows=rows)


def _dumped(rows: tuple[Record, ...]) -> list[dict[str, Any]]:
    return [row.model_dump(mode="json") for row in rows]
