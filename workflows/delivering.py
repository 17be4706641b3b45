"""Events for plugins, delivered in a thread; the plugins hear them in another process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from functools import cache

import structlog

from engine.deliveries.deliverer import Deliverer
from engine.deliveries.subscriptions import subscriptions
from engine.host.discovery import discover
from engine.host.host import Host
from engine.host.listening import Listener, Listening
from engine.host.manifest import Found
from engine.host.placing import standing
from engine.host.scopes import Scopes, load
from engine.ledger.sql import SqlLedger
from engine.settings import Settings
from workflows.following import following
from workflows.places import plugins_folder

log = structlog.get_logger()

EVERY_S = 3.0
CHECK_EVERY_S = 60.0


@contextmanager
def deliverer(settings: Settings, ledger: SqlLedger) -> Iterator[Deliverer]:
    """Give the deliverer over the ledger's database; plugins are loaded for it alone.

    They run in a process that has no way to the ledger. A plugin that hangs on an event
    still answers when a plan is made. The file of scopes is read again for each event;
    while it cannot be read, nothing is delivered.
    """
    folder = plugins_folder(settings)
    found = discover(folder, settings.allowed_plugins)
    known = {plugin.id: plugin for plugin in found}

    def scopes() -> Scopes:
        return load(settings.scopes_path)

    listening = Listening(
        folder=folder, allowed=settings.allowed_plugins, scopes=settings.scopes_path,
        kept=settings.event_types_path,
    )  # fmt: skip
    with closing(Listener(listening)) as listener:
        yield Deliverer(
            ledger, subscriptions(found), listener.deliver,
            folder=settings.facts_folder.absolute(),
            is_on=lambda plugin, unit: is_on(scopes(), known[plugin], unit),
        )  # fmt: skip


def is_on(scopes: Scopes, plugin: Found, unit: str) -> bool:
    """Say whether ``plugin`` hears of the cycles of ``unit``.

    One that is opt-in hears where a table switches it on; one on a worker of the unit's
    own does not.
    """
    how = standing(plugin, scopes, unit)
    if plugin.id in scopes.own(unit):
        return False
    asked_for = plugin.manifest is None or not plugin.manifest.opt_in or how.why != "unsaid"
    return how.on and asked_for


@contextmanager
def checking(host: Host) -> Iterator[None]:
    """Ask every plugin of ``host`` each minute how it is."""

    def failed(error: str) -> None:
        log.warning("check_failed", error_type=error)

    with following("health", host.load_all, failed, every_s=CHECK_EVERY_S):
        yield


@contextmanager
def delivering(settings: Settings, ledger: Callable[[], SqlLedger]) -> Iterator[None]:
    """Deliver events in a thread for the length of the block.

    Where no plugin hears of events the ledger is never opened.
    """
    found = discover(plugins_folder(settings), settings.allowed_plugins)
    if not subscriptions(found):
        yield
        return
    kept = ExitStack()
    made = cache(lambda: kept.enter_context(deliverer(settings, ledger())))

    def failed(error: str) -> None:
        log.warning("deliveries_failed", error_type=error)

    with (
        kept,
        following(
            "deliveries", lambda: made().deliver(), failed, every_s=EVERY_S, once_more=True
        ),
    ):
        yield
