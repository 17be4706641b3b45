"""Collect letters from the ledger, send each person one digest a day, at least once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time

import sqlalchemy as sa
import structlog

from engine.ledger.alone import alone
from engine.ledger.port import Ledger
from engine.ledger.sql import wall_clock
from engine.notices.addresses import Addresses
from engine.notices.collect import collect
from engine.notices.deliveries import SEND_LOCK, Deliveries
from engine.notices.digests import Digest, body, subject
from engine.notices.port import Post
from engine.record import Record

log = structlog.get_logger()

HOUR = time(8, 30)


class Sent(Record):
    """What one pass did: keys of digests sent and failed, in order.

    ``busy`` means that another process was sending and nothing was done.
    """

    sent: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    busy: bool = False


class Notifier:
    """Sends through ``post``; what belongs to a rehearsal goes to ``rehearsals``."""

    def __init__(
        self, ledger: Ledger, engine: sa.Engine, post: Post, *, rehearsals: Post,
        addresses: Addresses | None = None, hour: time = HOUR,
        clock: Callable[[], datetime] = wall_clock,
    ) -> None:  # fmt: skip
        self._ledger = ledger
        self._post = post
        self._rehearsals = rehearsals
        self._addresses = addresses or Addresses()
        self._clock = clock
        self.deliveries = Deliveries(engine, hour)

    def collect(self) -> int:
        """Take in what the ledger has to tell; return how many letters are new."""
        count = collect(self._ledger, self.deliveries.engine)
        if count:
            log.info("letters_collected", count=count)
        return count

    def send(self, *, at_once: bool = False) -> Sent:
        """Collect, then send every digest that is due; rehearsals ``at_once`` when asked.

        A digest is shut before it is delivered and marked after: a crash in between
        delivers it again under the same key. A failure holds back only that person.
        """
        deliveries = self.deliveries
        with alone(deliveries.engine, deliveries.lock_file(), SEND_LOCK) as got:
            if not got:
                return Sent(busy=True)
            self.collect()
            return self._each(self._send, at_once)

    def simulate(self, post: Post, *, at_once: bool = False) -> Sent:
        """Collect, hand every digest that is due to ``post``, and mark none of them."""
        self.collect()

        def shown(digest: Digest) -> bool:
            self._hand_over(post, digest)
            return True

        return self._each(shown, at_once)

    def retry(self, key: str) -> bool:
        """Let a failed or given-up digest go again; False when there is none of that key."""
        return self.deliveries.retry(key, now=self._clock())

    def _each(self, send: Callable[[Digest], bool], at_once: bool) -> Sent:
        """Send what is due in ledger order; who has to wait waits with all that follows."""
        done: dict[bool, list[str]] = {True: [], False: []}
        waiting: set[tuple[str, str]] = set()
        for digest in self.deliveries.pending():
            lane = (digest.person, digest.rehearsal)
            if lane in waiting:
                continue
            if not self.deliveries.ready(digest, now=self._clock(), at_once=at_once):
                waiting.add(lane)
                continue
            sent = send(digest)
            done[sent].append(digest.key)
            if not sent:
                waiting.add(lane)
        return Sent(sent=tuple(done[True]), failed=tuple(done[False]))

    def _send(self, digest: Digest) -> bool:
        if not self.deliveries.begin(digest):
            log.error("digest_given_up", digest=digest.key, attempts=digest.attempts)
            return False
        try:
            self._hand_over(self._rehearsals if digest.rehearsal else self._post, digest)
        except Exception as error:
            self._note(digest, error)
            return False
        self.deliveries.sent(digest, now=self._clock())
        log.info("digest_sent", digest=digest.key, count=digest.letters)
        return True

    def _note(self, digest: Digest, error: Exception) -> None:
        attempts, kind = digest.attempts + 1, type(error).__name__
        if self.deliveries.failed(digest, error, now=self._clock()) == "dead":
            log.error("digest_given_up", digest=digest.key, attempts=attempts, error_type=kind)
        else:
            log.warning("digest_failed", digest=digest.key, attempts=attempts, error_type=kind)

    def _hand_over(self, post: Post, digest: Digest) -> None:
        letters = self.deliveries.letters(digest.key)
        post.deliver(
            key=digest.key, person=digest.person,
            address=self._addresses.of(digest.person),
            subject=subject(digest, letters), body=body(digest, letters),
        )  # fmt: skip
