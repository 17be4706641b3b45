"""Follow the ledger by position; rows and checkpoint change in one transaction."""

from __future__ import annotations

import sqlalchemy as sa
import structlog
from pydantic import TypeAdapter

from engine.beginnings import OPENINGS, well_placed
from engine.cycle.events import CyclePlanned
from engine.cycle.evolve import fold, opened
from engine.cycle.parse import event_of
from engine.cycle.state import Cycle
from engine.ledger.database import exclusive, migrate
from engine.ledger.port import Ledger, Recorded
from engine.record import Record, digest
from engine.views.counts import counts
from engine.views.tables import BESIDE, LIVE, SCRIPTS, Tables

log = structlog.get_logger()

WRITE_LOCK = 7_214_004
PAGE = 200
ROOMS = ("cycle", "issue")
"""Streams that these tables are about; a campaign is folded when it is read."""

STATE: TypeAdapter[Cycle] = TypeAdapter(Cycle)


class Rebuilt(Record):
    """What a rebuild found: how far it went, and whether the live rows were right."""

    position: int
    same: bool
    before: str
    after: str


class Projector:
    """Keeps the tables for reading up to date with ``ledger``."""

    def __init__(self, ledger: Ledger, engine: sa.Engine) -> None:
        self._ledger = ledger
        self.engine = engine
        migrate(engine, SCRIPTS, "views_version")

    def catch_up(self) -> int:
        """Project every new event and return the position reached."""
        return self._follow(LIVE)

    def reached(self) -> int:
        """Return the position of the checkpoint, without following any further."""
        with self.engine.connect() as connection:
            return _checkpoint(connection, LIVE)

    def rebuild(self) -> Rebuilt:
        """Build all rows again beside the live ones, compare, and swap.

        Readers see the old rows until the swap; an interrupted rebuild changes none.
        """
        with exclusive(self.engine, WRITE_LOCK) as connection:
            for table in (*BESIDE.rows, BESIDE.checkpoint):
                connection.execute(sa.delete(table))
        self._follow(LIVE)
        self._follow(BESIDE)
        with exclusive(self.engine, WRITE_LOCK) as connection:
            self._project(connection, LIVE)
            position = self._project(connection, BESIDE)
            before, after = _digest(connection, LIVE), _digest(connection, BESIDE)
            for live, beside in zip(LIVE.rows, BESIDE.rows, strict=True):
                connection.execute(sa.delete(live))
                connection.execute(
                    sa.insert(live).from_select(list(live.c.keys()), sa.select(beside))
                )
        log.info("views_rebuilt", position=position, same=before == after)
        return Rebuilt(position=position, same=before == after, before=before, after=after)

    def _follow(self, where: Tables) -> int:
        while True:
            with exclusive(self.engine, WRITE_LOCK) as connection:
                before = _checkpoint(connection, where)
                position = self._project(connection, where)
            if position == before:
                return position

    def _project(self, connection: sa.Connection, where: Tables) -> int:
        """Project one page and return the checkpoint after it."""
        position = _checkpoint(connection, where)
        page = self._ledger.read(after=position, limit=PAGE)
        if not page:
            return position
        cycles: dict[str, Cycle] = {}
        for recorded in page:
            _apply(connection, where, cycles, recorded)
        for cycle in cycles.values():
            _write(connection, where, cycle)
        position = page[-1].position
        connection.execute(sa.delete(where.checkpoint))
        connection.execute(sa.insert(where.checkpoint).values(id=1, position=position))
        return position


def _checkpoint(connection: sa.Connection, where: Tables) -> int:
    return connection.scalar(sa.select(where.checkpoint.c.position)) or 0


def _apply(
    connection: sa.Connection, where: Tables, cycles: dict[str, Cycle], recorded: Recorded
) -> None:
    room, name, *_ = recorded.event.stream.split("/")
    opens = recorded.event.kind in OPENINGS.values()
    if well_placed(recorded.event) and room not in ROOMS:
        return
    if not well_placed(recorded.event) or not (
        opens or _known(connection, where, cycles, name)
    ):
        if recorded.event.version == 1:
            log.error("stream_set_aside", stream=recorded.event.stream)
        return
    event = event_of(recorded.event)
    if isinstance(event, CyclePlanned):
        cycles[name] = opened(event)
    else:
        cycles[name] = fold(cycles[name], (event,))


def _known(
    connection: sa.Connection, where: Tables, cycles: dict[str, Cycle], name: str
) -> bool:
    """Put the stored cycle among ``cycles``; say whether there is one.

    Nothing is there of a stream that did not begin with its opening: it stays aside.
    """
    if name not in cycles:
        query = sa.select(where.cycle.c.state).where(where.cycle.c.cycle == name)
        if stored := connection.scalar(query):
            cycles[name] = STATE.validate_json(stored)
    return name in cycles


def _write(connection: sa.Connection, where: Tables, cycle: Cycle) -> None:
    for table in where.rows:
        connection.execute(sa.delete(table).where(table.c.cycle == cycle.id))
    connection.execute(
        sa.insert(where.cycle).values(
            cycle=cycle.id, unit=cycle.unit, status=cycle.status,
            state=STATE.dump_json(cycle).decode(),
        )
    )  # fmt: skip
    rows = [
        {
            "cycle": cycle.id, "number": issue.number, "status": issue.status,
            "owner": issue.owner, "severity": issue.severity,
        }
        for issue in cycle.issues
    ]  # fmt: skip
    if rows:
        connection.execute(sa.insert(where.issue), rows)
    counted = [
        {"cycle": cycle.id, "counter": counter, "value": value}
        for counter, value in counts(cycle.issues).items()
    ]
    connection.execute(sa.insert(where.counter), counted)


def _digest(connection: sa.Connection, where: Tables) -> str:
    """Return the SHA-256 over every row, in an order of its own."""
    rows = [
        sorted(str(tuple(row)) for row in connection.execute(sa.select(table)))
        for table in where.rows
    ]
    return digest(rows)
