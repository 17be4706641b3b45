"""A cycle with a criticism, a verdict and an issue, whose texts lie in a real vault."""

from __future__ import annotations

import hashlib
import sqlite3
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from cli.conftest import contributions
from streams import Told, ledger_of

from engine.cycle import events as c
from engine.cycle.parse import enveloped, stream_of
from engine.ledger.sql import open_ledger
from engine.people.delegations import Delegations
from engine.people.organisation import Organisation
from engine.people.tables import opened as people_opened
from engine.policy.calendar import Computed
from engine.policy.roles import Person
from engine.reading.room import Reading, reading
from engine.vault.apart import own_subject
from engine.vault.port import KeyDestroyedError
from engine.vault.schema import opened
from engine.vault.sql import SqlVault, open_vault

MASTER = bytes(range(32))
SAID = "调研不够深入 CANARY-7c1"
CYCLE = "c-1"


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2021, 8, 2, 4, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def later(self, **by) -> None:
        self.now += timedelta(**by)


@dataclass
class House:
    """All of it, on disk below ``folder``."""

    folder: object
    clock: Clock
    vault: SqlVault
    ledger: object
    room: Reading
    texts: dict[str, str]
    organisation: Organisation

    def kinds(self) -> list[str]:
        return [r.event.kind for r in self.ledger.read(limit=9999)]


def also(house, events):
    """Put ``events`` behind those the cycle and its issues have."""
    for event in events:
        version = len(house.ledger.read(stream=stream_of(event, CYCLE), limit=999)) + 1
        house.ledger.append([enveloped(event, cycle=CYCLE, version=version, command="t")])


@pytest.fixture
def house(tmp_path):
    clock = Clock()
    vault = SqlVault(opened(f"sqlite:///{tmp_path}/vault.db"), MASTER, clock)
    ledger = open_ledger(f"sqlite:///{tmp_path}/ledger.db")
    texts = {
        name: vault.seal(f"{SAID} {name}", subject=CYCLE, by="m01")
        for name in ("criticism", "verdict", "issue", "talk")
    }
    told = Told(CYCLE, "u.1").on(2021, 7, 10)
    arch = Person(id="arch", roles=("archivist",))
    told.events[0] = told.events[0].model_copy(
        update={"people": (*told.events[0].people, arch)}
    )
    told.cycle(
        c.MeetingOpened, meeting=1, due=("m01", "m02", "m03"), present=("m01", "m02"),
        leave=("m03",), chair="m01", recorder="m02",
    )  # fmt: skip
    told.cycle(
        c.CriticismRecorded, item=1, critic="m02", of="m03", aspect="xue",
        problem=texts["criticism"],
    )  # fmt: skip
    told.cycle(c.StepRecorded, step="talks", origin="prescribed", evidence=texts["talk"])
    told.on(2021, 7, 20)
    told.cycle(c.VerdictTold, member="m03", grade="qualified", content=texts["verdict"])
    told.found(1, content=texts["issue"])
    ledger_of(told, into=ledger)
    organisation = Organisation(people_opened(f"sqlite:///{tmp_path}/people.db"), clock)
    room = reading(vault, ledger, organisation, Delegations(organisation, clock), clock)
    return House(tmp_path, clock, vault, ledger, room, texts, organisation)


@pytest.fixture
def appeal(house):
    """The text of an appeal of m03's, which the superior decides."""
    return appealed(house, subject=CYCLE)


def appealed(house, *, subject):
    """File an appeal of m03's whose text is sealed for ``subject``; return the text."""
    text = house.vault.seal(f"{SAID} appeal", subject=subject, by="m03")
    also(house, [c.AppealFiled(about="verdict", content=text, **filed(house, 1))])
    return text


def complaint(house) -> tuple[str, str]:
    """The two texts of a complaint of m03's, each under a subject of its own."""
    texts = tuple(
        house.vault.seal(
            f"{SAID} complaint {n}", subject=own_subject(CYCLE, "x", n), by=c.APPELLANT
        )
        for n in ("content", "copy_for_superior")
    )
    reported = c.RetaliationReported(
        content=texts[0], copy_for_superior=texts[1], **filed(house, 2)
    )
    also(house, [reported])
    return texts


def readable(folder) -> str:
    """All that whoever has the database and the master key makes of every object."""
    whole = open_vault(f"sqlite:///{folder}/vault.db", MASTER)
    with sqlite3.connect(folder / "vault.db") as raw:
        rows = raw.execute("SELECT id, sealed FROM vault_object").fetchall()
    raw.close()
    said = []
    for name, sealed in rows:
        content = f"sealed:{name}:{hashlib.sha256(sealed).hexdigest()}"
        try:
            said.append(whole.open(content, reader="x", purpose="archive"))
        except KeyDestroyedError:
            continue
    return "\n".join(said)


def opens(house, content) -> bool:
    """Whether the master key still opens it, by whatever right."""
    try:
        return bool(house.vault.open(content, reader="x", purpose="archive"))
    except KeyDestroyedError:
        return False


def takes(house, subject) -> bool:
    """Whether another text can be sealed for it."""
    try:
        return bool(house.vault.seal("下一条", subject=subject, by="m01"))
    except KeyDestroyedError:
        return False


def filed(house, number: int) -> dict:
    return {
        "at": house.clock.now, "by": c.APPELLANT, "appeal": number, "to": ("sup",),
        "acknowledge_by": Computed(
            day=date(2021, 8, 5), rule="3", calendar="cn", counted=3, skipped=()
        ),
        "decide_by": date(2021, 9, 1),
    }  # fmt: skip


@pytest.fixture(scope="session")
def plan():
    """What the open-door plugin adds to a plan."""
    return contributions()
