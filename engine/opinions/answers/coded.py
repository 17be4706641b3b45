"""Opinions as coded, the problems they became, and the cells that may be shown."""

from __future__ import annotations

import json
import secrets
from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any, Literal, TypeAlias

import sqlalchemy as sa
from pydantic import Field

from engine.ledger.database import exclusive
from engine.opinions.answers.batches import batch_of, moved
from engine.opinions.answers.tables import ANSWER, BATCH, CELL, CODED, PROBLEM, WRITE_LOCK
from engine.opinions.blocks import Cell, Heard
from engine.opinions.refusals import (
    AnswerEmpty,
    AnswerUnknown,
    BatchNotCoded,
    BatchNotInCoding,
    MergedWithItself,
    ProblemSettled,
    ProblemUnknown,
)
from engine.record import Content, Id, Record

Settled: TypeAlias = Literal["merged", "explained", "out_of_remit"]


class Problem(Record):
    """What opinions say, in other words: ``sources`` counts them by channel.

    Sources of problems merged into it are among them. A problem knows no body, and
    ``reply`` is what the channels are told. ``overruled`` counts the words of its texts
    that look like names and were said to be none. It is ``raising`` on its way to being an
    ``issue`` of the cycle, and then ``raised``.
    """

    id: str
    cycle: Id
    aspect: Id
    heading: Content
    state: Literal["open", "raising", "raised"] | Settled
    merged_into: str | None = None
    reply: Content | None = None
    overruled: int = 0
    issue: int | None = None
    sources: dict[str, int] = Field(default_factory=dict)


