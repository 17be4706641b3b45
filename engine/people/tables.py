"""The tables of people: opaque ids, dates, hashes. Names are references into the vault."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from engine.ledger.database import connect, migrate

SCRIPTS = Path(__file__).parent / "migrations"
WRITE_LOCK = 7_214_021

metadata = sa.MetaData()
UNIT = sa.Table(
    "people_unit",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("kind", sa.String(20)),
    sa.Column("name", sa.String(200)),
    sa.Column("parent", sa.String(64)),
)
PERSON = sa.Table(
    "people_person",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("name", sa.String(120)),
)
MEMBERSHIP = sa.Table(
    "people_membership",
    metadata,
    sa.Column("person", sa.String(64), primary_key=True),
    sa.Column("unit", sa.String(64), primary_key=True),
    sa.Column("role", sa.String(40), primary_key=True),
    sa.Column("first", sa.String(10), primary_key=True),
    sa.Column("last", sa.String(10)),
)
RECORD = sa.Table(
    "people_record",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("at", sa.String(40)),
    sa.Column("by", sa.String(64)),
    sa.Column("act", sa.String(40)),
    sa.Column("about", sa.String(64)),
    sa.Column("detail", sa.Text),
)
ACCOUNT = sa.Table(
    "people_account",
    metadata,
    sa.Column("person", sa.String(64), primary_key=True),
    sa.Column("login", sa.String(64), unique=True),
    sa.Column("hash", sa.String(200)),
    sa.Column("closed", sa.Boolean),
    sa.Column("given", sa.Boolean),
)
FAILURE = sa.Table(
    "people_failure",
    metadata,
    sa.Column("login", sa.String(64), primary_key=True),
    sa.Column("failures", sa.Integer),
    sa.Column("last", sa.String(40)),
    sa.Column("until", sa.String(40)),
)
WINDOW = sa.Table(
    "people_window",
    metadata,
    sa.Column("key", sa.String(80), primary_key=True),
    sa.Column("start", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("tries", sa.Integer),
)
SESSION = sa.Table(
    "people_session",
    metadata,
    sa.Column("hash", sa.String(64), primary_key=True),
    sa.Column("person", sa.String(64)),
    sa.Column("method", sa.String(10)),
    sa.Column("made_at", sa.String(40)),
    sa.Column("seen_at", sa.String(40)),
)
TOKEN = sa.Table(
    "people_token",
    metadata,
    sa.Column("prefix", sa.String(12), primary_key=True),
    sa.Column("hash", sa.String(64)),
    sa.Column("person", sa.String(64)),
    sa.Column("scopes", sa.Text),
    sa.Column("made_on", sa.String(10)),
    sa.Column("expires_on", sa.String(10)),
    sa.Column("used_on", sa.String(10)),
    sa.Column("revoked_on", sa.String(10)),
    sa.Column("made_with", sa.String(12)),
)
DELEGATION = sa.Table(
    "people_delegation",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("giver", sa.String(64)),
    sa.Column("delegate", sa.String(64)),
    sa.Column("unit", sa.String(64)),
    sa.Column("roles", sa.Text),
    sa.Column("first", sa.String(10)),
    sa.Column("last", sa.String(10)),
    sa.Column("returned_at", sa.String(40)),
)
SUCCESSOR = sa.Table(
    "people_successor",
    metadata,
    sa.Column("cycle", sa.String(64), primary_key=True),
    sa.Column("issue", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("person", sa.String(64), primary_key=True),
    sa.Column("successor", sa.String(64)),
)
IDENTITY = sa.Table(
    "people_identity",
    metadata,
    sa.Column("issuer", sa.String(300), primary_key=True),
    sa.Column("subject", sa.String(255), primary_key=True),
    sa.Column("person", sa.String(64)),
)
PASSAGE = sa.Table(
    "people_passage",
    metadata,
    sa.Column("state", sa.String(64), primary_key=True),
    sa.Column("binding", sa.String(64)),
    sa.Column("nonce", sa.String(64)),
    sa.Column("verifier", sa.String(128)),
    sa.Column("ends_at", sa.String(40)),
)


def opened(url: str) -> sa.Engine:
    """Return an engine for the database of people, its schema up to date."""
    engine = connect(url)
    engine.hide_parameters = True  # a failing statement may be logged, its values never
    migrate(engine, SCRIPTS, "people_version")
    return engine
