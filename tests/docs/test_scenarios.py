"""The page on scenarios says what the format is, and its example plays."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from rehearsal import rehearsed

from engine.scenario.found import differences
from engine.scenario.load import load
from engine.scenario.model import Scenario
from engine.scenario.suite import Suite

DOCS = Path(__file__).parent.parent.parent / "docs"
PAGE = (DOCS / "scenarios.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("file", "model", "option"),
    [("scenario.schema.json", Scenario, ""), ("suite.schema.json", Suite, " --suite")],
)
def test_the_schema_beside_the_page_is_the_one_of_the_code(file, model, option):
    written = json.loads((DOCS / file).read_text("utf-8"))

    assert written == model.model_json_schema(by_alias=True), (
        f"run taizhang scenario schema{option} > docs/{file}"
    )


@pytest.mark.parametrize("model", [Scenario, Suite])
def test_every_key_of_the_format_is_explained_in_both_languages(model):
    schema = model.model_json_schema(by_alias=True)
    keys = {
        k for part in (schema, *schema["$defs"].values()) for k in part.get("properties", ())
    }
    zh, en = PAGE.split("## In English")

    assert [k for k in sorted(keys) if f"`{k}`" not in zh and f"`{k}:" not in zh] == []
    assert [k for k in sorted(keys) if not re.search(rf"`{k}[`:]|\{{{k}: ", en)] == []


async def test_the_example_plays_and_ends_as_it_says(tmp_path):
    file = tmp_path / "example.yaml"
    file.write_text(re.search(r"```yaml\n(.*?)```", PAGE, re.DOTALL)[1], "utf-8")
    scenario = load(file)
    acts, end = await rehearsed(scenario, tmp_path)
    look = next(played for played in acts if played.found)

    assert not list(differences(scenario, look.act.expect, look.found))
    assert not list(differences(scenario, scenario.expect, end))
