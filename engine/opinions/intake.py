"""Take an answer for a token: kept first, then the token is used up, then it is thanked for.

The order is all there is to it, because two databases share no transaction:

1. the answer is kept under the token's receipt;
2. the token is used up;
3. the answer loses its receipt for a name drawn at random.

Whoever dies after 1 leaves an unused token: its holder answers again and replaces the same
answer. After 2, the holder is told that the answer has been received. So an acknowledged
answer is stored, a used token has its answer, and no answer is there twice.
"""

from __future__ import annotations

from datetime import date

from engine.opinions.answers.batches import Batches
from engine.opinions.answers.pool import Entry, Pool
from engine.opinions.refusals import BatchNotOpen, LinkNotValid
from engine.opinions.token import Keys, read
from engine.opinions.tokens.store import Tokens
from engine.text import TextRefusedError, checked_text


class Intake:
    """The door for answers by link; knows no person and writes no log."""

    def __init__(
        self, tokens: Tokens, batches: Batches, pool: Pool, keys: Keys, *, limit_bytes: int
    ) -> None:
        self._tokens = tokens
        self._batches = batches
        self._pool = pool
        self._keys = keys
        self._limit_bytes = limit_bytes

    def answer(self, batch: str, written: str, text: str, *, today: date) -> None:
        """Keep ``text`` for the token in ``written``; it is on disk when this returns.

        A text of blanks is a blank form.

        Raises:
            Refused: the link is not valid or was used, or the batch is shut; a stranger does
                not learn which batches there are.
            TextRefusedError: no store can keep the text.
        """
        token = read(self._keys, batch, written)
        asked = self._batches.get(batch)
        if asked.state != "open":
            raise BatchNotOpen(batch, asked.issued)
        body = next((b.body for b in asked.bodies if b.number == token.body), None)
        if body is None:
            raise LinkNotValid
        entry = Entry(body=body, day=today, text=checked_form(text, self._limit_bytes))
        with self._tokens.using(batch, token.kept):
            self._pool.keep(batch, entry, receipt=token.receipt)
        self._pool.settle(batch, receipt=token.receipt)


def checked_form(text: str, limit_bytes: int) -> str:
    """Return what a form says; nothing when there are only blanks on it.

    Raises:
        TextRefusedError: no store can keep the text.
    """
    try:
        return checked_text(text, limit_bytes=limit_bytes)
    except TextRefusedError:
        if text.strip():
            raise
        return ""
