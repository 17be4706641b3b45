"""Deliver events to plugins: per cycle in the order of the ledger, at least once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import TypeAlias

import structlog

from engine.day import REHEARSALS
from engine.deliveries.intake import Intake, IsOn
from engine.deliveries.outcomes import Delivery, Lane, Outcomes
from engine.deliveries.subscriptions import Subscription
from engine.ledger.alone import alone, beside
from engine.ledger.sql import SqlLedger, wall_clock
from engine.plan.calls import HookEnvelope
from engine.plan.delivered import Delivered, DeliveryContext
from engine.record import Record

log = structlog.get_logger()

DELIVERY_LOCK = 7_214_008
TURN = 100
"""Deliveries a cycle may have before the others have theirs."""

Hears: TypeAlias = Callable[[DeliveryContext, Delivered], HookEnvelope]
"""Gives an event to a plugin and raises nothing: ``Host.deliver``."""


def kept_folder(base: Path, plugin: str, unit: str, *, rehearsal: bool) -> Path:
    """Return the folder of ``plugin`` for ``unit`` below ``base``; it is there then."""
    folder = base / plugin / (REHEARSALS if rehearsal else "") / unit
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


class Passed(Record):
    """What one pass did: keys delivered and failed, in order.

    ``busy`` means that another process was delivering and nothing was done.
    """

    delivered: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    busy: bool = False


class Deliverer:
    """Brings events of ``ledger`` to the plugins that want them, through ``hears``.

    Each plugin has a folder of its own for each unit below ``folder``; rehearsals have
    others, so that nothing played ever lies among what was real.
    """

    def __init__(
        self, ledger: SqlLedger, subscriptions: Iterable[Subscription], hears: Hears, *,
        folder: Path, is_on: IsOn = lambda plugin, unit: True,
        clock: Callable[[], datetime] = wall_clock,
    ) -> None:  # fmt: skip
        self._subscriptions = tuple(subscriptions)
        self._versions = {s.plugin: s.version for s in self._subscriptions}
        self._hears = hears
        self._folder = folder
        self._is_on = is_on
        self._clock = clock
        self._intake = Intake(ledger, ledger.engine, is_on)
        self.outcomes = Outcomes(ledger.engine)

    def deliver(self) -> Passed:
        """Take in what is new, then deliver whatever is due.

        A failure holds back only the later events of that cycle for that plugin. A crash
        between a plugin's work and its mark delivers again under the same key.
        """
        engine = self.outcomes.engine
        with alone(engine, beside(engine, "deliveries"), DELIVERY_LOCK) as got:
            if not got:
                return Passed(busy=True)
            for subscription in self._subscriptions:
                self._intake.follow(subscription)
            return self._each()

    def _each(self) -> Passed:
        """Give each waiting cycle its turn; one pass leaves no lane out."""
        done: dict[bool, list[str]] = {True: [], False: []}
        for lane in self.outcomes.lanes(s.plugin for s in self._subscriptions):
            for _ in range(TURN):
                delivery = self._due(lane)
                if delivery is None:
                    break
                taken = self._give(delivery)
                done[taken].append(delivery.key)
                if not taken:
                    break
        if done[True]:
            log.info("events_delivered", count=len(done[True]), failed=len(done[False]))
        return Passed(delivered=tuple(done[True]), failed=tuple(done[False]))

    def _due(self, lane: Lane) -> Delivery | None:
        """Return the first delivery of ``lane`` if it may be made now."""
        first = self.outcomes.first(lane)
        if first is None or not self._is_on(first.plugin, first.unit):
            return None
        if first.next_try and self._clock() < datetime.fromisoformat(first.next_try):
            return None
        return first

    def _give(self, delivery: Delivery) -> bool:
        version = self._versions.get(delivery.plugin, "")
        if not self.outcomes.begin(delivery, now=self._clock(), version=version):
            log.error("delivery_given_up", delivery=delivery.key, attempts=delivery.attempts)
            return False
        answer = self._hears(self._context(delivery), self._intake.read(delivery.position))
        if not answer.ok:
            self._note(delivery, answer)
            return False
        self.outcomes.delivered(delivery, now=self._clock())
        return True

    def _context(self, delivery: Delivery) -> DeliveryContext:
        """Return whom the event is for; the plugin's folder is there when it returns."""
        folder = kept_folder(
            self._folder, delivery.plugin, delivery.unit, rehearsal=delivery.rehearsal
        )
        return DeliveryContext(
            plugin=delivery.plugin, cycle=delivery.cycle, unit=delivery.unit,
            key=delivery.key, folder=folder,
        )  # fmt: skip

    def _note(self, delivery: Delivery, answer: HookEnvelope) -> None:
        why = f"{answer.error_code}: {answer.error}" if answer.error else str(answer.error_code)
        state = self.outcomes.failed(delivery, why, now=self._clock())
        told = {"delivery": delivery.key, "attempts": delivery.attempts + 1}
        if state == "dead":
            log.error("delivery_given_up", **told, error_code=answer.error_code)
        else:
            log.warning("delivery_failed", **told, error_code=answer.error_code)
