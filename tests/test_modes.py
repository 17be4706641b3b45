"""What lies in the data folder is its owner's alone, whatever the umask."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
import sqlalchemy as sa
from stack import real_stack
from streams import Told, ledger_of

from engine.ledger.alone import alone
from engine.ledger.database import connect
from engine.private import narrow, own_folder
from engine.reading.exports import Exports
from engine.settings import Settings
from workflows.holding import held
from workflows.stores import Stores


@pytest.fixture(autouse=True)
def permissive():
    """Let everybody do everything with what is made without care."""
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.fixture
def data(tmp_path):
    return Settings(data_dir=tmp_path / "var")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def modes(folder: Path) -> dict[str, int]:
    """The modes of a folder and of all that lies in it."""
    every = (folder, *folder.rglob("*"))
    return {str(path.relative_to(folder.parent)): mode(path) for path in every}


def open_to_others(folder: Path) -> dict[str, str]:
    return {path: f"{mode:04o}" for path, mode in modes(folder).items() if mode & 0o077}


def test_every_database_of_an_installation_is_private_while_it_is_written_to(data):
    stores = Stores(data, guarded=True)
    ledger = stores.ledger
    ledger.append([recorded.event for recorded in ledger_of(Told()).read()])
    vault, people, opinions = stores.vault, stores.people, stores.opinions
    vault.seal("x", subject="m01", by="m01")
    with held(data.data_dir):
        made = modes(data.data_dir)

    assert {Path(path).name for path in made} >= {
        "ledger.db", "ledger.db-wal", "ledger.db-shm", "vault.db", "people.db", "tokens.db",
        "opinions.db", "master.key", "lock",
    }  # fmt: skip
    assert open_to_others(data.data_dir) == {}
    assert made["var"] == 0o700
    for engine in (ledger.engine, people.organisation.engine, opinions.codings.engine):
        engine.dispose()


async def test_the_embedded_server_and_its_logs_are_private(data):
    async with real_stack(data):
        made = {Path(path).name for path in modes(data.data_dir)}
        wide = open_to_others(data.data_dir)

    assert made >= {"temporal.db", "temporal.db-wal", "running.json", "server.log"}
    assert wide == {}


def test_what_an_older_version_left_open_is_narrowed(data):
    data.data_dir.mkdir()
    url = f"sqlite:///{data.data_dir}/x.db"
    for name in ("x.db", "x.db-wal", "lock"):
        (data.data_dir / name).touch()
    assert len(open_to_others(data.data_dir)) == 4

    with connect(url).begin() as connection:
        connection.execute(sa.text("CREATE TABLE t (n INTEGER)"))
    with held(data.data_dir):
        assert open_to_others(data.data_dir) == {}
    assert mode(data.data_dir) == 0o700


def test_a_folder_that_holds_more_than_ours_is_left_alone(tmp_path, monkeypatch):
    shared = tmp_path / "shared"
    shared.mkdir()
    connect(f"sqlite:///{shared}/x.db").connect().close()
    monkeypatch.chdir(shared)
    own_folder(Path())
    sticky = tmp_path / "sticky"
    sticky.mkdir()
    sticky.chmod(0o1777)
    own_folder(sticky)

    assert mode(shared) == 0o777
    assert stat.S_IMODE(sticky.stat().st_mode) == 0o1777
    assert mode(shared / "x.db") == 0o600


def test_what_belongs_to_somebody_else_is_opened_and_left_as_it_is(data, monkeypatch):
    data.data_dir.mkdir()
    (data.data_dir / "x.db").touch()
    uid = os.geteuid()
    monkeypatch.setattr("os.geteuid", lambda: uid + 4321)

    with connect(f"sqlite:///{data.data_dir}/x.db").begin() as connection:
        connection.execute(sa.text("CREATE TABLE t (n INTEGER)"))
    own_folder(data.data_dir)
    assert (mode(data.data_dir), mode(data.data_dir / "x.db")) == (0o777, 0o666)


def test_an_export_and_a_lock_are_private_and_their_folder_is_as_it_was(data, tmp_path):
    folder = tmp_path / "out"
    folder.mkdir()
    Exports(ledger_of(Told())).save(folder / "x", lambda _: ("x",), form="ledger", by="m01")
    engine = connect(f"sqlite:///{folder}/x.db")
    with alone(engine, folder / "x.lock", 1) as got:
        assert got

    assert mode(folder) == 0o777
    assert {mode(path) for path in folder.iterdir()} == {0o600}


def test_what_is_not_there_is_not_narrowed(tmp_path):
    narrow(tmp_path / "x")
