"""Plugins that hear of events, written where a test wants them, and events for them."""

from __future__ import annotations

from engine.record import EventEnvelope

MANIFEST = """
id = "{name}"
version = "1.0"
api = "2"
hooks = ["on_event"]
title_zh = "测试"
title_en = "test"

[events]
{events}
"""
NOTES = (
    "    with (ctx.folder / 'heard').open('a') as file:\n        file.write(f'{ctx.key}\\n')\n"
)
ONCE = (
    "    once = ctx.folder / ctx.key.replace('/', '_')\n    if once.exists():\n        return\n"
)
HEAD = (
    "import os, time\n"
    "from engine import Delivered, DeliveryContext, hookimpl\n"
    "@hookimpl\n"
    "def on_event(ctx: DeliveryContext, event: Delivered) -> None:\n"
)
KINDS = 'kinds = ["MeasureDone"]'


def write_plugin(folder, name: str, body: str = NOTES, events: str = KINDS) -> None:
    place = folder / name
    place.mkdir(parents=True)
    (place / "__init__.py").write_text(HEAD + body, "utf-8")
    manifest = MANIFEST.replace("{name}", name).replace("{events}", events)
    (place / "plugin.toml").write_text(manifest, "utf-8")


class Cycle:
    """Events of one cycle: numbered, in the streams a cycle has."""

    def __init__(self, cycle: str = "c1", unit: str = "u1", *, rehearsal: bool = False) -> None:
        self.cycle = cycle
        self._versions: dict[str, int] = {}
        self.planned = self("CyclePlanned", "cycle", unit=unit, rehearsal=rehearsal)

    def __call__(self, kind: str, place: str = "issue", **data) -> EventEnvelope:
        stream = f"cycle/{self.cycle}" if place == "cycle" else f"issue/{self.cycle}/1"
        self._versions[stream] = self._versions.get(stream, 0) + 1
        return EventEnvelope(
            stream=stream, version=self._versions[stream], kind=kind, command="c",
            data={"kind": kind, "by": "m01", "at": "2026-01-05T00:10:00Z", **data},
        )  # fmt: skip

    def done(self, times: int = 1) -> list[EventEnvelope]:
        return [self("MeasureDone") for _ in range(times)]
