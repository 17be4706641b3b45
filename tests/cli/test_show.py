"""What is in a table is read by people in China."""

from __future__ import annotations

import pytest

from engine.cli.show import cell


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("2021-07-28T16:30:00Z", "2021-07-29 00:30"),
        ("2021-07-28T16:30:59.123456+00:00", "2021-07-29 00:30"),
        ("2021-07-28T09:30:00+08:00", "2021-07-28 09:30"),
        ("2021-07-28", "2021-07-28"),
        ("nanzhang-2021", "nanzhang-2021"),
        (None, ""),
        (True, "✓"),
        (["m01", "m02"], "m01, m02"),
    ],
)
def test_a_moment_is_shown_as_the_clock_on_the_wall_shows_it(value, shown):
    assert cell(value) == shown
