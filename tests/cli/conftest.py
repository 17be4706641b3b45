"""A command line over the rules alone: no server, everything else real but small."""

from __future__ import annotations

import json
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from functools import cache

import pytest
import sqlalchemy as sa
from inprocess import WALL, EchoingErrands, InProcessCampaigns, InProcessGateway, InProcessRuns
from typer import testing
from typer.testing import CliRunner

from engine.cli.app import application
from engine.cli.parts import Parts, Replayed, Running
from engine.deliveries.outcomes import Outcomes
from engine.deliveries.troubles import UNDELIVERED, troubles
from engine.gateway import ServerUnreachable
from engine.guests.links import Guests
from engine.host.compose import Composer
from engine.host.discovery import discover, roster
from engine.host.health import listing
from engine.host.host import Host
from engine.host.switching import rehearse
from engine.notices.filed import FilePost
from engine.notices.notifier import Notifier
from engine.opinions.room import open_room
from engine.people.everything import open_people
from engine.plan.calls import collect
from engine.plan.prescribed import CORE_STEPS
from engine.plan.steps import PlanContext
from engine.policy.rules import Retained
from engine.reading.retention import Retention
from engine.reading.room import reading
from engine.scenario.load import find, load
from engine.settings import Settings
from engine.vault.keyring import Keyring
from engine.vault.memory import InMemoryVault
from engine.vault.operators import Operators
from engine.views.projector import Projector
from engine.views.readings import Readings
from workflows.signing_on import sign_on

SCENARIO = load(find("nanzhang"))
OPEN_DOOR = frozenset({"open_door"})


def contributions():
    found = discover(None, OPEN_DOOR)
    host, present = Host(found), roster(found)
    opening = SCENARIO.opening()
    context = PlanContext(
        cycle="c", unit="u", opened_at=opening.rehearsal_from, core_steps=CORE_STEPS,
        people=opening.people,
    )  # fmt: skip
    return collect(present, [host.invoke(call) for call in present.calls(context)])


class Lent:
    """The parts of the terminal that is typed at."""

    parts: Parts | None = None

    def __getattr__(self, name):
        return getattr(self.parts, name)


LENT = Lent()
APPLICATION = application(LENT)
testing._get_command = cache(testing._get_command)  # building it takes a tenth of a second


class Terminal:
    """Runs commands as a person types them; all terminals share one tree of commands."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self._runner = CliRunner()

    def __call__(self, *words: str, stdin: str | bytes | None = None):
        LENT.parts = self.parts
        return self._runner.invoke(APPLICATION, list(words), input=stdin)

    def data(self, *words: str):
        done = self(*words, "-o", "json")
        assert done.exit_code == 0, done.stderr
        return json.loads(done.stdout)

    def without_server(self):
        @asynccontextmanager
        async def absent():
            raise ServerUnreachable("127.0.0.1:7233")
            yield

        return Terminal(replace(self.parts, gateway=absent))

    def but(self, **parts):
        return Terminal(replace(self.parts, **parts))


def terminal(folder, plan) -> Terminal:
    gateway = InProcessGateway(plan)
    engine = sa.create_engine(f"sqlite:///{folder / 'views.db'}")
    projector = Projector(gateway.ledger, engine)
    vault = InMemoryVault()
    filed = FilePost(folder / "notices")

    @asynccontextmanager
    async def present():
        yield gateway

    campaigns = InProcessCampaigns(gateway.ledger)

    @asynccontextmanager
    async def doors():
        yield campaigns

    runs = InProcessRuns()

    @asynccontextmanager
    async def operated():
        yield runs

    @contextmanager
    def stage(server):
        assert server == "real"
        yield Running(parts=parts, address="127.0.0.1:1", ui="http://127.0.0.1:2")

    def readings():
        return Readings(gateway.ledger, projector)

    @cache
    def people():
        url = f"sqlite:///{folder}/people.db"
        return open_people(url, b"p" * 32, lambda unit: readings().of_unit(unit), lambda: WALL)

    parts = Parts(
        settings=Settings(data_dir=folder),
        gateway=present,
        campaigns=doors,
        runs=operated,
        errands=EchoingErrands,
        switch=lambda text: rehearse(folder / "plugins.toml", text),
        ledger=lambda: gateway.ledger,
        vault=lambda: vault,
        keyring=lambda: Keyring(folder / "payload-keys"),
        holding=lambda key: [],
        destroy_key=lambda key: Keyring(folder / "payload-keys").destroy(key, WALL) or [],
        operators=lambda: Operators(folder / "codec-operators"),
        codec_server=lambda port, ui, told: told(f"http://127.0.0.1:{port}"),
        readings=readings,
        people=people,
        door=lambda: None,
        single_sign_on=lambda told: sign_on(Settings(data_dir=folder), people(), told),
        retention=lambda: Retention(
            lambda: vault, gateway.ledger, lambda: (), Retained(), lambda: WALL
        ),
        reading=lambda: reading(
            vault, gateway.ledger, people().organisation, people().delegations, lambda: WALL
        ),
        notifier=lambda: Notifier(gateway.ledger, engine, filed, rehearsals=filed),
        outcomes=lambda: Outcomes(engine),
        troubles=lambda: troubles(Outcomes(engine).letters(UNDELIVERED)),
        guests=lambda: Guests(
            engine, bytes(32), gateway.ledger, Readings(gateway.ledger, projector).cycle
        ),
        opinions=lambda: open_room(
            tokens=f"sqlite:///{folder / 'tokens.db'}",
            vault=vault,
            limit_bytes=4096,
            opinions=f"sqlite:///{folder / 'opinions.db'}",
            master=bytes(32),
        ),
        rebuild=projector.rebuild,
        plugins=lambda: listing(None, OPEN_DOOR),
        composer=lambda opening: Composer(opening, folder / "plugins", None, now=WALL),
        replay=lambda files: [
            Replayed(file=str(f), error="x" * (f.stem == "bad")) for f in files
        ],
        stage=stage,
        up=lambda told, *_: told(Running(parts=parts, address="127.0.0.1:1", ui="http://u")),
        worker=lambda: None,
        host=lambda unit: None,
        courier=lambda: None,
        clock=lambda: WALL,
    )
    return Terminal(parts)


@pytest.fixture(scope="session")
def plan():
    return contributions()


@pytest.fixture
def taizhang(tmp_path, plan):
    """A command line over nothing yet."""
    return terminal(tmp_path, plan)


@pytest.fixture(scope="session")
def played(tmp_path_factory, plan):
    """A command line over a ledger that holds the cycle of Nanzhang; for reading only."""
    made = terminal(tmp_path_factory.mktemp("played"), plan)
    done = made("demo", "nanzhang")
    assert done.exit_code == 0, done.output
    return made
