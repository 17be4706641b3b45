"""What the commands about opinions share: who may, texts from files, tables of bodies."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError

from engine.cli.cycles import found
from engine.cli.entering import act_in, look, one_denial, visible
from engine.cli.parts import Parts, Stopped
from engine.opinions.answers.batches import Issue
from engine.opinions.batch import Batch
from engine.opinions.refusals import BatchUnknown, NotTheCollector
from engine.people.door import Denied
from engine.policy.pack import load_pack
from engine.policy.roles import Role
from engine.policy.rules import Retained

COLLECTORS: tuple[Role, ...] = ("opinion_collector",)
EXPLAINERS: tuple[Role, ...] = ("opinion_collector", "branch_secretary", "committee_member")
STDIN = Path("-")
FIELDS = ("body", "kind", "links", "paper")

BatchArgument = Annotated[str, typer.Argument(help="批次 | batch")]
ACTS: Mapping[tuple[Role, ...], str] = {
    COLLECTORS: "collect_opinions",
    EXPLAINERS: "answer_channels",
}


def allowed(parts: Parts, cycle: str, by: str, roles: tuple[Role, ...] = COLLECTORS) -> None:
    """Refuse whoever does not handle opinions in ``cycle``.

    Raises:
        Refused: see ``act_in`` and ``one_denial``.
        NotTheCollector: the person has no such role there.
    """
    act_in(parts, ACTS[roles], cycle, by=by)
    person = found(parts, cycle).people.get(by)
    with one_denial(parts):
        if person is None or not person.holds(roles):
            raise NotTheCollector(by, cycle)


def cycle_of(parts: Parts, problem: str) -> str:
    """Return the cycle of a coded problem; see ``one_denial``."""
    with one_denial(parts):
        return parts.opinions().codings.problem(problem).cycle


def batch_for(parts: Parts, batch: str, by: str) -> Batch:
    """Return the batch, to somebody who handles opinions in its cycle; see ``allowed``."""
    asked = _batch(parts, batch)
    allowed(parts, asked.cycle, by)
    return asked


def looked_at(parts: Parts, batch: str) -> Batch:
    """Return the batch, to somebody who may see the counts of its cycle; see ``look``."""
    asked = _batch(parts, batch)
    look(parts, asked.cycle, ("read_counts",))
    return asked


def answer_for(parts: Parts, answer: str, by: str) -> None:
    """Let somebody who handles opinions in the cycle of ``answer`` go on; see ``allowed``."""
    with one_denial(parts):
        cycle = parts.opinions().coding.cycle_of(answer)
    allowed(parts, cycle, by)


def _batch(parts: Parts, batch: str) -> Batch:
    with one_denial(parts):
        return parts.opinions().batches.get(batch)


def visible_cycles(parts: Parts) -> Callable[[str], bool]:
    """Return what says of a cycle whether its counts may be seen; see ``visible``."""
    units = visible(parts, ("read_counts",))
    if parts.door() is None:
        return lambda _: True
    return {row.cycle for row in parts.readings().cycles() if units(row.unit)}.__contains__


def named(parts: Parts, batch: str, cycle: str) -> None:
    """Refuse the name of a batch of another cycle to somebody who may not see that one."""
    with suppress(BatchUnknown):
        taken = parts.opinions().batches.get(batch).cycle
        if taken != cycle and not visible_cycles(parts)(taken):
            raise Denied


def kept_days(parts: Parts, cycle: str) -> int:
    """Return how many days the originals of ``cycle`` are kept once a batch is closed."""
    pinned = found(parts, cycle).pinned_policy.retention or load_pack().retention
    return (pinned or Retained()).raw_forms_days


def text_in(file: Path) -> str:
    """Return the text of a file or of stdin, without the line end that closes it.

    Raises:
        Stopped: it is not there, or not UTF-8.
    """
    try:
        raw = sys.stdin.buffer.read() if file == STDIN else file.read_bytes()
        return raw.decode("utf-8").removesuffix("\n").removesuffix("\r")
    except UnicodeDecodeError as error:
        at = error.start + 1
        raise Stopped(
            f"{file} 第 {at} 字节不是 UTF-8 | {file}: byte {at} is not UTF-8"
        ) from None
    except OSError:
        raise Stopped(f"读不到 {file} | cannot read {file}") from None


def issues_in(
    table: Path | None, body: str | None, kind: str, links: int, paper: int
) -> list[Issue]:
    """Return the forms to issue, from a table or from the options.

    Raises:
        Stopped: every row of the table that does not fit, by its line.
    """
    rows: list[dict[str, Any]] = []
    if table is not None:
        reader = csv.DictReader(io.StringIO(text_in(table).removeprefix("\ufeff")))
        if set(reader.fieldnames or ()) - set(FIELDS) or "body" not in (
            reader.fieldnames or ()
        ):
            raise Stopped(
                "表头须为 body,kind,links,paper | the header is body,kind,links,paper"
            )
        rows = [dict(row) for row in reader]
    if body is not None:
        rows.append({"body": body, "kind": kind, "links": links, "paper": paper})
    wrong, issues = [], []
    for line, row in enumerate(rows, 2):
        try:
            issues.append(Issue.model_validate({k: v for k, v in row.items() if v}))
        except ValidationError as error:
            wrong += list(_told(line, error))
    if wrong:
        raise Stopped(*wrong)
    return issues


def _told(line: int, error: ValidationError) -> Iterator[str]:
    for found_ in error.errors(include_input=False, include_url=False):
        name = found_["loc"][0] if found_["loc"] and found_["loc"][0] in FIELDS else "?"
        what = "应为编号" if name in ("body", "kind") else "应为不小于 0 的整数"
        en = "an id" if name in ("body", "kind") else "a whole number, 0 or more"
        yield f"第 {line} 行 {name} {what} | line {line}: {name} is {en}"
