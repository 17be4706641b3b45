"""The room of opinions as a whole: its parts over two databases and the vault."""

from __future__ import annotations

from dataclasses import dataclass

from engine.opinions.answers.batches import Batches
from engine.opinions.answers.coded import Codings
from engine.opinions.answers.pool import Pool
from engine.opinions.answers.rows import Answers
from engine.opinions.answers.tables import open_opinions
from engine.opinions.coding import Coding
from engine.opinions.intake import Intake
from engine.opinions.printing import Printing
from engine.opinions.results import Results
from engine.opinions.shutting import Shutting
from engine.opinions.token import Keys
from engine.opinions.tokens.store import open_tokens
from engine.vault.port import Vault


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinions:
    """Everything that is done with opinions, each act by the part that knows how."""

    batches: Batches
    printing: Printing
    intake: Intake
    pool: Pool
    shutting: Shutting
    coding: Coding
    codings: Codings
    results: Results
    vault: Vault


def open_room(
    *, tokens: str, opinions: str, master: bytes, vault: Vault, limit_bytes: int
) -> Opinions:
    """Return the room over the databases at these URLs, their schemas brought up to date."""
    keys, unused, engine = Keys.of(master), open_tokens(tokens), open_opinions(opinions)
    batches, pool = Batches(engine), Pool(engine, keys.pool)
    answers, codings = Answers(engine), Codings(engine)
    return Opinions(
        batches=batches,
        printing=Printing(unused, batches, keys),
        intake=Intake(unused, batches, pool, keys, limit_bytes=limit_bytes),
        pool=pool,
        shutting=Shutting(unused, batches, pool, answers, vault),
        coding=Coding(batches, pool, answers, codings, vault, limit_bytes=limit_bytes),
        codings=codings,
        results=Results(batches, codings),
        vault=vault,
    )
