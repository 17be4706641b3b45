"""The database of people grows with the engine, and what it held before stays."""

from __future__ import annotations

import shutil
from datetime import date

import pytest
import sqlalchemy as sa

from engine.ledger.database import connect, migrate
from engine.people.delegations import Delegations
from engine.people.organisation import Organisation
from engine.people.tables import SCRIPTS, metadata, opened

LATER = ("0005_returned.py", "0006_made_with.py", "0007_given.py")
LENT = "('d-1', 'm01', 'm02', 'b2', 'branch_secretary', '2026-03-02', '2026-03-08')"


@pytest.fixture(params=["sqlite", "postgresql"])
def early(request, tmp_path):
    """The address of a database as the revisions before ``LATER`` left it."""
    url = f"sqlite:///{tmp_path}/early.db"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres_url")
    scripts = tmp_path / "early"
    shutil.copytree(SCRIPTS, scripts)
    for later in LATER:
        (scripts / "versions" / later).unlink()
    engine = connect(url)
    migrate(engine, scripts, "people_version")
    with engine.begin() as connection:
        connection.exec_driver_sql(f"INSERT INTO people_delegation VALUES {LENT}")
    engine.dispose()
    return url


def test_the_revisions_make_the_columns_that_the_tables_name(database):
    made = sa.inspect(database)

    for name, table in metadata.tables.items():
        columns = {column["name"] for column in made.get_columns(name)}
        assert columns == set(table.columns.keys()), name


def test_a_delegation_from_before_holds_on(early, clock):
    engine = opened(early)
    (lent,) = Delegations(Organisation(engine, clock), clock).of("m01")
    engine.dispose()

    assert lent.returned_at is None
    assert lent.holds(date(2026, 3, 8))
