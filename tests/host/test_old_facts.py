"""A passbook that an older version of its plugin wrote adds up to what it always did."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
RECORDED = ROOT / "tests" / "fixtures" / "red_passbook" / "passbook-1.0.0.db"


def typed(folder, *words: str) -> str:
    command = [sys.executable, "-m", "red_passbook", str(folder), *words]
    done = subprocess.run(
        command, cwd=ROOT / "plugins", capture_output=True, text=True, check=True
    )
    return done.stdout


def test_a_passbook_of_version_1_folds_to_the_totals_it_had_and_takes_more(tmp_path):
    shutil.copy(RECORDED, tmp_path / "passbook.db")

    assert typed(tmp_path, "show", "person=m1").rstrip().endswith("现有 2 分")
    assert typed(tmp_path, "show", "person=m2").rstrip().endswith("现有 5 分")
    said = typed(tmp_path, "redeem", "by=reg", "person=m2", "points=2", "what=towel")
    assert json.loads(said.partition(" ")[2])["what"] == "towel"
    assert typed(tmp_path, "show", "person=m2").rstrip().endswith("现有 3 分")
