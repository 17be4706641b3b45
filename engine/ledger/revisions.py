"""What every room's Alembic environment does."""

from __future__ import annotations

from alembic import context


def run_in_held_connection() -> None:
    """Run the migrations in the connection and version table of ``database.migrate``."""
    attributes = context.config.attributes
    context.configure(
        connection=attributes["connection"],
        version_table=attributes["version_table"],
        transactional_ddl=False,
    )
    context.run_migrations()
