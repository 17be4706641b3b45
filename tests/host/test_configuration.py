"""Configuration is held to the plugin's model; a secret is seen by the plugin alone."""

from __future__ import annotations

import subprocess
import sys

import pytest
from structlog.testing import capture_logs

from engine.host import Host, discover, leave, listing
from engine.host.apart import answers
from engine.host.health import placed
from engine.host.scopes import load

from .samples import MANIFEST, call, write_plugin

CANARY = "S3CR3T-canary"
CODE = """
from pydantic import BaseModel, SecretStr
from engine import PlanContext, StepContribution, hookimpl

class Config(BaseModel):
    seats: int = 6
    token: SecretStr = SecretStr("")

@hookimpl
def contribute_steps(ctx: PlanContext) -> list[StepContribution]:
    token = ctx.config["token"].get_secret_value()
    BODY
    return [
        StepContribution(id=f"door.s{ctx.config['seats']}", anchor="study", side="after",
                         shape="evidence")
    ]
"""
WITH_CONFIG = MANIFEST.replace('api = "1"', 'api = "2"') + 'config = "Config"\n'


def hosted(folder, config: str, body: str = "pass", manifest: str = WITH_CONFIG) -> Host:
    write_plugin(folder, "door", CODE.replace("BODY", body), manifest=manifest)
    (folder / "plugins.toml").write_text(f"[province.config.door]\n{config}\n", "utf-8")
    return Host(discover(folder, None), scopes=lambda: load(folder / "plugins.toml"))


def test_a_plugin_reads_its_configuration_with_its_defaults(tmp_path):
    answer = hosted(tmp_path, "seats = 2").invoke(call("door"))

    assert [row["id"] for row in answer.result] == ["door.s2"]


def test_a_changed_configuration_takes_effect_at_the_next_call(tmp_path):
    host = hosted(tmp_path, "seats = 2")
    (tmp_path / "plugins.toml").write_text("[unit.u.config.door]\nseats = 3", "utf-8")

    assert [row["id"] for row in host.invoke(call("door")).result] == ["door.s3"]


@pytest.mark.parametrize(
    ("config", "told"),
    [
        ("chairs = 7", "config: unknown key chairs"),
        ("seats = 'S3CR3T-canary'", "config: seats: int_parsing"),
        ("token = {env = 'NO_SUCH_VARIABLE'}", "config: token: NO_SUCH_VARIABLE is not set"),
        ("token = {file = '/no/such/file'}", "/no/such/file cannot be read: FileNotFoundError"),
    ],
)
def test_a_configuration_that_does_not_fit_is_refused_with_its_key(tmp_path, config, told):
    answer = hosted(tmp_path, config).invoke(call("door"))

    assert answer.error_code == "plugin_failed"
    assert told in str(answer.error)
    assert CANARY not in str(answer.error)


def test_a_plugin_without_a_model_takes_no_configuration(tmp_path):
    host = hosted(tmp_path, "seats = 2", manifest=WITH_CONFIG.replace('config = "Config"', ""))

    assert host.invoke(call("door")).error == "config: unknown key seats"


@pytest.mark.parametrize("name", ["Nothing", "contribute_steps"])
def test_a_model_that_is_none_is_refused_when_the_plugin_is_loaded(tmp_path, name):
    manifest = WITH_CONFIG.replace('"Config"', f'"{name}"')
    (row,) = hosted(tmp_path, "", manifest=manifest).load_all()

    assert row.error == f"plugin.toml: config: {name} is no pydantic model of the plugin"


@pytest.mark.parametrize("kind", ["env", "file"])
@pytest.mark.parametrize(
    "body",
    ["assert len(token) == 13", "raise ValueError(token)", "ctx.config['token'].nothing"],
)
def test_a_secret_is_seen_by_the_plugin_and_by_nobody_else(tmp_path, monkeypatch, kind, body):
    monkeypatch.setenv("CANARY", CANARY)
    (tmp_path / "secret").write_text(f"{CANARY}\n", "utf-8")
    where = "CANARY" if kind == "env" else tmp_path / "secret"
    with capture_logs() as lines:
        host = hosted(tmp_path, f"token = {{{kind} = '{where}'}}", body)
        leave(host.load_all(), tmp_path / "seen.json")
        answer = host.invoke(call("door"))
    rows = listing(tmp_path, None, seen=tmp_path / "seen.json")
    shown = (answer, lines, placed(rows, load(tmp_path / "plugins.toml")))

    assert answer.ok is body.startswith("assert")
    assert CANARY not in repr(shown)
    assert CANARY not in (tmp_path / "seen.json").read_text("utf-8")


def test_an_answer_that_holds_a_secret_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("CANARY", "canary_of_ours")
    body = (
        "return [StepContribution(id=f'door.{token}', anchor='study', side='after', "
        "shape='evidence')]"
    )
    answer = hosted(tmp_path, "token = {env = 'CANARY'}", body).invoke(call("door"))

    assert answer.error_code == "invalid_contribution"
    assert "canary_of_ours" not in answer.model_dump_json()


def test_a_secret_stays_in_the_process_of_its_plugin(tmp_path, monkeypatch):
    monkeypatch.setenv("CANARY", CANARY)
    hosted(tmp_path, "token = {env = 'CANARY'}", "print(token)")
    told = answers(tmp_path, [call("door")], scopes=load(tmp_path / "plugins.toml"))

    assert told[0].ok
    assert CANARY not in repr(told)


def test_what_a_plugin_prints_when_it_is_checked_reaches_nobody(tmp_path):
    write_plugin(tmp_path, "loud", f"print({CANARY!r})\nraise ValueError({CANARY!r})")
    done = subprocess.run(
        [sys.executable, "-c",
         "import sys; from pathlib import Path; from engine.host.check import problems;"
         "print(*problems(Path(sys.argv[1])))", str(tmp_path / "loud")],
        capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert "import failed: ValueError" in done.stdout
    assert CANARY not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("ends", "told"),
    [("2021-08-31", ("degraded", "round_over")), ("9999-12-31", ("loaded", None))],
)
def test_a_shipped_plugin_says_when_what_it_was_configured_for_is_over(tmp_path, ends, told):
    file = tmp_path / "plugins.toml"
    file.write_text(f"[province.config.roving_guidance]\nround = 2\nends = {ends}\n", "utf-8")
    found = discover(None, frozenset({"roving_guidance"}))
    (row,) = Host(found, scopes=lambda: load(file)).load_all()

    assert (row.status, row.error) == told
