"""Shut a batch: no token is left, originals are sealed, answers lie shuffled."""

from __future__ import annotations

from datetime import date

from engine.opinions.answers.batches import Batches
from engine.opinions.answers.pool import Pool
from engine.opinions.answers.rows import Answers
from engine.opinions.answers.tables import POOL
from engine.opinions.bare import swept
from engine.opinions.batch import Batch
from engine.opinions.tokens.store import SET, Tokens
from engine.vault.port import Vault
from engine.vault.subjects import OPINIONS


def originals(batch: str) -> str:
    """Return the vault's subject of a batch's originals: destroyed, they are gone."""
    return f"{OPINIONS}{batch}"


class Shutting:
    """Ends the taking of answers; what was begun and broken off is taken up again."""

    def __init__(
        self, tokens: Tokens, batches: Batches, pool: Pool, answers: Answers, vault: Vault
    ) -> None:
        self._tokens = tokens
        self._batches = batches
        self._pool = pool
        self._answers = answers
        self._vault = vault

    def shut(self, batch: str, *, by: str, today: date) -> Batch:
        """Return the batch, in coding; again changes nothing.

        Names of answers are drawn anew before anything is sealed, so neither the vault
        nor the rows know the order in which answers came.

        Raises:
            BatchUnknown: there is none of that name.
        """
        if self._batches.get(batch).state == "open":
            self._pool.shut(batch, today=today)
        if self._batches.get(batch).state == "shutting":
            self._tokens.void(batch)
            self._lay_out(batch, by)
            swept(self._tokens.engine, SET)
            swept(self._batches.engine, POOL)
        return self._batches.get(batch)

    def _lay_out(self, batch: str, by: str) -> None:
        entries = dict(sorted(self._pool.entries(batch).items()))
        sealed = {
            name: self._vault.seal(
                entry.text, subject=originals(batch), by=by, key=f"opinion/{name}"
            )
            for name, entry in entries.items()
            if entry.text
        }
        self._answers.lay_out(batch, entries, sealed)
