"""``taizhang run``: an operator sees metadata, mends a run, and leaves a reason."""

from __future__ import annotations

import pytest


def test_a_run_is_shown_with_what_it_waits_for(taizhang):
    shown = taizhang("run", "show", "cycle/c", "--lang", "en")

    assert shown.exit_code == 0
    assert "append_events" in shown.stdout
    assert "LedgerUnavailableError" in shown.stdout
    assert taizhang.data("run", "show", "cycle/c")["status"] == "running"


def test_a_run_is_ended_with_a_reason_and_goes_on(taizhang):
    words = ("--by", "op", "--reason", "ticket 7", "--lang", "en")

    tried = taizhang("run", "retry", "cycle/c", *words)
    assert tried.stdout == "tried again at once: append_events\n"
    ended = taizhang("run", "terminate", "cycle/c", *words)
    assert "taizhang run retry cycle/c lets it go on" in ended.stdout
    assert taizhang("run", "retry", "cycle/c", *words).stdout == "goes on in run r2\n"


def test_without_a_reason_nothing_is_done(taizhang):
    assert taizhang("run", "terminate", "cycle/c", "--by", "op").exit_code == 2
    blank = taizhang("run", "terminate", "cycle/c", "--by", "op", "--reason", " ")
    assert "[reason_missing]" in blank.stderr
    assert taizhang.data("run", "show", "cycle/c")["status"] == "running"


@pytest.mark.parametrize("reason", ["联系 13800138000", "病历在桌上"])
def test_a_reason_that_names_somebody_is_refused_for_it_would_stay_readable(taizhang, reason):
    ended = taizhang("run", "terminate", "cycle/c", "--by", "op", "--reason", reason)

    assert ended.exit_code == 1
    assert "[reason_not_fit]" in ended.stderr
    assert reason not in ended.stderr
    assert taizhang.data("run", "show", "cycle/c")["status"] == "running"


def test_only_runs_of_cycles_and_campaigns_are_shown_or_ended(taizhang):
    done = taizhang("run", "terminate", "retention", "--by", "op", "--reason", "x")

    assert done.exit_code == 1
    assert "retention" in done.stderr
