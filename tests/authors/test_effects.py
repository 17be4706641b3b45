"""``taizhang plugins contract-test``: what is delivered again may not count again."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from host.samples import MANIFEST, write_plugin

ROOT = Path(__file__).parents[2]
LIGHTS = str(Path(__file__).parents[1] / "workflows" / "lights.yaml")
HEARS = (
    MANIFEST.replace('api = "1"', 'api = "2"').replace("contribute_steps", "on_event")
    + '\n[events]\nkinds = ["PlanPinned", "IssueFound", "IssueClaimed"]\n'
)
CODE = """from engine import Delivered, DeliveryContext, hookimpl

@hookimpl
def on_event(ctx: DeliveryContext, event: Delivered) -> None:
    place = ctx.folder / "heard.txt"
"""
CARELESS = CODE + "    place.open('a').write(event.kind + '\\n')\n"
CAREFUL = (
    CODE
    + """    place = ctx.folder / ctx.key.replace("/", "-")
    place.write_text(event.kind)
"""
)
FORGETS = (
    "SEEN = set()\n"
    + CODE
    + """    if ctx.key not in SEEN:
        place.open('a').write(event.kind + '\\n')
    SEEN.add(ctx.key)
"""
)
REFUSES = CODE + "    raise ValueError(event.kind)\n"


@pytest.fixture
def row(taizhang, tmp_path):
    """What the command finds of a plugin with this code."""

    def held(code, manifest=HEARS, **files):
        write_plugin(tmp_path, "hears", code, manifest=manifest)
        for name, text in files.items():
            (tmp_path / "hears" / name.replace("_toml", ".toml")).write_text(text, "utf-8")
        place = str(tmp_path / "hears")
        done = taizhang("plugins", "contract-test", place, "--scenario", LIGHTS, "-o", "json")
        (found,) = json.loads(done.stdout)
        assert (done.exit_code == 0) is found["kept"]
        return found

    return held


def test_one_file_an_event_is_one_effect_through_repeats_and_kills(row):
    found = row(CAREFUL)

    assert found["wrong"] == ""
    assert found["events"] >= 3
    assert found["kills"] == 3


def test_an_effect_without_the_key_is_found_out_both_ways(row):
    wrong = row(CARELESS)["wrong"]

    assert "heard.txt is otherwise delivered 3 times" in wrong
    assert "heard.txt is otherwise after kills" in wrong


def test_keys_that_are_kept_in_memory_alone_are_lost_with_the_process(row):
    wrong = row(FORGETS)["wrong"]

    assert "delivered 3 times" not in wrong
    assert "heard.txt is otherwise after kills" in wrong


def test_an_event_that_is_refused_is_told_with_its_kind(row):
    assert "PlanPinned: plugin_failed" in row(REFUSES)["wrong"]


def test_a_subscription_that_no_event_meets_shows_nothing(row):
    deaf = HEARS.replace('"PlanPinned", "IssueFound", "IssueClaimed"', '"GuestSpoke"')

    assert row(CAREFUL, deaf)["wrong"] == "no event reached it"


UNTIL_TOLD = (
    CODE + "    if (ctx.folder / 'asked').exists():\n        place.write_text(event.kind)\n"
)
CONFIGURED = CODE + "    if ctx.config:\n        place.write_text(str(ctx.config))\n"
ASKED = (
    "import sys\nfrom pathlib import Path\n(Path(sys.argv[1]) / sys.argv[2]).write_text('')\n"
)


def test_where_nothing_was_kept_nothing_was_compared_and_that_is_said(row):
    assert "it kept nothing of" in row(UNTIL_TOLD)["wrong"]


def test_what_people_do_before_is_done_before(row):
    acts = 'before = [["asked"]]\n'
    found = row(UNTIL_TOLD, **{"__main__.py": ASKED, "contract_toml": acts})

    assert found["wrong"] == ""
    assert found["kills"] == 3


def test_a_configuration_of_its_own_is_given(row):
    manifest = HEARS.replace("\n[events]", 'config = "Config"\n\n[events]')
    model = "from pydantic import BaseModel\n\nclass Config(BaseModel):\n    round: int = 0\n\n"

    told = row(model + CONFIGURED, manifest, contract_toml="config = {round = 1}\n")
    assert told["wrong"] == ""


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("befor = []\n", "contract.toml: befor"),
        ("before = [\n", "contract.toml: "),
        ('before = [["asked"]]\n', "contract.toml: asked: "),
    ],
)
def test_what_cannot_be_done_before_is_said(row, file, said):
    assert said in row(UNTIL_TOLD, contract_toml=file)["wrong"]


@pytest.mark.timeout(600)
def test_every_shipped_plugin_is_safe_under_repeats_and_kills(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "workflows.main", "plugins", "contract-test", "--all",
         "--duplicate", "3", "-o", "json"], cwd=ROOT, capture_output=True, text=True,
        env={**os.environ, "TAIZHANG_DATA_DIR": str(tmp_path)},
    )  # fmt: skip
    rows = json.loads(done.stdout)

    assert done.returncode == 0, done.stderr
    assert {row["plugin"] for row in rows} == {
        place.parent.name for place in ROOT.glob("plugins/*/plugin.toml")
    }
    assert sum(row["kills"] for row in rows) >= 10


def test_a_scenario_whose_steps_are_not_there_is_said_so(taizhang, tmp_path):
    write_plugin(tmp_path, "hears", CAREFUL, manifest=HEARS)
    done = taizhang(
        "plugins", "contract-test", str(tmp_path / "hears"), "--scenario", "nanzhang"
    )

    assert done.exit_code == 1
    assert "open_door" in done.stderr
