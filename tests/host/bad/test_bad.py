"""Bad plugins for real: what the author sees, what the operator sees, what the plan does."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from host.samples import CONTEXT, GOOD, HOOK, MANIFEST, write_plugin
from rehearsal import NANZHANG

from engine.host import Host, discover, listing, roster
from engine.host.check import problems
from engine.host.compose import Composer
from engine.plan.prescribed import CORE_STEPS

from .plugins import PLUGINS

LEDGER = "TAIZHANG_LEDGER_URL"
NOW = datetime(2026, 1, 5, tzinfo=UTC)
TIMEOUT_S = 0.5


def written(folder, name: str) -> None:
    code = PLUGINS[name].code
    both = '"contribute_steps", "register_event_types"'
    manifest = MANIFEST.replace('"contribute_steps"', both)
    registers = "register_event_types" in code
    write_plugin(folder, name, code, manifest=manifest if registers else MANIFEST)


@pytest.fixture
def ledger(tmp_path, monkeypatch):
    """The file of a ledger whose address this process knows, as an operator's does."""
    file = tmp_path / "elsewhere" / "ledger.db"
    monkeypatch.setenv(LEDGER, f"sqlite:///{file}")
    return file


@pytest.mark.usefixtures("ledger")
@pytest.mark.parametrize("name", PLUGINS)
def test_the_author_is_told_what_to_mend_and_no_value(tmp_path, name):
    written(tmp_path, name)
    told = "\n".join(problems(tmp_path / name, tries=True, timeout_s=TIMEOUT_S))

    assert PLUGINS[name].author in told
    assert bool(told) is bool(PLUGINS[name].author)
    assert "S3CRET" not in told


@pytest.mark.parametrize("name", PLUGINS)
def test_the_plan_names_the_plugin_and_has_everything_else(tmp_path, name, ledger):
    written(tmp_path, name)
    write_plugin(tmp_path, "good", GOOD)
    opening = NANZHANG.opening().model_copy(update={"plugins": None})
    plan = Composer(opening, tmp_path, None, now=NOW, timeout_s=TIMEOUT_S).plan()
    wanted = [(name, PLUGINS[name].plan)] if PLUGINS[name].plan else []

    assert [(c.plugin, c.code) for c in plan.conflicts] == wanted
    assert "good.s" in [step.id for step in plan.steps]
    assert tuple(s.id for s in plan.steps if s.origin == "prescribed") == CORE_STEPS
    assert "S3CRET" not in plan.model_dump_json()
    assert not ledger.exists()


APART = {"removes", "loosens_a_gate", "busy_loop"}
"""Called in processes of their own only: they would harm the one of the tests."""
HARMLESS_HERE = [n for n, bad in PLUGINS.items() if not bad.dies and n not in APART]


@pytest.mark.parametrize("name", HARMLESS_HERE)
def test_the_operator_reads_how_the_plugin_fares(tmp_path, name):
    written(tmp_path, name)
    found = discover(tmp_path, None)
    host = Host(found, seen=tmp_path / "seen.json", timeout_s=TIMEOUT_S)
    host.load_all()
    for call in roster(found).calls(CONTEXT):
        host.invoke(call)
    (row,) = listing(tmp_path, None, seen=tmp_path / "seen.json")

    assert row.status == PLUGINS[name].status
    assert (row.since is None, bool(row.error)) == (False, row.status != "loaded")
    assert "S3CRET" not in row.model_dump_json()


def test_a_plugin_that_answers_again_is_well_again(tmp_path):
    body = "    if not open({0!r}).read():\n        raise ValueError\n    return []"
    (tmp_path / "mended").write_text("", "utf-8")
    write_plugin(tmp_path, "moody", HOOK + body.format(str(tmp_path / "mended")))
    host = Host(discover(tmp_path, None), seen=tmp_path / "seen.json")
    (call,) = roster(discover(tmp_path, None)).calls(CONTEXT)
    states = []
    for text in ("", "yes"):
        (tmp_path / "mended").write_text(text, "utf-8")
        host.invoke(call)
        states.append(listing(tmp_path, None, seen=tmp_path / "seen.json")[0].status)

    assert states == ["degraded", "loaded"]


def test_two_plugins_that_wait_for_each_other_are_both_told_with_their_edges(tmp_path):
    for name, other in (("first", "second"), ("second", "first")):
        step = (
            f"    return [StepContribution(id='{name}.s', anchor='study', side='after', "
            f"shape='evidence', after=('{other}.s',))]"
        )
        write_plugin(tmp_path, name, HOOK + step)
    opening = NANZHANG.opening().model_copy(update={"plugins": None})
    composer = Composer(opening, tmp_path, None, now=NOW)
    plan = composer.plan()

    assert [(c.plugin, c.code, c.detail) for c in plan.conflicts] == [
        (name, "order_cycle", "first.s < second.s, second.s < first.s")
        for name in ("first", "second")
    ]
    assert set(composer.shuffled(500)) == {plan.digest}
    assert problems(tmp_path / "first") == ()
