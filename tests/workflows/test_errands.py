"""A plugin's own command runs apart: on the rehearsal's day, in its folder, without secrets."""

from __future__ import annotations

import json
from datetime import date

import pytest

from engine.host.surroundings import HIDDEN
from engine.ledger.sql import open_ledger
from engine.scenario.offscript import OffScriptError
from engine.settings import Settings
from workflows.errands import PluginErrands

MANIFEST = """
id = "speaker"
version = "1.0.0"
api = "2"
scope = "unit"
criticality = "optional"
hooks = ["contribute_steps"]
title_zh = "说"
title_en = "Says"
"""
MAIN = """
import json, os, sys
from engine import today
if "refuse" in sys.argv:
    raise SystemExit("不行 | no")
secret = os.environ.get("TAIZHANG_MASTER_KEY", "none")
print(json.dumps([sys.argv[1:], str(today(sys.argv[1])), secret]))
"""


@pytest.fixture
def errands(tmp_path, monkeypatch):
    """Errands over a folder with one plugin; a secret is in the environment."""
    monkeypatch.setenv("TAIZHANG_MASTER_KEY", "very-secret")
    place = tmp_path / "plugins" / "speaker"
    place.mkdir(parents=True)
    for name, text in (("plugin.toml", MANIFEST), ("__init__.py", ""), ("__main__.py", MAIN)):
        (place / name).write_text(text, "utf-8")
    settings = Settings(data_dir=tmp_path / "var", plugins_dir=place.parent, master_key=None)
    ledger = open_ledger(f"sqlite:///{tmp_path}/l.db")
    yield PluginErrands(settings, lambda: ledger)
    ledger.engine.dispose()


async def test_a_command_gets_its_folder_and_the_rehearsals_day_and_no_secret(
    errands, tmp_path
):
    ran = await errands.run("speaker", "east", ["a", "b=1"], today=date(2021, 7, 4))
    (folder, *words), day, secret = json.loads(ran.said)

    assert (ran.code, words, day, secret) == (0, ["a", "b=1"], "2021-07-04", "none")
    assert folder == str(tmp_path / "var" / "plugins" / "speaker" / "_rehearsals" / "east")


async def test_a_refusal_comes_back_with_its_words(errands):
    ran = await errands.run("speaker", "east", ["refuse"], today=date(2021, 7, 4))

    assert (ran.code, ran.said) == (1, "不行 | no\n")


async def test_a_plugin_that_is_not_there_stops_the_play(errands):
    with pytest.raises(OffScriptError, match="no plugin nowhere"):
        await errands.run("nowhere", "east", [], today=date(2021, 7, 4))


def test_no_secret_and_no_store_of_the_settings_reaches_a_plugin():
    secret = {n for n, field in Settings.model_fields.items() if "Secret" in str(field)}
    stores = {name for name in Settings.model_fields if name.endswith("_url")}

    assert {f"TAIZHANG_{name.upper()}" for name in secret | stores} <= HIDDEN
