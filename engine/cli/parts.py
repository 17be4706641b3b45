"""What the command line is handed: everything it needs, built only when asked for.

The composition root fills this in; the command line knows no concrete class.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from engine.cycle.commands import OpenCycle
from engine.deliveries.outcomes import Outcomes
from engine.deliveries.troubles import Trouble
from engine.gateway import Campaigns, Gateway
from engine.guests.links import Guests
from engine.host.compose import Composer
from engine.host.health import PluginHealth
from engine.ledger.port import Ledger
from engine.notices.notifier import Notifier
from engine.opinions.room import Opinions
from engine.people.door import Door
from engine.people.everything import People
from engine.reading.retention import Retention
from engine.reading.room import Reading
from engine.runs import Runs
from engine.scenario.acts import Server
from engine.scenario.calendar import ServerClock
from engine.scenario.errands import Errands
from engine.settings import Settings
from engine.vault.keyring import Keyring
from engine.vault.operators import Operators
from engine.vault.port import Vault
from engine.views.projector import Rebuilt
from engine.views.readings import Readings

DONE, REFUSED, USAGE, UNREACHABLE = 0, 1, 2, 3
"""Exit codes: done, refused or not found, wrong usage, server or database unreachable."""


class Stopped(Exception):
    """The command ends here, with lines for a person (``zh | en``) and an exit code."""

    def __init__(self, *lines: str, code: int = REFUSED) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines
        self.code = code


@dataclass(frozen=True, kw_only=True)
class Replayed:
    """One recorded history after its replay; ``error`` is empty when it passed."""

    file: str
    error: str = ""


@dataclass(frozen=True, kw_only=True)
class Running:
    """A stack that is up: where to look, and the parts that speak to it.

    ``ui`` is empty where the server has no page to look at, and ``clock`` is there only
    where the server can skip time.
    """

    parts: Parts
    address: str
    ui: str
    clock: Callable[[], AbstractAsyncContextManager[ServerClock]] | None = None


@dataclass(frozen=True, kw_only=True)
class Parts:
    """What the commands stand on; each callable builds its part when it is first needed.

    ``clock`` returns the current moment in UTC: what is overdue depends on the day.

    ``switch`` makes a text the content of a rehearsal's ``plugins.toml``, and an empty one
    takes it away; it raises ``Stopped`` where there is a real one.

    ``gateway``, ``campaigns`` and ``runs`` raise ``ServerUnreachable`` within five seconds.
    ``stage`` runs the embedded stack on a server of that kind for the length of a demo.
    ``up`` calls its argument once with the running stack and returns when asked to stop;
    ``up``, ``worker``, ``host`` and ``stage`` raise ``Stopped`` with the reason. ``holding``
    returns the open workflows that need a payload key, and ``destroy_key`` those it ended
    when the key was gone; both raise ``ServerUnreachable``. ``codec_server`` serves a port
    to a page's origin until asked to stop, and calls its last argument with the address.
    ``single_sign_on`` calls its argument with the page to open in a browser, and returns the
    token of the session that comes of it; it raises ``Stopped`` with every setting it lacks.
    """

    settings: Settings
    gateway: Callable[[], AbstractAsyncContextManager[Gateway]]
    campaigns: Callable[[], AbstractAsyncContextManager[Campaigns]]
    runs: Callable[[], AbstractAsyncContextManager[Runs]]
    errands: Callable[[], Errands]
    switch: Callable[[str], None]
    ledger: Callable[[], Ledger]
    vault: Callable[[], Vault]
    reading: Callable[[], Reading]
    retention: Callable[[], Retention]
    keyring: Callable[[], Keyring]
    holding: Callable[[str], Sequence[str]]
    destroy_key: Callable[[str], Sequence[str]]
    operators: Callable[[], Operators]
    codec_server: Callable[[int, str, Callable[[str], None]], None]
    readings: Callable[[], Readings]
    people: Callable[[], People]
    door: Callable[[], Door | None]
    single_sign_on: Callable[[Callable[[str], None]], str]
    notifier: Callable[[], Notifier]
    outcomes: Callable[[], Outcomes]
    troubles: Callable[[], Mapping[str, Trouble]]
    opinions: Callable[[], Opinions]
    guests: Callable[[], Guests]
    rebuild: Callable[[], Rebuilt]
    plugins: Callable[[], Sequence[PluginHealth]]
    composer: Callable[[OpenCycle], Composer]
    replay: Callable[[Sequence[Path]], Sequence[Replayed]]
    stage: Callable[[Server], AbstractContextManager[Running]]
    up: Callable[[Callable[[Running], None], int, int], None]
    worker: Callable[[], None]
    host: Callable[[str | None], None]
    courier: Callable[[], None]
    clock: Callable[[], datetime]
