"""A process that runs plugins begins without the addresses of the stores."""

from __future__ import annotations

import os
import subprocess
import sys

from engine.host.surroundings import HIDDEN, surroundings

TELLS = """from engine.host.surroundings import shed
shed()
print(open("/proc/self/environ").read(), open("/proc/self/cmdline").read())
"""


def test_a_process_that_was_told_too_much_begins_again_and_finds_no_trace():
    told = {**os.environ, **dict.fromkeys(HIDDEN, "CANARY"), "TAIZHANG_DATA_DIR": "kept"}
    done = subprocess.run(
        [sys.executable, "-c", TELLS], env=told, capture_output=True, text=True, check=True
    )

    assert "CANARY" not in done.stdout
    assert "TAIZHANG_DATA_DIR=kept" in done.stdout
    assert "shed()" in done.stdout


def test_nothing_else_is_taken_away():
    told = {"TAIZHANG_LEDGER_URL": "x", "TAIZHANG_PLUGINS_DIR": "y", "PATH": "z"}

    assert surroundings(told) == {"TAIZHANG_PLUGINS_DIR": "y", "PATH": "z"}
