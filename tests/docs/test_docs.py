"""What the pages say is so."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from engine.settings import Settings
from workflows.attributes import TYPES

ROOT = Path(__file__).parent.parent.parent
README = (ROOT / "README.md").read_text("utf-8")
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_every_link_and_named_path_is_there(page):
    text = page.read_text("utf-8")
    linked = re.findall(r"\]\(([^)#]+)\)", text)
    named = re.findall(r"`((?:engine|workflows|plugins|tests|deploy)/[\w/.]+)`", text)

    assert not [x for x in linked if not (page.parent / x).exists()]
    assert not [x for x in named if not (ROOT / x).exists()]


def test_every_setting_named_in_the_readme_exists():
    named = set(re.findall(r"TAIZHANG_(\w+)", README))

    assert {name.lower() for name in named} <= set(Settings.model_fields)


@pytest.mark.parametrize(
    "line", re.findall(r"^taizhang ([\w-]+(?: [a-z][a-z-]*)?)", README, re.MULTILINE)
)
def test_every_command_of_the_readme_exists(line):
    words = line.split()
    help_ = [w for w in words if w not in ("nanzhang", "hubei", "tests", "zhang")]
    done = subprocess.run(
        [sys.executable, "-m", "workflows.main", *help_, "--help"],
        cwd=ROOT,
        capture_output=True,
    )

    assert done.returncode == 0


def test_the_cluster_script_registers_what_the_embedded_server_does():
    script = (ROOT / "deploy" / "temporal" / "search-attributes.sh").read_text("utf-8")

    assert dict(re.findall(r"--name (\w+) --type (\w+)", script)) == TYPES
