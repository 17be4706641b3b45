"""Summaries for reading, followed from the ledger; they can be thrown away and rebuilt."""
