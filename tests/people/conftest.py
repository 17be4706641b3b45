"""Databases of people, on SQLite and on PostgreSQL, and a clock that is told the time."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import requests
import sqlalchemy as sa
from cli.conftest import terminal
from pydantic import SecretStr
from rehearsal import NANZHANG

from engine.people.accounts import Accounts
from engine.people.delegations import Delegations
from engine.people.door import Door
from engine.people.organisation import Change, Membership, Named, Organisation
from engine.people.roles import GRANTED, ROW
from engine.people.tables import opened
from engine.people.tokens import Tokens
from engine.people.units import Unit

SEALED = f"sealed:{'1' * 32}:{'2' * 64}"
DAY = date(2026, 3, 2)


class Clock:
    """The moment it is told, and no other."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **span) -> None:
        self.now += timedelta(**span)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request, tmp_path) -> sa.Engine:
    """One of every kind; what is promised holds for each."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path}/people.db"
    else:
        url = request.getfixturevalue("postgres_url")
    engine = opened(url)
    yield engine
    engine.dispose()


TREE = (
    Unit(id="hb", kind="province", name="湖北"),
    Unit(id="xy", kind="city", name="襄阳", parent="hb"),
    Unit(id="nz", kind="county", name="南漳", parent="xy"),
    Unit(id="b1", kind="branch", name="财政局第一党支部", parent="nz"),
    Unit(id="b2", kind="branch", name="财政局第二党支部", parent="nz"),
)


def member(person, unit="b2", role="member", first=date(2020, 1, 1), last=None):
    return Membership(person=person, unit=unit, role=role, first=first, last=last)


STAFF = (
    member("m01", role="branch_secretary"),
    member("m01"),
    member("m02", role="committee_member"),
    member("m05"),
    member("m07"),
    member("sup", unit="nz", role="superior_officer"),
)


@pytest.fixture
def organisation(database, clock):
    """The tree of Nanzhang with a branch of four."""
    made = Organisation(database, clock)
    names = tuple(Named(id=p, name=SEALED) for p in dict.fromkeys(m.person for m in STAFF))
    made.apply(Change(units=TREE, persons=names, memberships=STAFF), by="sup")
    return made


OURS, THEIRS, NOWHERE = "c-ours", "c-theirs", "c-nowhere"
UNITS = {OURS: "b1", THEIRS: "b2"}
THINGS = (OURS, THEIRS, NOWHERE)
ABOVE = tuple(role for role in GRANTED if ROW[role].below)


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """A person for each role in the first branch, or above it; and what lets them in."""
    folder, clock = tmp_path_factory.mktemp("access"), Clock()
    engine = opened(f"sqlite:///{folder}/people.db")
    organisation = Organisation(engine, clock)
    people = tuple(Named(id=f"p-{role}", name=SEALED) for role in (*GRANTED, "helper"))
    own = [
        member(f"p-{role}", unit="nz" if role in ABOVE else "b1", role=role) for role in GRANTED
    ]
    organisation.apply(Change(units=TREE, persons=people, memberships=tuple(own)), by="root")
    accounts, tokens = Accounts(engine, b"p" * 32, clock=clock), Tokens(engine, clock)
    delegations = Delegations(organisation, clock)
    credentials = {}
    for named in people:
        accounts.open(named.id, by="root")
        scopes = ["act", "read", "retry_run", "terminate_run"]
        credentials[named.id] = tokens.make(named.id, scopes, days=30, by="root")
    door = Door(accounts, tokens, delegations, UNITS.get, clock=clock)
    yield door, credentials, delegations, tokens
    engine.dispose()


async def open_both(gateway) -> None:
    """Open a cycle in each branch."""
    for cycle, unit in UNITS.items():
        opening = NANZHANG.named(cycle).opening()
        await gateway.open(opening.model_copy(update={"unit": unit, "plugins": ()}))


@pytest.fixture(scope="module")
def command_line(house, tmp_path_factory):
    """The command line behind the door over both cycles, for whoever holds a credential."""
    door, credentials, *_ = house
    made = terminal(tmp_path_factory.mktemp("line"), ())

    async def both():
        async with made.parts.gateway() as gateway:
            await open_both(gateway)

    asyncio.run(both())

    def of(person):
        token = SecretStr(credentials[person])
        settings = made.parts.settings.model_copy(update={"token": token})
        return type(made)(replace(made.parts, settings=settings, door=lambda: door))

    return of


@pytest.fixture(scope="module")
def issuer():
    """The address of a provider; the process ends with the module."""
    program = Path(__file__).with_name("provider.py")
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", program], stdout=subprocess.PIPE, text=True
    )
    port = process.stdout.readline().strip()
    assert port, "the provider did not start"
    yield f"http://127.0.0.1:{port}"
    process.terminate()
    process.wait(10)


def browsed(url, subject):
    """Sign in at the provider as a person would, and return where it sends the browser."""
    form = {"sub": subject} if subject else {"action": "deny"}
    answer = requests.post(url, data=form, allow_redirects=False, timeout=10)
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"]
