"""Fill in what the command line stands on; every part is built when first needed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import structlog
from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError
from temporalio.client import Client

from engine.cli.parts import UNREACHABLE, USAGE, Parts, Running, Stopped
from engine.cycle.commands import OpenCycle
from engine.deliveries.outcomes import Outcomes
from engine.deliveries.troubles import UNDELIVERED, Trouble, troubles
from engine.gateway import Campaigns, Gateway, ServerUnreachable
from engine.host.compose import Composer
from engine.host.health import HEALTH_FILE, PluginHealth, listing
from engine.host.scopes import ScopesError, load
from engine.host.surroundings import shed
from engine.host.switching import rehearse
from engine.ledger.port import LedgerUnavailableError
from engine.ledger.sql import wall_clock
from engine.people.keys import ActorKeys, ActorKeysError
from engine.runs import Runs
from engine.scenario.acts import Server
from engine.settings import Settings
from engine.vault.keyring import Keyring
from engine.vault.operators import Operators, OperatorsError
from workflows import courier, process
from workflows.campaigns import TemporalCampaigns
from workflows.codec import EncryptingCodec
from workflows.codec_server import application, serve
from workflows.embedded import (
    NotStartedError,
    Stack,
    keep_up,
    running,
)
from workflows.errands import PluginErrands
from workflows.gateway import TemporalGateway, connect
from workflows.holding import AlreadyRunningError, held
from workflows.lost import destroy, holding
from workflows.notifying import notifier
from workflows.places import plugins_folder
from workflows.replaying import replay
from workflows.runs import TemporalRuns
from workflows.skipping import SkippingClock, clock
from workflows.stores import Stores
from workflows.vouching import Now, wall_now

log = structlog.get_logger()


def parts(settings: Settings, server: Server = "real", *, guarded: bool = True) -> Parts:
    """Return the parts over ``settings``; the stack that is up lends its address.

    ``guarded`` lets nobody act for somebody else once people have accounts; whoever plays
    a scenario acts for everybody in it.
    """
    if settings.temporal_address is None and (found := running(settings)):
        settings = settings.model_copy(update={"temporal_address": found["address"]})

    stores = Stores(settings, guarded=guarded)
    return Parts(
        settings=settings,
        gateway=lambda: _gateway(settings, server),
        campaigns=lambda: _campaigns(settings, server),
        runs=lambda: _runs(settings),
        errands=lambda: PluginErrands(settings, lambda: stores.ledger),
        switch=lambda text: _switch(settings, text),
        ledger=lambda: stores.ledger,
        vault=lambda: stores.vault,
        reading=lambda: stores.reading,
        retention=lambda: stores.retention,
        keyring=lambda: Keyring(settings.payload_folder),
        holding=lambda key: asyncio.run(holding(settings, key)),
        destroy_key=lambda key: asyncio.run(destroy(settings, key, wall_clock())),
        operators=lambda: Operators(settings.operators_path),
        codec_server=lambda port, ui, told: _codec_server(settings, port, ui, told),
        readings=lambda: stores.readings,
        people=lambda: stores.people,
        door=stores.door,
        single_sign_on=lambda told: _sign_on(settings, stores, told),
        notifier=lambda: notifier(settings, stores.ledger),
        outcomes=lambda: Outcomes(stores.ledger.engine),
        troubles=lambda: _troubles(settings, stores),
        opinions=lambda: stores.opinions,
        guests=lambda: stores.guests,
        rebuild=lambda: stores.projector.rebuild(),
        plugins=lambda: _plugins(settings),
        composer=lambda opening: _composer(settings, opening),
        replay=lambda files: replay(files, settings),
        stage=lambda server: _stage(settings, server),
        up=lambda told, port, ui_port: _up(settings, told, port, ui_port),
        worker=lambda: _process("worker", settings),
        host=lambda unit: _host(settings, unit),
        courier=lambda: courier.run(settings),
        clock=wall_clock,
    )


def _composer(settings: Settings, opening: OpenCycle) -> Composer:
    found, allowed = plugins_folder(settings), settings.allowed_plugins
    return Composer(opening, found, allowed, now=wall_clock(), scopes=settings.scopes_path)


def _sign_on(settings: Settings, stores: Stores, told: Callable[[str], None]) -> str:
    from workflows.signing_on import sign_on  # noqa: PLC0415 - takes time, and one command needs it

    return sign_on(settings, stores.people, told)


def _codec_server(settings: Settings, port: int, ui: str, told: Callable[[str], None]) -> None:
    keyring = Keyring(settings.payload_folder)
    codec = EncryptingCodec(keyring, settings.namespace, reads_clear=True)  # it only shows
    permitted = Operators(settings.operators_path).permitted
    try:
        permitted("")  # a file that cannot be used is said now, not at the first question
        serve(application(codec, permitted, ui), port, told)
    except OperatorsError as error:
        raise Stopped(str(error), code=USAGE) from None
    except OSError as error:
        why = f"端口 {port} 不可用 | cannot listen on port {port}: {error.strerror}"
        raise Stopped(why, code=USAGE) from None


@asynccontextmanager
async def _gateway(settings: Settings, server: Server) -> AsyncIterator[Gateway]:
    client = await connect(settings)
    with _signing():
        yield TemporalGateway(
            client, settings, ActorKeys(settings.actor_folder), now=_now(client, server)
        )


def _switch(settings: Settings, text: str) -> None:
    try:
        rehearse(settings.scopes_path, text)
    except ScopesError as wrong:
        raise Stopped(*wrong.problems) from None


@asynccontextmanager
async def _runs(settings: Settings) -> AsyncIterator[Runs]:
    yield TemporalRuns(await connect(settings))


@asynccontextmanager
async def _campaigns(settings: Settings, server: Server) -> AsyncIterator[Campaigns]:
    client = await connect(settings)
    with _signing():
        yield TemporalCampaigns(
            client, settings, ActorKeys(settings.actor_folder), now=_now(client, server)
        )


def _now(client: Client, server: Server) -> Now:
    return SkippingClock(client).now if server == "time_skipping" else wall_now


@contextmanager
def _signing() -> Iterator[None]:
    try:
        yield
    except ActorKeysError as error:
        raise Stopped(str(error), code=USAGE) from error


def _plugins(settings: Settings) -> Sequence[PluginHealth]:
    seen = settings.data_dir / HEALTH_FILE
    return listing(plugins_folder(settings), settings.allowed_plugins, seen=seen)


def _troubles(settings: Settings, stores: Stores) -> Mapping[str, Trouble]:
    """Return who does not take events; nobody where there is no ledger, or none answers.

    Plugins have to be listed and switched off whatever else is broken.
    """
    file = make_url(settings.ledger).database
    if settings.ledger_url is None and not (file and Path(file).is_file()):
        return {}
    try:
        return troubles(Outcomes(stores.ledger.engine).letters(UNDELIVERED))
    except (SQLAlchemyError, LedgerUnavailableError) as error:
        log.warning("deliveries_unknown", error_type=type(error).__name__)
        return {}


@contextmanager
def _stack(
    settings: Settings, *, port: int = 0, ui_port: int = 0, server: Server = "real"
) -> Iterator[tuple[Stack, Running]]:
    """Hold the data folder and run the stack over it for the length of the block."""
    try:
        with held(settings.data_dir) as lock:
            stack = Stack(settings, port=port, ui_port=ui_port, server=server, lock=lock)
            try:
                stack.start()
                lent = settings.model_copy(update={"temporal_address": stack.address})
                yield stack, Running(
                    parts=parts(lent, server, guarded=False), address=stack.address,
                    ui=stack.ui,
                    clock=(lambda: clock(lent)) if server == "time_skipping" else None,
                )  # fmt: skip
            finally:
                stack.stop()
    except (AlreadyRunningError, NotStartedError) as error:
        raise Stopped(str(error)) from error


@contextmanager
def _stage(settings: Settings, server: Server) -> Iterator[Running]:
    with _stack(settings, server=server) as (_, staged):
        yield staged


def _up(settings: Settings, told: Callable[[Running], None], port: int, ui_port: int) -> None:
    with _stack(settings, port=port, ui_port=ui_port) as (stack, staged):
        told(staged)
        keep_up(stack)


def _host(settings: Settings, unit: str | None) -> None:
    try:
        own = load(settings.scopes_path).own(unit)
    except ScopesError as wrong:
        raise Stopped(*wrong.problems, code=USAGE) from None
    if unit and not own:
        file = settings.scopes_path
        raise Stopped(
            f'{file} 中 [unit.{unit}] 没有 own = ["插件"] | '
            f'{file} has no own = ["plugin"] below [unit.{unit}]',
            code=USAGE,
        )
    shed()
    _process("host", settings, unit)


def _process(part: process.Part, settings: Settings, unit: str | None = None) -> None:
    try:
        asyncio.run(process.run(part, settings, unit))
    except ServerUnreachable as error:
        raise Stopped(
            f"连不上 Temporal 服务 {error} | cannot reach the Temporal server {error}",
            code=UNREACHABLE,
        ) from error
