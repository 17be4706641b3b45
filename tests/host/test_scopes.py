"""Who has which plugin, how it is configured, and which may not run at all."""

from __future__ import annotations

import pytest
from host.samples import CONTEXT, HOOK, call, write_plugin

from engine.host import Host, discover
from engine.host.discovery import roster
from engine.host.scopes import Scopes, ScopesError, load

GOOD = HOOK + (
    "    return [StepContribution(id='{name}.' + ctx.config.get('step', 's'), "
    "anchor='study', side='after', shape='evidence')]"
)
FILE = """
[province]
required = ["must"]
config.must = {step = "far", kept = 1}
[city.xiangyang]
off = ["plain"]
config.must = {step = "near"}
[unit.u]
city = "xiangyang"
on = ["own"]
off = ["must"]
[block.old]
versions = "<2"
reason = "loses minutes"
"""


@pytest.fixture
def scopes(tmp_path):
    file = tmp_path / "plugins.toml"
    file.write_text(FILE, "utf-8")
    return load(file)


@pytest.fixture
def found(tmp_path):
    folder = tmp_path / "plugins"
    folder.mkdir()
    for name in ("must", "plain", "own", "old"):
        write_plugin(folder, name, GOOD)
    return discover(folder, None)


def on(roster_):
    return [e.pin.id for e in roster_.entries if not e.opt_in]


def test_a_units_own_plugin_is_in_its_cycles_and_in_no_others(found, scopes):
    assert "own" in on(roster(found, scopes, "u"))
    assert "own" not in [e.pin.id for e in roster(found, scopes, "v").entries]


def test_a_unit_cannot_switch_off_what_the_province_requires(found, scopes):
    entry = next(e for e in roster(found, scopes, "u").entries if e.pin.id == "must")

    assert not entry.opt_in
    assert entry.pin.criticality == "required"


def test_the_closer_scope_wins(found, scopes):
    assert "plain" not in on(roster(found, scopes, "u"))
    assert "plain" in on(roster(found, scopes, "v"))
    assert scopes.config("must", "u") == {"step": "near", "kept": 1}
    assert scopes.config("must", "v") == {"step": "far", "kept": 1}


def test_a_blocked_version_is_a_conflict_with_its_reason(found, scopes):
    (conflict,) = roster(found, scopes, "v").conflicts

    assert (conflict.plugin, conflict.detail) == ("old", "blocked: loses minutes")
    assert scopes.blocked("old", "2.0") is None


def test_without_a_file_every_plugin_is_on(found, tmp_path):
    assert load(tmp_path / "nowhere.toml") == Scopes()
    assert on(roster(found)) == ["must", "old", "own", "plain"]


def test_a_file_that_is_wrong_is_refused_with_every_place(tmp_path):
    file = tmp_path / "plugins.toml"
    file.write_text('[unit.u]\nonn = ["a"]\n[block.x]\nversions = "newest"\n', "utf-8")
    with pytest.raises(ScopesError) as refused:
        load(file)

    assert len(refused.value.problems) == 3
    assert "unit.u.onn" in refused.value.problems[0]


def configured(tmp_path, config):
    write_plugin(tmp_path, "p", GOOD)
    file = tmp_path / "plugins.toml"
    file.write_text(f"[province.config.p]\nstep = {config}\n", "utf-8")
    return Host(discover(tmp_path, None), scopes=lambda: load(file))


def test_a_secret_is_opened_in_the_host_and_an_answer_may_use_it(tmp_path, monkeypatch):
    monkeypatch.setenv("P_STEP", "hidden")

    answer = configured(tmp_path, '{env = "P_STEP"}').invoke(call("p"))
    assert answer.ok
    assert "hidden" not in CONTEXT.model_dump_json()


def test_a_secret_that_is_not_there_fails_the_plugin_and_names_the_variable(tmp_path):
    answer = configured(tmp_path, '{env = "P_NOWHERE"}').invoke(call("p"))

    assert (answer.ok, answer.error_code) == (False, "plugin_failed")
    assert "P_NOWHERE is not set" in answer.error


def test_a_secret_in_a_file_is_read_at_the_call(tmp_path):
    (tmp_path / "secret").write_text("filed\n", "utf-8")
    host = configured(tmp_path, f'{{file = "{tmp_path / "secret"}"}}')

    assert host.invoke(call("p")).result[0]["id"] == "p.filed"