class Codings:
    """Keeps opinions and problems."""

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine

    def code(
        self, answer: str, *, aspect: str, paraphrase: str, problem: str | None,
        overruled: int = 0,
    ) -> str:  # fmt: skip
        """Return the problem an opinion in ``answer`` was coded into; new when None.

        Raises:
            AnswerUnknown, AnswerEmpty, BatchNotInCoding, ProblemUnknown, ProblemSettled.
        """
        with exclusive(self.engine, WRITE_LOCK) as connection:
            batch, cycle = self._coding(connection, answer)
            if problem is None:
                problem = secrets.token_hex(16)
                row = {"id": problem, "cycle": cycle, "aspect": aspect,
                    "heading": paraphrase, "state": "open", "overruled": 0}  # fmt: skip
                connection.execute(sa.insert(PROBLEM).values(row))
            elif _open(connection, problem).cycle != cycle:
                raise ProblemUnknown(problem)
            coded = {"id": secrets.token_hex(16), "batch": batch, "answer": answer,
                "aspect": aspect, "paraphrase": paraphrase, "problem": problem}  # fmt: skip
            connection.execute(sa.insert(CODED).values(coded))
            _change(connection, problem, overruled=PROBLEM.c.overruled + overruled)
            _stand(connection, answer, "valid")
        return problem

    def spoil(self, answer: str) -> None:
        """Record that a form cannot be counted; it holds no opinion yet.

        Raises:
            AnswerUnknown, AnswerEmpty, BatchNotInCoding.
        """
        with exclusive(self.engine, WRITE_LOCK) as connection:
            self._coding(connection, answer)
            coded = sa.select(CODED.c.id).where(CODED.c.answer == answer)
            if connection.execute(coded).first():
                raise AnswerEmpty(answer)
            _stand(connection, answer, "spoiled")

    def settle(
        self, problem: str, to: Settled, *, into: str | None = None, reply: str | None = None,
        overruled: int = 0,
    ) -> None:  # fmt: skip
        """Record what became of a problem.

        Raises:
            ProblemUnknown, ProblemSettled, MergedWithItself.
        """
        if problem == into:
            raise MergedWithItself(problem)
        with exclusive(self.engine, WRITE_LOCK) as connection:
            found = _open(connection, problem)
            if into is not None and _open(connection, into).cycle != found.cycle:
                raise ProblemUnknown(into)
            _change(
                connection, problem, state=to, merged_into=into, reply=reply,
                overruled=PROBLEM.c.overruled + overruled,
            )  # fmt: skip

    def raising(self, problem: str) -> Problem:
        """Return a problem, from now on on its way to an issue; what it was is returned.

        Nobody settles it meanwhile. Again changes nothing, nor once it is raised.

        Raises:
            ProblemUnknown: there is none of that id.
            ProblemSettled: it was merged, explained or ruled out of remit.
        """
        with exclusive(self.engine, WRITE_LOCK) as connection:
            found = _problem(connection, problem)
            if found.state not in ("raising", "raised"):
                _open(connection, problem)
                _change(connection, problem, state="raising")
        return found

    def raised(self, problem: str, issue: int) -> None:
        """Note which issue a problem became."""
        self._arrived(problem, ("open", "raising"), state="raised", issue=issue)

    def not_raised(self, problem: str) -> None:
        """Open a problem again that the cycle did not take."""
        self._arrived(problem, ("raising",), state="open")

    def _arrived(self, problem: str, states: tuple[str, ...], **values: Any) -> None:
        with exclusive(self.engine, WRITE_LOCK) as connection:
            if _problem(connection, problem).state in states:
                _change(connection, problem, **values)

    def problem(self, problem: str) -> Problem:
        """Return a problem as it stands, without its sources.

        Raises:
            ProblemUnknown: there is none of that id.
        """
        with self.engine.connect() as connection:
            return _problem(connection, problem)

    def with_sources(self, problem: str) -> Problem:
        """Return a problem as it stands, with the sources it has taken over.

        Raises:
            ProblemUnknown: there is none of that id.
        """
        cycle = self.problem(problem).cycle
        return next(found for found in self.problems(cycle) if found.id == problem)

    def problems(self, cycle: str, *, closed: bool = False) -> tuple[Problem, ...]:
        """Return every problem of a cycle by id, each with the sources it has taken over.

        With ``closed`` only sources of batches that are closed count.
        """
        listed = sa.select(PROBLEM).where(PROBLEM.c.cycle == cycle).order_by(PROBLEM.c.id)
        heard = sa.select(CODED.c.problem, BATCH.c.channel).join(
            BATCH, BATCH.c.id == CODED.c.batch
        )
        if closed:
            heard = heard.where(BATCH.c.state == "closed")
        with self.engine.connect() as connection:
            found = {r.id: dict(r._mapping) for r in connection.execute(listed)}
            sources = {name: Counter[str]() for name in found}
            for origin, channel in connection.execute(heard.where(BATCH.c.cycle == cycle)):
                for name in _line(found, origin):
                    sources[name][channel] += 1
        return tuple(
            Problem.model_validate({**row, "sources": dict(sources[name])})
            for name, row in found.items()
        )

    def told(self, cycle: str) -> frozenset[str]:
        """Return the problems whose aspect is in the results of a batch they came through."""
        shown = sa.select(CODED.c.problem, CELL.c.aspect).join(
            CELL, CELL.c.batch == CODED.c.batch
        )
        found = {each.id: each.model_dump() for each in self.problems(cycle)}
        with self.engine.connect() as connection:
            rows = [r for r in connection.execute(shown.distinct()) if r.problem in found]
        return frozenset(
            name
            for origin, aspect in rows
            for name in _line(found, origin)
            if found[name]["aspect"] == aspect
        )

    def opinions(self, batch: str) -> int:
        """Return how many opinions were coded."""
        query = sa.select(sa.func.count()).where(CODED.c.batch == batch)
        with self.engine.connect() as connection:
            return connection.scalar(query) or 0

    def close(self, batch: str, cells: Iterable[Cell], *, today: date) -> None:
        """Close a batch that is coded, and fix the only results that are ever shown.

        Raises:
            BatchNotInCoding, BatchNotCoded.
        """
        with exclusive(self.engine, WRITE_LOCK) as connection:
            found = batch_of(connection, batch)
            if found.state != "coding":
                raise BatchNotInCoding(batch, found.state)
            waiting = sa.select(sa.func.count()).where(
                ANSWER.c.batch == batch, ANSWER.c.standing == "uncoded"
            )
            if uncoded := connection.scalar(waiting):
                raise BatchNotCoded(batch, uncoded)
            for number, cell in enumerate(cells):
                bodies = json.dumps(sorted(cell.bodies))
                row = {"batch": batch, "aspect": cell.aspect, "number": number,
                    "bodies": bodies, "answers": cell.answers}  # fmt: skip
                connection.execute(sa.insert(CELL).values(row))
            moved(connection, batch, "closed", closed_on=today)

    def cells(self, batch: str) -> tuple[Cell, ...]:
        """Return the results that were fixed when the batch was closed."""
        query = sa.select(CELL).where(CELL.c.batch == batch).order_by(CELL.c.number)
        with self.engine.connect() as connection:
            return tuple(
                Cell(row.aspect, frozenset(json.loads(row.bodies)), row.answers)
                for row in connection.execute(query)
            )

    def heard(self, batch: str) -> tuple[Heard, ...]:
        """Return the valid answers of each body by the aspects they raise."""
        raised = sa.select(CODED.c.answer, CODED.c.aspect).where(CODED.c.batch == batch)
        valid = sa.select(ANSWER.c.id, ANSWER.c.body).where(
            ANSWER.c.batch == batch, ANSWER.c.standing == "valid"
        )
        with self.engine.connect() as connection:
            asked = batch_of(connection, batch)
            aspects: dict[str, set[str]] = {}
            for answer, aspect in connection.execute(raised):
                aspects.setdefault(answer, set()).add(aspect)
            said: dict[str, list[frozenset[str]]] = {b.body: [] for b in asked.bodies}
            for answer, body in connection.execute(valid):
                said[body].append(frozenset(aspects[answer]))
        return tuple(
            Heard(frozenset({b.body}), frozenset({b.kind}), tuple(said[b.body]))
            for b in asked.bodies
        )

    def _coding(self, connection: sa.Connection, answer: str) -> tuple[str, str]:
        """Return batch and cycle of an answer that may be coded now."""
        query = sa.select(ANSWER.c.batch, ANSWER.c.standing).where(ANSWER.c.id == answer)
        row = connection.execute(query).first()
        if row is None:
            raise AnswerUnknown(answer)
        batch = batch_of(connection, row.batch)
        if batch.state != "coding":
            raise BatchNotInCoding(batch.id, batch.state)
        if row.standing in ("blank", "spoiled"):
            raise AnswerEmpty(answer)
        return batch.id, batch.cycle


def _stand(connection: sa.Connection, answer: str, standing: str) -> None:
    connection.execute(sa.update(ANSWER).where(ANSWER.c.id == answer).values(standing=standing))


def _problem(connection: sa.Connection, problem: str) -> Problem:
    row = connection.execute(sa.select(PROBLEM).where(PROBLEM.c.id == problem)).first()
    if row is None:
        raise ProblemUnknown(problem)
    return Problem.model_validate(row._mapping)


def _change(connection: sa.Connection, problem: str, **values: Any) -> None:
    connection.execute(sa.update(PROBLEM).where(PROBLEM.c.id == problem).values(values))


def _open(connection: sa.Connection, problem: str) -> Problem:
    found = _problem(connection, problem)
    if found.state != "open":
        raise ProblemSettled(problem, found.state)
    return found


def _line(found: dict[str, dict[str, object]], origin: str) -> Iterable[str]:
    """Yield a problem and those it was merged into, one after the other."""
    at: object = origin
    while isinstance(at, str):
        yield at
        at = found[at]["merged_into"]
