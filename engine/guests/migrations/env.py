"""Alembic's environment: runs inside the connection that ``database.migrate`` holds."""

from __future__ import annotations

from engine.ledger.revisions import run_in_held_connection

run_in_held_connection()
