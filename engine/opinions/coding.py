"""Code answers: read the original, say it in other words, settle what it is about.

The original stays sealed. Whoever is concerned reads the paraphrase, which shares no run
of words with it, and holds no number, address, illness or person.

Source: domain S03, P04, P26.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterator
from datetime import date
from difflib import SequenceMatcher

from engine.opinions.answers.batches import Batches
from engine.opinions.answers.coded import Codings, Settled
from engine.opinions.answers.pool import Pool
from engine.opinions.answers.rows import Answer, Answers
from engine.opinions.batch import Tally
from engine.opinions.blocks import cells
from engine.opinions.refusals import (
    AnswerEmpty,
    AnswerUnknown,
    AspectNotAnId,
    BatchNotInCoding,
    TooMuchOfTheOriginal,
)
from engine.opinions.screening import screened
from engine.refusal import Refused, refuse
from engine.text import checked_text
from engine.vault.door import is_id
from engine.vault.port import Vault
from engine.vault.sealing import taken_back

ALIKE = 8
"""So many signs in a row of the original tell who wrote it."""

CODING = "coding"


class Coding:
    """What the collector does between shutting and closing a batch."""

    def __init__(
        self, batches: Batches, pool: Pool, answers: Answers, codings: Codings, vault: Vault,
        *, limit_bytes: int,
    ) -> None:  # fmt: skip
        self._batches = batches
        self._pool = pool
        self._answers = answers
        self._codings = codings
        self._vault = vault
        self._limit_bytes = limit_bytes

    def originals(
        self, batch: str, *, reader: str, purpose: str = CODING
    ) -> Iterator[tuple[Answer, str]]:
        """Yield each answer with what it says; every reading is on record.

        Raises:
            BatchNotInCoding: answers still come in, or coding is over.
        """
        found = self._batches.get(batch)
        if found.state != "coding":
            raise BatchNotInCoding(batch, found.state)
        for answer in self._answers.of(batch):
            original = answer.original
            yield (
                answer,
                self._vault.open(original, reader=reader, purpose=purpose) if original else "",
            )

    def code(
        self, answer: str, text: str, *, by: str, aspect: str, problem: str | None = None,
        no_names: Collection[str] = (),
    ) -> str:  # fmt: skip
        """Return the problem that an opinion of ``answer`` became part of.

        ``text`` says it in other words. An answer may be coded several times, once for
        each opinion in it. ``no_names`` are words that look like names and are none; the
        problem counts them.

        Raises:
            Refused: no such answer or problem, or the words are too much like the
                original, or name somebody; every reason.
        """
        found = self._found(answer)
        if found.original is None:
            raise AnswerEmpty(answer)
        checked_text(text, limit_bytes=self._limit_bytes)
        original = self._vault.open(found.original, reader=by, purpose=CODING)
        against = screened(text, "paraphrase", original=original, no_names=no_names)
        odd = () if is_id(aspect) else (AspectNotAnId(),)
        refuse((*odd, *_alike(text, original), *against.reasons))
        cycle = self._batches.get(found.batch).cycle
        paraphrase = self._vault.seal(text, subject=cycle, by=by)
        with taken_back(self._vault, (paraphrase,), Refused):
            return self._codings.code(
                answer, aspect=aspect, paraphrase=paraphrase, problem=problem,
                overruled=against.overruled,
            )  # fmt: skip

    def spoil(self, answer: str) -> None:
        """Set an answer aside that cannot be counted; see ``Codings.spoil``."""
        self._codings.spoil(answer)

    def merge(self, problem: str, into: str) -> None:
        """Let ``problem`` live on in ``into``, with every source it has."""
        self._codings.settle(problem, "merged", into=into)

    def explain(
        self, problem: str, reply: str, *, by: str, no_names: Collection[str] = ()
    ) -> None:
        """Settle a problem by an explanation that its channels are told."""
        self._answer(problem, "explained", reply, by, no_names)

    def rule_out(
        self, problem: str, reply: str, *, by: str, no_names: Collection[str] = ()
    ) -> None:
        """Settle a problem that is not this unit's; its channels are told whose it is."""
        self._answer(problem, "out_of_remit", reply, by, no_names)

    def tally(self, batch: str) -> Tally:
        """Return the counts of a batch; they add up by themselves.

        While it is open every answer counts as uncoded. A channel without forms has
        opinions alone.
        """
        asked = self._batches.get(batch)
        opinions = self._codings.opinions(batch)
        if asked.channel != "form":
            return Tally(opinions=opinions)
        standings = [answer.standing for answer in self._answers.of(batch)]
        return Tally(
            issued=asked.issued, valid=standings.count("valid"),
            blank=standings.count("blank"), spoiled=standings.count("spoiled"),
            uncoded=standings.count("uncoded") + len(self._pool.entries(batch)),
            opinions=opinions,
        )  # fmt: skip

    def close(self, batch: str, *, today: date) -> Tally:
        """Return the counts of a batch that is coded; its results are fixed. Again: the same.

        Raises:
            BatchNotInCoding, BatchNotCoded.
        """
        asked = self._batches.get(batch)
        if asked.state != "closed":
            shown = cells(self._codings.heard(batch), k=asked.k)
            self._codings.close(batch, shown, today=today)
        return self.tally(batch)

    def cycle_of(self, answer: str) -> str:
        """Return the cycle that ``answer`` was given for.

        Raises:
            AnswerUnknown: there is no such answer.
        """
        return self._batches.get(self._found(answer).batch).cycle

    def _found(self, answer: str) -> Answer:
        found = self._answers.get(answer)
        if found is None:
            raise AnswerUnknown(answer)
        return found

    def _answer(
        self, problem: str, to: Settled, reply: str, by: str, no_names: Collection[str]
    ) -> None:
        checked_text(reply, limit_bytes=self._limit_bytes)
        against = screened(reply, "reply", no_names=no_names)
        refuse(against.reasons)
        cycle = self._codings.problem(problem).cycle
        sealed = self._vault.seal(reply, subject=cycle, by=by)
        with taken_back(self._vault, (sealed,), Refused):
            self._codings.settle(problem, to, reply=sealed, overruled=against.overruled)


def _alike(text: str, original: str) -> Iterator[Refused]:
    own, theirs = _words(text), _words(original)
    matcher = SequenceMatcher(None, own, theirs, autojunk=False)
    alike = matcher.find_longest_match().size
    if alike >= min(ALIKE, max(2, len(theirs))):
        yield TooMuchOfTheOriginal(alike)


def _words(text: str) -> str:
    """Return ``text`` without what a copyist changes: width, case, gaps, stops."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(sign for sign in folded if sign.isalnum())
