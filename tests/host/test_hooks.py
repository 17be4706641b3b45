"""The hooks beside those of planning, called as a host calls them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from engine.host import Host, discover
from engine.host.check import problems
from engine.plan.delivered import Delivered, DeliveryContext

from .samples import MANIFEST, call, write_plugin

HEAD = "from engine import *\n"
REVIEW = (
    "@hookimpl\ndef review_plan(\n    ctx: PlanContext, steps: tuple[PlannedStep, ...]\n"
    ") -> list[Objection]:\n    return [Objection(severity='warn', code='late', step=s.id) "
    "for s in steps]\n"
)
EVENT = (
    "@hookimpl\ndef on_event(ctx: DeliveryContext, event: Delivered) -> None:\n"
    "    (ctx.folder / 'seen').write_text(f'{ctx.key} {event.kind}')\n"
)
TYPES = (
    "@hookimpl\ndef register_event_types() -> list[EventType]:\n"
    "    return [EventType(kind='KIND')]\n"
)
HEALTH = (
    "@hookimpl\ndef check_health(ctx: HealthContext) -> HealthReport:\n"
    "    return HealthReport(status='STATUS', code='no_printer')\n"
)
EVENT_AT = Delivered(
    event_id="cycle/c@1", position=1, stream="cycle/c", version=1, kind="cycle_opened",
    at=datetime(2021, 7, 1, tzinfo=UTC), data={},
)  # fmt: skip


def hosted(folder, code: str, hook: str, name: str = "own") -> Host:
    manifest = MANIFEST.replace('api = "1"', 'api = "2"').replace("contribute_steps", hook)
    write_plugin(folder, name, HEAD + code, manifest=manifest)
    return Host(discover(folder, None))


def delivered(folder) -> DeliveryContext:
    return DeliveryContext(plugin="own", cycle="c", unit="u", key="own/1", folder=folder)


def test_a_review_sees_the_steps_and_gives_objections(tmp_path):
    from engine.plan.prescribed import PRESCRIBED

    host = hosted(tmp_path, REVIEW, "review_plan")
    asked = call("own", "review_plan").model_copy(update={"steps": PRESCRIBED[:2]})

    assert host.invoke(asked).result == [
        {"severity": "warn", "code": "late", "step": "plan"},
        {"severity": "warn", "code": "late", "step": "filing"},
    ]


def test_an_event_reaches_the_plugin_with_its_key_and_its_folder(tmp_path):
    host = hosted(tmp_path, EVENT, "on_event")
    told = host.deliver(delivered(tmp_path), EVENT_AT)

    assert (told.ok, told.hook, told.result) == (True, "on_event", [])
    assert (tmp_path / "seen").read_text() == "own/1 cycle_opened"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("return 7", "invalid_contribution"),
        ("raise ValueError('S3CRET')", "plugin_failed"),
        ("raise SystemExit", "plugin_failed"),
    ],
)
def test_a_delivery_that_fails_says_why_and_raises_nothing(tmp_path, body, code):
    host = hosted(tmp_path, EVENT + f"    {body}\n", "on_event")
    told = host.deliver(delivered(tmp_path), EVENT_AT)

    assert (told.ok, told.error_code) == (False, code)
    assert "S3CRET" not in told.model_dump_json()


def test_the_types_of_event_of_a_plugin_are_listed_once_it_is_loaded(tmp_path):
    host = hosted(tmp_path, TYPES.replace("KIND", "own.Given"), "register_event_types")

    assert [row.event_types for row in host.load_all()] == [("own.Given",)]


def test_a_plugin_may_not_register_another_ones_events(tmp_path):
    hosted(tmp_path, TYPES.replace("KIND", "other.Given"), "register_event_types")

    assert problems(tmp_path / "own") == (
        "register_event_types: other.Given must begin with own.",
    )


@pytest.mark.parametrize(
    ("status", "shown"),
    [("ok", ("loaded", None)), ("degraded", ("degraded", "no_printer"))],
)
def test_a_plugin_says_itself_how_it_is(tmp_path, status, shown):
    (row,) = hosted(tmp_path, HEALTH.replace("STATUS", status), "check_health").load_all()

    assert (row.status, row.error) == shown


def test_a_plugin_that_cannot_say_how_it_is_is_shown_as_degraded(tmp_path):
    (row,) = hosted(tmp_path, HEALTH.replace("STATUS", "well"), "check_health").load_all()

    assert row.status == "degraded"
    assert str(row.error).startswith("ValidationError")
