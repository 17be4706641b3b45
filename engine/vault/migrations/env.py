"""Alembic's environment: runs inside the connection that ``database.migrate`` holds."""

from __future__ import annotations

from alembic import context

attributes = context.config.attributes
context.configure(
    connection=attributes["connection"], version_table=attributes["version_table"]
)
context.run_migrations()
