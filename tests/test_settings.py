"""Settings: defaults that work, and what the environment may say."""

from __future__ import annotations

import base64
from datetime import time
from pathlib import Path

import pytest
from pydantic import ValidationError

from engine.cli.parts import USAGE
from engine.settings import Settings
from workflows.main import main


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


@pytest.mark.parametrize("other", ["TOKENS", "OPINIONS"])
def test_p01_tokens_and_answers_share_no_database_with_the_people(monkeypatch, other):
    monkeypatch.setenv("TAIZHANG_PEOPLE_URL", "postgresql://h/one")
    monkeypatch.setenv(f"TAIZHANG_{other}_URL", "postgresql://h/one")

    with pytest.raises(ValidationError, match="a database each"):
        Settings()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("postgresql://h/tok", "postgresql://h/tok?application_name=x"),
        ("postgresql://h/tok", "postgresql+psycopg://who:secret@H:5432/tok"),
        ("postgresql://h/tok", "postgresql://h./tok?sslmode=require"),
        ("postgresql://localhost/tok", "postgresql://127.0.0.1/tok"),
        ("postgresql://localhost/tok", "postgresql://[::1]:5432/tok"),
        ("postgresql://localhost/tok", "postgresql:///tok"),
        ("postgresql://localhost/tok", "postgresql:///tok?host=/run/postgresql"),
        ("postgresql://localhost/tok", "postgresql://%2Frun%2Fpostgresql/tok"),
        ("postgresql://h:6000/tok", "postgresql:///tok?host=h&port=6000"),
        ("postgresql://h/tok", "postgresql://h/other?dbname=tok"),
        ("postgresql://h/tok", "postgresql://tok@h"),
        ("postgresql://h:6000/tok", "postgresql:///tok?host=a:1&host=h:6000"),
        ("postgresql://10.0.0.1/tok", "postgresql://x/tok?hostaddr=10.0.0.1"),
    ],
)
def test_p01_one_server_and_database_is_one_however_it_is_spelled(monkeypatch, one, other):
    monkeypatch.setenv("TAIZHANG_TOKENS_URL", one)
    monkeypatch.setenv("TAIZHANG_OPINIONS_URL", other)

    with pytest.raises(ValidationError, match="TAIZHANG_TOKENS_URL and TAIZHANG_OPINIONS_URL"):
        Settings()


def test_a_url_that_says_no_host_means_that_of_libpq(monkeypatch):
    monkeypatch.setenv("PGHOST", "db")
    monkeypatch.setenv("TAIZHANG_TOKENS_URL", "postgresql:///tok")
    monkeypatch.setenv("TAIZHANG_OPINIONS_URL", "postgresql://db/tok")

    with pytest.raises(ValidationError, match="a database each"):
        Settings()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("postgresql://h/tok", "postgresql://h/ans"),
        ("postgresql://h/tok", "postgresql://g/tok"),
        ("postgresql://h/tok", "postgresql://h:5433/tok"),
        ("postgresql://h/tok", "postgresql://h/TOK"),
        ("postgresql://a:1@h/tok", "postgresql://a:1@h/ans"),
        ("sqlite:///a.db", "sqlite:///b.db"),
        ("sqlite://", "sqlite://"),
        ("sqlite:///tok", "postgresql:///tok"),
        ("no url", "none either"),
    ],
)
def test_two_databases_are_two(monkeypatch, one, other):
    monkeypatch.setenv("TAIZHANG_TOKENS_URL", one)
    monkeypatch.setenv("TAIZHANG_OPINIONS_URL", other)

    assert (Settings().tokens, Settings().opinions) == (one, other)


@pytest.mark.parametrize("written", [True, False], ids=["there", "not yet there"])
@pytest.mark.parametrize(
    "other",
    ["sqlite:///./tok.db", "sqlite:///{}/x/../tok.db", "sqlite+pysqlite:///{}/tok.db?timeout=9",
     "sqlite:///{}/link/tok.db", "sqlite:///file:tok.db?uri=true",
     "sqlite:///file:{}/tok.db?uri=true&mode=rwc"],
)  # fmt: skip
def test_p01_one_file_is_one_however_it_is_spelled(monkeypatch, tmp_path, other, written):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "link").symlink_to(tmp_path)
    if written:
        (tmp_path / "tok.db").touch()
    monkeypatch.setenv("TAIZHANG_TOKENS_URL", f"sqlite:///{tmp_path}/tok.db")
    monkeypatch.setenv("TAIZHANG_OPINIONS_URL", other.format(tmp_path))

    with pytest.raises(ValidationError, match="a database each"):
        Settings()


def test_a_file_under_a_second_name_is_one_database(monkeypatch, tmp_path):
    (tmp_path / "a.db").touch()
    (tmp_path / "b.db").hardlink_to(tmp_path / "a.db")
    monkeypatch.setenv("TAIZHANG_LEDGER_URL", f"sqlite:///{tmp_path}/a.db")
    monkeypatch.setenv("TAIZHANG_VAULT_URL", f"sqlite:///{tmp_path}/b.db")

    with pytest.raises(ValidationError, match="a database of its own"):
        Settings()


def test_the_file_another_store_has_unless_told_otherwise_is_taken(monkeypatch, tmp_path):
    monkeypatch.setenv("TAIZHANG_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("TAIZHANG_OPINIONS_URL", f"sqlite:///{tmp_path}/tokens.db")

    with pytest.raises(ValidationError, match="a database each"):
        Settings()


def test_every_collision_is_told_at_once_with_both_settings(monkeypatch):
    for name in ("LEDGER", "VAULT", "PEOPLE", "TOKENS", "OPINIONS"):
        monkeypatch.setenv(f"TAIZHANG_{name}_URL", "postgresql://who:secret@h/one")

    with pytest.raises(ValidationError) as refused:
        Settings()

    (told,) = refused.value.errors(include_input=False)
    lines = str(told["ctx"]["error"]).splitlines()
    assert len(lines) == 8
    assert lines[0].startswith("TAIZHANG_LEDGER_URL 与 TAIZHANG_VAULT_URL 指向同一个数据库")
    assert "secret" not in str(refused.value)


def test_people_may_lie_with_the_ledger_or_with_the_vault(monkeypatch):
    monkeypatch.setenv("TAIZHANG_PEOPLE_URL", "postgresql://h/one")
    for other in ("LEDGER", "VAULT"):
        with monkeypatch.context() as shared:
            shared.setenv(f"TAIZHANG_{other}_URL", "postgresql://h/one")

            assert Settings().people == "postgresql://h/one"


def test_the_command_line_says_which_settings_name_one_database(monkeypatch, capsys):
    monkeypatch.setenv("TAIZHANG_TOKENS_URL", "postgresql://localhost/one")
    monkeypatch.setenv("TAIZHANG_OPINIONS_URL", "postgresql:///one")

    with pytest.raises(SystemExit) as left:
        main()

    assert left.value.code == USAGE
    assert capsys.readouterr().err == (
        "TAIZHANG_TOKENS_URL 与 TAIZHANG_OPINIONS_URL 指向同一个数据库:"
        "凭证、意见须各用自己的数据库 | TAIZHANG_TOKENS_URL and TAIZHANG_OPINIONS_URL name one "
        "database: tokens and opinions need a database each\n"
    )


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
