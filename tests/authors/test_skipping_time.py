"""A plugin's step on a server that skips time, from a test that needs no more than pytest."""

from __future__ import annotations

import os
import subprocess
import sys

from engine.testing.scaffold import scaffold

SUITE = '''
"""On a server."""

from . import STEP


def test_the_meeting_waits_for_the_step_on_a_server_too(cycle_skipping_time):
    cycle = cycle_skipping_time.open()
    cycle.pass_days(3)
    cycle.prepare()
    assert (cycle.now.date().isoformat(), cycle.gates) == ("2026-03-05", {STEP: (STEP,)})
    assert list(cycle.refused("accept_filing", by="member")) == ["unknown_person"]

    cycle.do("record_step", by="recorder", step=STEP, evidence={"text": "走访三户"})
    cycle.convene()
    cycle.reach("mutual_criticism")
    assert (cycle.state.status, cycle.state.meeting.item) == ("convened", "mutual_criticism")
'''


def test_a_step_holds_the_meeting_on_a_server_that_skips_time(tmp_path):
    scaffold("demo", tmp_path)
    (tmp_path / "demo" / "test_on_a_server.py").write_text(SUITE, "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", tmp_path / "demo"],
        cwd=tmp_path, capture_output=True, text=True, timeout=120, env=os.environ,
    )  # fmt: skip

    assert done.returncode == 0, done.stdout + done.stderr
    assert "6 passed" in done.stdout
