"""What only a database has to prove: that nobody reads it without the keys."""

from __future__ import annotations

import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from engine.vault import keys
from engine.vault.cipher import seal, unseal
from engine.vault.port import TamperedError, TracesLeftError
from engine.vault.schema import CHECK, KEY, OBJECT, READ
from engine.vault.sql import SqlVault, open_vault

MASTER = bytes(range(32))
OTHER = bytes(32)
SECRET = "重业务、轻学习 CANARY"


@pytest.fixture
def vault(database):
    return database(MASTER)


def wrapped_key(vault: SqlVault, subject: str) -> bytes:
    with vault.engine.connect() as connection:
        found = connection.scalar(sa.select(KEY.c.wrapped).where(KEY.c.subject == subject))
    return bytes(found)


def left_of(key: bytes, files: bytes) -> list[bytes]:
    """Return every eight bytes of ``key`` still to be found: a part is a trace too."""
    return [key[n : n + 8] for n in range(len(key) - 7) if key[n : n + 8] in files]


def test_no_table_holds_plain_text(vault):
    content = vault.seal(SECRET, subject="m05", by="m09")
    vault.open(content, reader="m05", purpose="reply")
    with vault.engine.connect() as connection:
        rows = [row for t in (KEY, OBJECT, READ) for row in connection.execute(sa.select(t))]
    held = b"".join(v if isinstance(v, bytes) else str(v).encode() for r in rows for v in r)

    assert b"CANARY" not in held
    assert "轻学习".encode() not in held


def test_the_files_hold_no_plain_text(tmp_path):
    open_vault(f"sqlite:///{tmp_path}/vault.db", MASTER).seal(SECRET, subject="a", by="b")
    files = [path.read_bytes() for path in tmp_path.iterdir()]

    assert files
    assert not any(b"CANARY" in held or "轻学习".encode() in held for held in files)


def test_another_master_key_is_refused_before_it_seals_anything(database):
    content = database(MASTER).seal(SECRET, subject="m05", by="m09")

    with pytest.raises(keys.MasterKeyError, match="another master key"):
        database(OTHER)
    assert database(MASTER).open(content, reader="m05", purpose="reply") == SECRET


def test_a_vault_older_than_the_check_is_checked_by_its_keys(vault, database):
    vault.seal(SECRET, subject="m05", by="m09")
    with vault.engine.begin() as connection:
        connection.execute(sa.delete(CHECK))

    with pytest.raises(keys.MasterKeyError):
        database(OTHER)
    assert database(MASTER)


def test_under_another_master_key_nothing_opens(vault):
    content = vault.seal(SECRET, subject="m05", by="m09")

    with pytest.raises(TamperedError):
        SqlVault(vault.engine, OTHER).open(content, reader="m05", purpose="reply")
    assert vault.reads() == []


def test_an_object_moved_to_another_subject_is_refused(vault):
    content = vault.seal(SECRET, subject="m05", by="m09")
    vault.seal("x", subject="m06", by="m09")
    with vault.engine.begin() as connection:
        connection.execute(sa.update(OBJECT).values(subject="m06"))

    with pytest.raises(TamperedError):
        vault.open(content, reader="m05", purpose="reply")


def test_an_object_is_bound_to_its_subject_and_not_only_to_a_key(vault):
    content = vault.seal(SECRET, subject="m05", by="m09")
    vault.seal("x", subject="m06", by="m09")
    data_key = unseal(MASTER, wrapped_key(vault, "m05"), bound="key|m05")
    lent = seal(MASTER, data_key, bound="key|m06")
    with vault.engine.begin() as connection:
        connection.execute(sa.update(KEY).where(KEY.c.subject == "m06").values(wrapped=lent))
        connection.execute(sa.update(OBJECT).values(subject="m06"))

    with pytest.raises(TamperedError):
        vault.open(content, reader="m05", purpose="reply")


def test_an_object_put_in_the_place_of_another_is_refused(vault):
    first = vault.seal(SECRET, subject="m05", by="m09")
    second = vault.seal("其他", subject="m05", by="m09")
    first_id, second_id = first.split(":")[1], second.split(":")[1]
    with vault.engine.begin() as connection:
        connection.execute(sa.delete(OBJECT).where(OBJECT.c.id == first_id))
        connection.execute(
            sa.update(OBJECT).where(OBJECT.c.id == second_id).values(id=first_id)
        )
    spliced = f"sealed:{first_id}:{second.split(':')[2]}"

    for content in (first, spliced):
        with pytest.raises(TamperedError):
            vault.open(content, reader="m05", purpose="reply")


def test_a_key_given_to_another_subject_is_refused(vault):
    vault.seal(SECRET, subject="m05", by="m09")
    content = vault.seal("x", subject="m06", by="m09")
    stolen = wrapped_key(vault, "m05")
    with vault.engine.begin() as connection:
        connection.execute(sa.update(KEY).where(KEY.c.subject == "m06").values(wrapped=stolen))

    with pytest.raises(TamperedError):
        vault.open(content, reader="m06", purpose="reply")


@pytest.mark.parametrize("changed", [b"", b"short", b"0" * 60])
def test_changed_bytes_are_refused(vault, changed):
    content = vault.seal(SECRET, subject="m05", by="m09")
    with vault.engine.begin() as connection:
        connection.execute(sa.update(OBJECT).values(sealed=changed))

    with pytest.raises(TamperedError):
        vault.open(content, reader="m05", purpose="reply")


