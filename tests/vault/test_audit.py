"""Every attempt to read is one row of a chain; single objects can be destroyed."""

from __future__ import annotations

import shutil
import sqlite3

import pytest
import sqlalchemy as sa

from engine.vault.port import KeyDestroyedError, UnknownContentError
from engine.vault.schema import OBJECT, opened
from engine.vault.sql import SqlVault, open_vault

MASTER = bytes(range(32))
UNKNOWN = f"sealed:{'0' * 32}:{'0' * 64}"


@pytest.fixture
def read_twice(vault):
    content = vault.seal("问题", subject="m05", by="m09")
    vault.open(content, reader="m05", purpose="reply")
    vault.turn_away(content, reader="m07", purpose="report")
    return vault, content


def test_who_was_turned_away_is_on_record_beside_who_read(read_twice):
    vault, _ = read_twice

    assert [(r.reader, r.outcome) for r in vault.reads()] == [
        ("m05", "opened"), ("m07", "refused"),
    ]  # fmt: skip
    assert vault.verify_reads().checked == 2
    with pytest.raises(UnknownContentError):
        vault.turn_away(UNKNOWN, reader="m07", purpose="report")


def test_a_head_noted_earlier_tells_of_a_cut_tail(read_twice):
    vault, content = read_twice
    noted = vault.verify_reads().head
    vault.open(content, reader="m05", purpose="reply")

    assert vault.verify_reads(expected=noted).ok
    ahead = noted.model_copy(update={"position": 9})
    assert not vault.verify_reads(expected=ahead).ok


def test_a_row_changed_behind_our_back_breaks_the_chain(tmp_path):
    path = tmp_path / "vault.db"
    vault = SqlVault(opened(f"sqlite:///{path}"), MASTER)
    content = vault.seal("问题", subject="m05", by="m09")
    for reader in ("m05", "m06", "m07"):
        vault.open(content, reader=reader, purpose="reply")
    with sqlite3.connect(path) as raw:
        raw.execute("DROP TRIGGER vault_read_no_update")
        raw.execute("UPDATE vault_read SET reader = 'm09' WHERE number = 2")

    verdict = vault.verify_reads()
    assert (verdict.ok, verdict.first_bad) == (False, 2)


def test_a_shredded_object_is_gone_and_its_neighbours_stay(vault):
    gone = vault.seal("问题", subject="m05", by="m09", key="k")
    kept = vault.seal("其他", subject="m05", by="m09")

    assert vault.shred([gone, UNKNOWN], by="engine", reason="retention") == 1
    assert vault.shred([gone], by="engine", reason="retention") == 0
    assert vault.subject_of(gone) == "m05"
    assert vault.open(kept, reader="m05", purpose="reply") == "其他"
    with pytest.raises(KeyDestroyedError):
        vault.open(gone, reader="m05", purpose="reply")
    with pytest.raises(KeyDestroyedError):
        vault.seal("问题", subject="m05", by="m09", key="k")


def test_a_shredded_object_leaves_no_byte_in_any_file(tmp_path):
    vault = open_vault(f"sqlite:///{tmp_path}/vault.db", MASTER)
    content = vault.seal("问题" * 40, subject="m05", by="m09")
    with vault.engine.connect() as connection:
        sealed = bytes(connection.scalar(sa.select(OBJECT.c.sealed)))
    assert sealed[:8] in b"".join(p.read_bytes() for p in tmp_path.iterdir())
    vault.shred([content], by="engine", reason="retention")
    files = b"".join(p.read_bytes() for p in tmp_path.iterdir())

    assert not [n for n in range(len(sealed) - 7) if sealed[n : n + 8] in files]


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_readings_older_than_the_chain_are_chained_as_they_are(kind, request, tmp_path):
    from engine.ledger.database import connect, migrate
    from engine.vault import schema

    early = tmp_path / "early"
    shutil.copytree(schema.SCRIPTS, early)
    for later in ("0003_audit.py", "0004_withdrawing.py"):
        (early / "versions" / later).unlink()
    url = f"sqlite:///{tmp_path}/vault.db"
    if kind == "postgresql":
        url = request.getfixturevalue("postgres_url")
    engine = connect(url)
    migrate(engine, early, "vault_version")
    row = "(:n, 'sealed:1:2', 'm05', 'm05', '答复', '2026-01-05T12:00:00+00:00')"
    insert = (
        f"INSERT INTO vault_read (number, content, subject, reader, purpose, at) VALUES {row}"
    )
    with engine.begin() as connection:
        for number in (1, 3):
            connection.execute(sa.text(insert), {"n": number})
    vault = SqlVault(opened(url), MASTER)
    vault.open(vault.seal("x", subject="m05", by="m09"), reader="m05", purpose="reply")

    assert [r.purpose for r in vault.reads()] == ["答复", "答复", "reply"]
    assert vault.verify_reads().checked == 3
