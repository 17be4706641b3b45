"""Notices beside the worker: they go out by themselves and never harm it."""

from __future__ import annotations

import json
import threading
import time
from contextlib import contextmanager

import pytest
from pydantic import SecretStr
from structlog.testing import capture_logs

from engine.ledger.port import LedgerUnavailableError
from engine.ledger.sql import open_ledger
from engine.record import EventEnvelope
from engine.settings import Settings
from engine.vault.sql import open_vault
from workflows import notifying
from workflows.embedded import Stack

KEY = "m01/2026-01-05"
DATA = {"issue": 4, "at": "2026-01-05T02:00:00Z", "by": "engine", "to": ["m01"]}
TOLD = EventEnvelope(
    stream="issue/c1/4", version=1, kind="MassRejected", command="c", data=DATA
)


@pytest.fixture(autouse=True)
def often(monkeypatch):
    monkeypatch.setattr(notifying, "EVERY_S", 0.02)


@pytest.fixture
def settings(tmp_path):
    made = Settings(data_dir=tmp_path)
    open_ledger(made.ledger).append([TOLD])
    return made


def waited(until, limit_s=30):
    deadline = time.monotonic() + limit_s
    while not until():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def keys(settings):
    file = settings.data_dir / "notices" / "2026-01-05.jsonl"
    return (
        [json.loads(x)["key"] for x in file.read_text().splitlines()] if file.exists() else []
    )


@contextmanager
def beside(settings, ledger=None):
    with notifying.notifying(settings, ledger or (lambda: open_ledger(settings.ledger))):
        yield


def test_a_notice_goes_out_by_itself_and_once(settings):
    for _ in range(2):
        with beside(settings):
            waited(lambda: keys(settings))
            time.sleep(0.1)

    assert keys(settings) == [KEY]


def test_a_database_that_is_away_delays_notices_and_nothing_else(settings):
    away = [1, 2, 3]

    def ledger():
        if away:
            away.pop()
            raise LedgerUnavailableError("away")
        return open_ledger(settings.ledger)

    with capture_logs() as lines, beside(settings, ledger):
        waited(lambda: keys(settings))

    failed = [line["error_type"] for line in lines if line["event"] == "notices_failed"]
    assert failed == ["LedgerUnavailableError"] * 3


def test_simulation_says_each_digest_once_and_sends_none(settings):
    simulated = settings.model_copy(update={"notices": "simulate"})
    with capture_logs() as lines, beside(simulated):
        waited(lambda: any(line["event"] == "digest_simulated" for line in lines))
        time.sleep(0.1)

    said = [line["digest"] for line in lines if line["event"] == "digest_simulated"]
    assert (said, keys(settings)) == ([KEY], [])


def test_switched_off_there_is_no_thread(settings):
    with beside(settings.model_copy(update={"notices": "off"})):
        assert "notices" not in [thread.name for thread in threading.enumerate()]


def test_a_name_is_read_from_the_vault_for_the_purpose_of_a_notice(tmp_path):
    settings = Settings(data_dir=tmp_path, notice_urls=SecretStr("json://x"))
    vault = open_vault(settings.vault, notifying.master_key(settings))
    name = vault.seal("陈默", subject="m01", by="m02")

    assert notifying._names(settings)(name) == "陈默"
    assert [(r.reader, r.purpose) for r in vault.reads()] == [("notices", "notice")]
    vault.destroy("m01", by="m02", reason="left")
    assert notifying._names(settings)(name) is None


def test_plugin_code_never_sees_the_addresses_of_notices(monkeypatch, tmp_path):
    monkeypatch.setenv("TAIZHANG_NOTICE_URLS", "json://u:CANARY@x")
    stack = Stack(Settings(data_dir=tmp_path, notice_urls=SecretStr("json://u:CANARY@x")))

    assert "CANARY" not in str(stack._environment("host"))
    assert stack._environment("worker")["TAIZHANG_NOTICE_URLS"] == "json://u:CANARY@x"


def test_the_real_worker_sends_what_reaches_the_ledger(settings):
    stack = Stack(settings)
    try:
        stack.start()
        waited(lambda: keys(settings))
    finally:
        stack.stop()

    assert keys(settings) == [KEY]
    assert "notices_failed" not in (settings.data_dir / "worker.log").read_text("utf-8")
