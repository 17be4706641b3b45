"""Fixtures every room may use: a private PostgreSQL."""

from __future__ import annotations

import gc
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import psycopg
import pytest
import sqlalchemy as sa
import structlog
from hypothesis import settings

from workflows.places import leave

settings.register_profile("shared-machine", deadline=None)
settings.load_profile("shared-machine")  # another test may hold both cores

EXIT: dict[str, int] = {}


def pytest_sessionfinish(exitstatus: int) -> None:
    """Note how the session ended."""
    EXIT["status"] = int(exitstatus)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    """Leave with the session's own code: see ``workflows.places.leave`` for the reason."""
    if EXIT:
        leave(EXIT["status"])


@pytest.fixture(autouse=True, scope="module")
def swept() -> Iterator[None]:
    """The databases that the tests of a file left open are closed when the file is over."""
    yield
    gc.collect()  # pools are in cycles, and a machine may allow 1,024 open files


@pytest.fixture(autouse=True)
def uncached_logs(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No logger stays bound to the stream of a test that is over."""
    configure = structlog.configure

    def configure_uncached(**settings: Any) -> None:
        configure(**{**settings, "cache_logger_on_first_use": False})

    monkeypatch.setattr(structlog, "configure", configure_uncached)
    yield
    structlog.reset_defaults()


def _binary(name: str) -> str:
    found = shutil.which(name) or next(
        (str(p) for p in sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))), None
    )
    if found is None:
        pytest.fail("the tests need PostgreSQL: apt-get install postgresql")
    return found


def _run(*command: str) -> None:
    as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    done = subprocess.run([*as_user, *command], capture_output=True, text=True, cwd="/")
    assert done.returncode == 0, done.stderr + done.stdout


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """A cluster of our own on a Unix socket, as user postgres; yields its URL."""
    folder = Path(tempfile.mkdtemp(prefix="tzpg"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
    data, log = folder / "data", folder / "log"
    _run(_binary("initdb"), "-D", str(data), "-U", "postgres", "-A", "trust", "--no-sync")
    options = f"-k {folder} -c listen_addresses='' -c fsync=off"
    _run(_binary("pg_ctl"), "-D", str(data), "-l", str(log), "-o", options, "-w", "start")
    yield f"postgresql+psycopg://postgres@/{{name}}?host={quote(str(folder))}"
    _run(_binary("pg_ctl"), "-D", str(data), "-m", "immediate", "-w", "stop")
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def closed_connections() -> Iterator[None]:
    """Close what the test opened: nobody disposes of an engine that is dropped."""
    opened: list[psycopg.Connection] = []

    def note(connection: Any, _: Any) -> None:
        if isinstance(connection, psycopg.Connection):
            opened.append(connection)

    sa.event.listen(sa.pool.Pool, "connect", note)
    yield
    sa.event.remove(sa.pool.Pool, "connect", note)
    for connection in opened:
        connection.close()


@pytest.fixture
def postgres_urls(postgres_server: str, closed_connections: None) -> Callable[[], str]:
    """Make an empty database, as often as asked."""

    def made() -> str:
        name = f"t{uuid4().hex[:12]}"
        admin = sa.create_engine(
            postgres_server.format(name="postgres"), isolation_level="AUTOCOMMIT"
        )
        with admin.connect() as connection:
            connection.execute(sa.text(f'CREATE DATABASE "{name}"'))
        admin.dispose()
        return postgres_server.format(name=name)

    return made


@pytest.fixture
def postgres_url(postgres_urls: Callable[[], str]) -> str:
    """An empty database in the session's cluster."""
    return postgres_urls()
