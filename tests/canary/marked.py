"""Scenario files whose every written word is marked, and a plugin that tells its secret."""

from __future__ import annotations

from pathlib import Path

import yaml

from engine.scenario.marked import read

ROOT = Path(__file__).parents[2]
MARK = "c4n4ry"
SPILLER = """import structlog, sys
from pydantic import BaseModel
from engine import Delivered, DeliveryContext, hookimpl

class Config(BaseModel):
    token: str = ""

@hookimpl
def on_event(ctx: DeliveryContext, event: Delivered) -> None:
    print("heard", ctx.config["token"])
    structlog.get_logger().info("heard", token=ctx.config["token"])
    if event.kind == "MeetingOpened":
        raise ValueError(ctx.config["token"])
"""
MANIFEST = """id = "spiller"
version = "1.0"
api = "2"
criticality = "optional"
hooks = ["on_event"]
config = "Config"
title_zh = "什么都说"
title_en = "Tells everything"
[events]
kinds = ["CyclePlanned", "PlanPinned", "MeetingOpened"]
"""
SCOPES = '\n[province.config.spiller]\ntoken = { env = "SPILLED" }\n'


class Marked:
    """Scenario files in which every word somebody wrote bears a mark of its own."""

    def __init__(self, folder: Path) -> None:
        self.marks: list[str] = []
        for file in (ROOT / "engine" / "scenario").glob("*.yaml"):
            told = self._walked(read(file.read_text("utf-8")).value)
            if "units" in told:
                told["scopes"] = told.get("scopes", "") + SCOPES
            if "plays" in told:
                told["plays"] = [f"{name}.yaml" for name in told["plays"]]
            text = yaml.safe_dump(told, allow_unicode=True, sort_keys=False)
            (folder / file.name).write_text(text, "utf-8")

    def _walked(self, told):
        if isinstance(told, list):
            return [self._walked(each) for each in told]
        if not isinstance(told, dict):
            return told
        return {
            key: f"{value}.yaml" if key == "play" and isinstance(value, str)
            else self._marked(value) if key in ("text", "called") and isinstance(value, str)
            else self._walked(value)
            for key, value in told.items()
        }  # fmt: skip

    def _marked(self, text: str) -> str:
        self.marks.append(f"{MARK}{len(self.marks):04}")
        return f"{text}{self.marks[-1]}"