@pytest.mark.parametrize("act", [sa.delete(READ), sa.update(READ).values(purpose="other")])
def test_the_record_of_readings_cannot_be_changed(vault, act):
    vault.open(vault.seal(SECRET, subject="a", by="b"), reader="a", purpose="reply")

    with (
        pytest.raises(sa.exc.DBAPIError, match="append-only"),
        vault.engine.begin() as connection,
    ):
        connection.execute(act)
    assert [read.purpose for read in vault.reads()] == ["reply"]


def test_a_destruction_is_recorded_once_and_for_all(vault):
    vault.seal(SECRET, subject="m05", by="m09")
    vault.destroy("m05", by="archivist", reason="retention")
    vault.destroy("m05", by="intruder", reason="other")
    with vault.engine.connect() as connection:
        row = connection.execute(sa.select(KEY)).one()

    assert (row.wrapped, row.destroyed_by, row.reason) == (None, "archivist", "retention")


def test_a_destroyed_key_is_gone_from_the_sqlite_files(tmp_path):
    vault = open_vault(f"sqlite:///{tmp_path}/vault.db", MASTER)
    for number in range(9):
        vault.seal(SECRET, subject=f"m{number}", by="m09")
    gone, kept = wrapped_key(vault, "m4"), wrapped_key(vault, "m5")
    vault.destroy("m4", by="archivist", reason="retention")
    files = b"".join(path.read_bytes() for path in tmp_path.iterdir())

    assert kept in files
    assert not left_of(gone, files)


def table_file(vault):
    with vault.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text("CHECKPOINT"))
        held = sa.text("SELECT pg_read_binary_file(pg_relation_filepath('vault_key'))")
        return bytes(connection.scalar(held))


def test_a_destroyed_key_is_gone_from_the_postgresql_table(postgres_url):
    vault = open_vault(postgres_url, MASTER)
    for number in range(9):
        vault.seal(SECRET, subject=f"m{number}", by="m09")
    gone, kept = wrapped_key(vault, "m4"), wrapped_key(vault, "m5")
    vault.destroy("m4", by="archivist", reason="retention")

    assert kept in table_file(vault)
    assert not left_of(gone, table_file(vault))


LOOKS = {
    "at the keys": "SELECT count(*) FROM vault_key",
    "at something else": "SELECT count(*) FROM vault_version",
}


@pytest.mark.parametrize("looks", LOOKS)
def test_a_key_that_a_reader_of_postgresql_keeps_alive_is_said_and_goes_the_second_time(
    postgres_url, monkeypatch, looks
):
    monkeypatch.setattr("engine.ledger.database.BUSY_TIMEOUT_S", 0.5)
    vault = open_vault(postgres_url, MASTER)
    vault.seal(SECRET, subject="m05", by="m09")
    gone = wrapped_key(vault, "m05")
    with vault.engine.connect().execution_options(isolation_level="REPEATABLE READ") as reader:
        reader.execute(sa.text(LOOKS[looks]))
        with pytest.raises(TracesLeftError, match="once more"):
            vault.destroy("m05", by="archivist", reason="retention")
        assert left_of(gone, table_file(vault))

    vault.destroy("m05", by="archivist", reason="retention")
    assert not left_of(gone, table_file(vault))


def tried_in_vain(vault):
    """Return once PostgreSQL has rewritten the keys and its session asks for nothing more."""
    tried = sa.text(
        "SELECT count(*) FROM pg_stat_activity WHERE state = 'idle' AND query LIKE 'VACUUM%'"
        " AND datname = current_database()"
    )
    with vault.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as watcher:
        while not watcher.scalar(tried):
            time.sleep(0.01)


def test_a_destruction_waits_for_a_reader_of_postgresql_who_leaves(postgres_url):
    vault = open_vault(postgres_url, MASTER)
    vault.seal(SECRET, subject="m05", by="m09")
    gone = wrapped_key(vault, "m05")
    with ThreadPoolExecutor(1) as pool:
        isolated = vault.engine.connect().execution_options(isolation_level="REPEATABLE READ")
        with isolated as reader:
            reader.execute(sa.text(LOOKS["at something else"]))
            done = pool.submit(vault.destroy, "m05", by="archivist", reason="retention")
            tried_in_vain(vault)
            assert not done.done()
        done.result()

    assert not left_of(gone, table_file(vault))


def test_traces_a_reader_keeps_alive_are_said_and_go_the_second_time(tmp_path, monkeypatch):
    monkeypatch.setattr("engine.ledger.database.BUSY_TIMEOUT_S", 0.05)
    vault = open_vault(f"sqlite:///{tmp_path}/vault.db", MASTER)
    vault.seal(SECRET, subject="m05", by="m09")
    with vault.engine.connect() as reader:
        reader.execute(sa.select(KEY)).all()
        with pytest.raises(TracesLeftError, match="once more"):
            vault.destroy("m05", by="archivist", reason="retention")

    vault.destroy("m05", by="archivist", reason="retention")


def test_a_command_sent_twice_at_once_is_sealed_once(vault):
    def sealed(_: int) -> str:
        return vault.seal(SECRET, subject="m05", by="m09", key="c1|content")

    with ThreadPoolExecutor(8) as pool:
        references = set(pool.map(sealed, range(16)))

    assert len(references) == 1


def test_a_backup_without_the_master_key_tells_nothing(tmp_path):
    url = tmp_path / "vault.db"
    open_vault(f"sqlite:///{url}", MASTER).seal(SECRET * 40, subject="m05", by="m09")
    dump = "\n".join(_dump(url))

    assert "CANARY" not in dump
    assert MASTER.hex() not in dump.lower()


def _dump(path):
    with sqlite3.connect(path) as connection:
        return list(connection.iterdump())
