"""Log lines: readable by a machine, silent about content."""

from __future__ import annotations

import json
import logging

import pytest
import structlog

from engine import logs


@pytest.fixture
def configured():
    before = structlog.get_config()
    yield logs.configure
    structlog.configure(**before)
    root = logging.getLogger()
    for handler in [h for h in root.handlers if isinstance(h, logs.LibraryLines)]:
        root.removeHandler(handler)


def lines(capsys):
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_a_line_is_json_with_level_and_time_in_utc_when_nobody_watches(configured, capsys):
    configured()
    structlog.get_logger().info("cycle_opened", cycle="c1")
    (line,) = lines(capsys)

    assert (line["event"], line["cycle"], line["level"]) == ("cycle_opened", "c1", "info")
    assert line["timestamp"].endswith("Z")


@pytest.mark.parametrize("key", [*sorted(logs.CONTENT_KEYS), "Text"])
def test_p20_what_might_be_content_is_not_written(configured, capsys, key):
    configured()
    structlog.get_logger().info("x_happened", **{key: "CANARY"})

    assert lines(capsys)[0][key] == logs.SEALED


def test_content_deep_inside_a_value_is_not_written(configured, capsys):
    configured()
    structlog.get_logger().info("x_happened", seen=[{"id": "m05", "text": "CANARY"}])

    assert lines(capsys)[0]["seen"] == [{"id": "m05", "text": logs.SEALED}]


def test_p20_an_exception_is_its_type_and_place_never_its_message(configured, capsys):
    configured()
    try:
        raise ValueError("CANARY")
    except ValueError:
        structlog.get_logger().error("x_failed", exc_info=True)
        logging.getLogger("some.library").exception("it failed")
    ours, theirs = lines(capsys)

    assert ours["error_type"] == theirs["error_type"] == "ValueError"
    assert ours["raised_at"][-1].startswith("test_logs.py:")
    assert "CANARY" not in json.dumps([ours, theirs])


def test_libraries_speak_once_in_the_same_form_and_only_to_warn(configured, capsys):
    configured()
    configured()
    logging.getLogger("some.library").info("not said")
    logging.getLogger("some.library").warning("slow %s", "disk")
    (line,) = lines(capsys)

    assert (line["event"], line["logger"], line["level"]) == (
        "slow disk", "some.library", "warning",
    )  # fmt: skip
