"""Check a hash chain over stored bytes, row by row."""

from __future__ import annotations

from collections.abc import Iterable

from engine.ledger.port import GENESIS, Head, Verdict, chained


def check(rows: Iterable[tuple[int, str, str, bool]], expected: Head | None = None) -> Verdict:
    """Return the verdict over ``rows``, oldest first.

    A row is (position, stored bytes, hash, whether its other columns say what the bytes
    say). ``expected`` is a head noted earlier: with it a cut-off tail shows, which a chain
    alone cannot tell.
    """
    last, position = GENESIS, 0
    seen_expected = expected is None or expected.position == 0
    for number, stored, hashed, agrees in rows:
        head = Head(position=position, hash=last)
        if number != position + 1:
            return _bad(head, number, f"position {position + 1} is missing")
        if hashed != chained(last, stored):
            return _bad(head, number, "the stored bytes do not match their hash")
        if not agrees:
            return _bad(head, number, "the columns of the row differ from its stored bytes")
        last, position = hashed, number
        if expected and position == expected.position:
            if last != expected.hash:
                return _bad(head, number, "the chain differs from the head noted earlier")
            seen_expected = True
    head = Head(position=position, hash=last)
    if not seen_expected:
        return _bad(head, position + 1, "events after this position were cut off")
    return Verdict(ok=True, checked=position, head=head)


def _bad(head: Head, number: int, reason: str) -> Verdict:
    return Verdict(ok=False, checked=head.position, head=head, first_bad=number, reason=reason)
