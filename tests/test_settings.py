"""Settings: defaults that work, and what the environment may say."""

from __future__ import annotations

import base64
from datetime import time
from pathlib import Path

import pytest
from pydantic import ValidationError

from engine.settings import Settings


@pytest.fixture(autouse=True)
def plain(monkeypatch):
    for name in Settings.model_fields:
        monkeypatch.delenv(f"TAIZHANG_{name.upper()}", raising=False)


def test_ledger_and_vault_are_two_files_in_the_data_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("TAIZHANG_DATA_DIR", str(tmp_path))

    assert Settings().ledger == f"sqlite:///{tmp_path}/ledger.db"
    assert Settings().vault == f"sqlite:///{tmp_path}/vault.db"
    assert Settings().key_path == tmp_path / "master.key"


def test_one_database_for_ledger_and_vault_is_refused(monkeypatch):
    monkeypatch.setenv("TAIZHANG_LEDGER_URL", "postgresql+psycopg:///one")
    monkeypatch.setenv("TAIZHANG_VAULT_URL", "postgresql+psycopg:///one")

    with pytest.raises(ValidationError, match="a database of its own"):
        Settings()


def test_tokens_and_opinions_are_two_more_files(monkeypatch, tmp_path):
    monkeypatch.setenv("TAIZHANG_DATA_DIR", str(tmp_path))

    assert Settings().tokens == f"sqlite:///{tmp_path}/tokens.db"
    assert Settings().opinions == f"sqlite:///{tmp_path}/opinions.db"


@pytest.mark.parametrize("other", ["LEDGER", "VAULT", "TOKENS"])
def test_one_database_for_opinions_and_anything_else_is_refused(monkeypatch, other):
    monkeypatch.setenv(f"TAIZHANG_{other}_URL", "postgresql+psycopg:///one")
    monkeypatch.setenv("TAIZHANG_OPINIONS_URL", "postgresql+psycopg:///one")

    with pytest.raises(ValidationError, match="a database each"):
        Settings()


def test_one_database_for_tokens_and_the_ledger_is_refused(monkeypatch):
    monkeypatch.setenv("TAIZHANG_LEDGER_URL", "postgresql+psycopg:///one")
    monkeypatch.setenv("TAIZHANG_TOKENS_URL", "postgresql+psycopg:///one")

    with pytest.raises(ValidationError, match="a database each"):
        Settings()


@pytest.mark.parametrize(
    ("written", "allowed"),
    [("", frozenset()), ("open_door, x,", frozenset({"open_door", "x"}))],
)
def test_an_empty_plugin_list_is_safe_mode(monkeypatch, written, allowed):
    assert Settings().allowed_plugins is None
    monkeypatch.setenv("TAIZHANG_PLUGINS", written)

    assert Settings().allowed_plugins == allowed


def test_the_master_key_is_never_shown(monkeypatch):
    written = base64.b64encode(bytes(32)).decode()
    monkeypatch.setenv("TAIZHANG_MASTER_KEY", written)

    assert written not in repr(Settings()) + Settings().model_dump_json()


def test_a_key_file_may_lie_elsewhere(monkeypatch):
    monkeypatch.setenv("TAIZHANG_KEY_FILE", "/run/secrets/key")

    assert Settings().key_path == Path("/run/secrets/key")


def test_addresses_of_notices_are_never_shown(monkeypatch):
    monkeypatch.setenv("TAIZHANG_NOTICE_URLS", "mailto://u:CANARY@x")

    assert "CANARY" not in repr(Settings()) + Settings().model_dump_json()


def test_notices_go_out_at_half_past_eight_unless_said_otherwise(monkeypatch):
    assert (Settings().notices, Settings().notice_hour) == ("on", time(8, 30))
    monkeypatch.setenv("TAIZHANG_NOTICE_HOUR", "07:00")
    monkeypatch.setenv("TAIZHANG_NOTICES", "simulate")

    assert (Settings().notices, Settings().notice_hour) == ("simulate", time(7))


@pytest.mark.parametrize("setting", ["TEXT_LIMIT_BYTES", "COMMAND_LIMIT_BYTES"])
def test_a_limit_that_lets_nothing_through_is_refused(monkeypatch, setting):
    monkeypatch.setenv(f"TAIZHANG_{setting}", "0")

    with pytest.raises(ValidationError, match="greater than or equal to 1"):
        Settings()


@pytest.mark.parametrize(
    ("address", "host"), [("127.0.0.1:9464", "127.0.0.1:9465"), ("[::1]:9464", "[::1]:9465")]
)
def test_metrics_are_served_on_loopback_and_each_part_has_a_port(monkeypatch, address, host):
    monkeypatch.setenv("TAIZHANG_METRICS", address)

    assert [Settings().metrics_address(number) for number in (0, 1)] == [address, host]


@pytest.mark.parametrize("nothing", [None, ""])
def test_metrics_are_off_unless_somebody_asks(monkeypatch, nothing):
    if nothing is not None:
        monkeypatch.setenv("TAIZHANG_METRICS", nothing)

    assert Settings().metrics_address(0) is None


@pytest.mark.parametrize(
    "address",
    ["0.0.0.0:9464", "10.0.0.1:9464", "localhost:9464", "127.0.0.1", "127.0.0.1:65535", "9464"],
)
def test_metrics_are_served_to_nobody_else(monkeypatch, address):
    monkeypatch.setenv("TAIZHANG_METRICS", address)

    with pytest.raises(ValidationError, match="it takes loopback and a port"):
        Settings()
