"""Batches and the bodies they ask: opened, issued, drawn, and moved from state to state."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa

from engine.ledger.database import exclusive
from engine.opinions.answers.tables import BATCH, BODY, WRITE_LOCK
from engine.opinions.batch import MOST_FORMS, Batch, Body, Channel, Count, State
from engine.opinions.refusals import (
    BatchHasNoForms,
    BatchNotOpen,
    BatchTaken,
    BatchUnknown,
    BodyChanged,
    FormsIssued,
    NotABatchName,
    NothingToDraw,
    TooManyForms,
)
from engine.record import Id, Record
from engine.refusal import Refused, refuse

NAME = r"[a-z0-9][a-z0-9._-]{0,47}"
"""Shorter than other ids: a batch gives its name to subjects of the vault."""


class Issue(Record):
    """Forms for one body, by link and on paper; a body may be issued forms again."""

    body: Id
    kind: Id
    links: Count = 0
    paper: Count = 0


class Batches:
    """Keeps which bodies were asked and with how many forms."""

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine

    def open(self, batch: str, *, cycle: str, channel: Channel, k: int, today: date) -> Batch:
        """Return the batch, opened when it is new.

        Raises:
            NotABatchName: not 1 to 48 lower-case letters, digits, dots, dashes.
            BatchTaken: the name is used for another cycle or channel.
        """
        if not re.fullmatch(NAME, batch):
            raise NotABatchName
        with exclusive(self.engine, WRITE_LOCK) as connection:
            found = _found(connection, batch)
            if found is None:
                row = {"id": batch, "cycle": cycle, "channel": channel, "state": "open",
                    "k": k, "opened_on": today.isoformat()}  # fmt: skip
                connection.execute(sa.insert(BATCH).values(row))
            elif (found.cycle, found.channel) != (cycle, channel):
                raise BatchTaken(batch, found.cycle, found.channel)
            return batch_of(connection, batch)

    def issue(self, batch: str, issues: Sequence[Issue], *, more: bool = False) -> Batch:
        """Record forms issued to bodies, all of them or none.

        Doing it again adds nothing by mistake: whoever has forms gets others with ``more``.

        Raises:
            Refused: the batch is not open or has no forms; every body that does not fit.
        """
        with exclusive(self.engine, WRITE_LOCK) as connection:
            asked = open_batch(connection, batch)
            bodies = _issued(asked, issues, more)
            for body in bodies.values():
                _keep(connection, batch, body)
            return batch_of(connection, batch)

    def closed(self) -> tuple[Batch, ...]:
        """Return every batch that is coded and closed, by name."""
        query = sa.select(BATCH.c.id).where(BATCH.c.state == "closed").order_by(BATCH.c.id)
        with self.engine.connect() as connection:
            return tuple(batch_of(connection, name) for name in connection.scalars(query).all())

    def place(self, batch: str, body: str) -> None:
        """Make a site known that a channel without forms hears opinions at."""
        with exclusive(self.engine, WRITE_LOCK) as connection:
            asked = open_batch(connection, batch)
            if asked.channel != "form" and body not in {b.body for b in asked.bodies}:
                number = len(asked.bodies)
                _keep(connection, batch, Body(body=body, number=number, kind=asked.channel))

    def draw(self, batch: str) -> tuple[Batch, dict[str, int]]:
        """Return how many links each body has yet to be printed; they count as printed now.

        Raises:
            BatchNotOpen: no form is taken any more.
            NothingToDraw: every link was printed before.
        """
        with exclusive(self.engine, WRITE_LOCK) as connection:
            asked = open_batch(connection, batch)
            wanted = {b.body: b.links - b.drawn for b in asked.bodies if b.links > b.drawn}
            if not wanted:
                raise NothingToDraw(batch)
            every = sa.update(BODY).where(BODY.c.batch == batch)
            connection.execute(every.values(drawn=BODY.c.links))
        return asked, wanted

    def get(self, batch: str) -> Batch:
        """Return the batch.

        Raises:
            BatchUnknown: there is none of that name.
        """
        with self.engine.connect() as connection:
            return batch_of(connection, batch)

    def all(self, *, cycle: str | None = None) -> tuple[Batch, ...]:
        """Return every batch, or those of a cycle, by name."""
        query = sa.select(BATCH.c.id).order_by(BATCH.c.id)
        if cycle is not None:
            query = query.where(BATCH.c.cycle == cycle)
        with self.engine.connect() as connection:
            return tuple(batch_of(connection, name) for name in connection.scalars(query))


def open_batch(connection: sa.Connection, batch: str) -> Batch:
    """Return the batch as long as it is open.

    Raises:
        BatchUnknown, BatchNotOpen.
    """
    found = batch_of(connection, batch)
    if found.state != "open":
        raise BatchNotOpen(batch, found.issued)
    return found


def batch_of(connection: sa.Connection, batch: str) -> Batch:
    """Return the batch with its bodies, in the order they were first issued forms."""
    row = _found(connection, batch)
    if row is None:
        raise BatchUnknown(batch)
    query = sa.select(BODY).where(BODY.c.batch == batch).order_by(BODY.c.number)
    bodies = [dict(found._mapping) for found in connection.execute(query)]
    for body in bodies:
        del body["batch"]
    return Batch.model_validate({**row._mapping, "bodies": bodies})


def moved(connection: sa.Connection, batch: str, to: State, **days: date) -> None:
    """Record that the batch has come to the state ``to``, and the day it did."""
    values = {name: day.isoformat() for name, day in days.items()}
    connection.execute(sa.update(BATCH).where(BATCH.c.id == batch).values(state=to, **values))


def _found(connection: sa.Connection, batch: str) -> sa.Row[tuple[object, ...]] | None:
    return connection.execute(sa.select(BATCH).where(BATCH.c.id == batch)).first()


def _issued(asked: Batch, issues: Sequence[Issue], more: bool) -> dict[str, Body]:
    """Return the bodies with the forms added, or refuse with every reason."""
    if asked.channel != "form":
        raise BatchHasNoForms(asked.id, asked.channel)
    bodies = {body.body: body for body in asked.bodies}
    wrong: list[Refused] = []
    for issue in issues:
        new = Body(body=issue.body, number=len(bodies), kind=issue.kind)
        body = bodies.setdefault(issue.body, new)
        if body.kind != issue.kind:
            wrong.append(BodyChanged(body.body, body.kind))
        if body.forms and not more:
            wrong.append(FormsIssued(body.body, body.forms))
        added = {"links": body.links + issue.links, "paper": body.paper + issue.paper}
        bodies[issue.body] = Body.model_validate({**body.model_dump(), **added})
    wanted = sum(body.forms for body in bodies.values())
    if wanted > MOST_FORMS:
        wrong.append(TooManyForms(asked.id, wanted, MOST_FORMS))
    refuse(wrong)
    return bodies


def _keep(connection: sa.Connection, batch: str, body: Body) -> None:
    same = (BODY.c.batch == batch, BODY.c.body == body.body)
    row = body.model_dump()
    if not connection.execute(sa.update(BODY).where(*same).values(row)).rowcount:
        connection.execute(sa.insert(BODY).values(batch=batch, **row))
