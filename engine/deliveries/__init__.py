"""Deliveries to plugins: in ledger order, at least once, retried, then dead letters."""
