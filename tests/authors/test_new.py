"""``taizhang plugins new`` writes a folder that works unchanged, or says why it cannot."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import time
import venv
from pathlib import Path

import pytest

from engine.host.check import hints, problems
from engine.host.manifest import read
from engine.testing.scaffold import NotWrittenError, scaffold, template

ROOT = Path(__file__).parents[2]
STARTER = ROOT / "plugins" / "starter"
REASONS = {
    "": "no id",
    "Demo": "no id",
    "9lives": "no id",
    "a-b": "no id",
    "../up": "no id",
    "名": "no id",
    "a" * 41: "no id",
    "engine": "the engine's own",
    "workflows": "the engine's own",
    "class": "Python's own",
    "json": "Python's own",
    "starter": "there is a plugin starter",
    "pydantic": "hide an installed package",
}


def run(*command, cwd=ROOT, **environment):
    return subprocess.run(
        [str(word) for word in command], cwd=cwd, capture_output=True, text=True, timeout=150,
        env={**os.environ, "TAIZHANG_LANG": "en", **environment},
    )  # fmt: skip


def test_the_shipped_template_is_the_starter_to_the_letter():
    files = {p.name: p.read_text("utf-8") for p in STARTER.iterdir() if p.is_file()}

    assert template() == files, "copy plugins/starter/* to engine/testing/starter/*.template"


def test_a_new_folder_is_the_starter_with_its_words_changed(tmp_path):
    scaffold("tea_talk", tmp_path, step="held", title_zh="茶话", title_en="Talk over tea")
    manifest = read(tmp_path / "tea_talk").manifest
    written = {p.name: p.read_text("utf-8") for p in (tmp_path / "tea_talk").iterdir()}

    assert (manifest.id, manifest.title_zh, manifest.title_en) == (
        "tea_talk", "茶话", "Talk over tea",
    )  # fmt: skip
    assert 'STEP = "tea_talk.held"' in written["__init__.py"]
    assert 'name = "taizhang-tea-talk"' in written["pyproject.toml"]
    assert sorted(written) == sorted(n.replace("starter", "tea_talk") for n in template())
    assert "starter" not in "".join(written.values())


def test_a_new_folder_has_no_problem_and_no_hint(tmp_path):
    scaffold("demo", tmp_path / "not" / "yet")
    folder = tmp_path / "not" / "yet" / "demo"

    assert problems(folder) == ()
    assert list(hints(folder)) == []


@pytest.mark.parametrize("name", REASONS)
def test_a_name_that_cannot_be_is_refused_with_the_reason(tmp_path, name):
    with pytest.raises(NotWrittenError) as refused:
        scaffold(name, tmp_path, taken=("starter",))

    assert REASONS[name] in str(refused.value)
    assert list(tmp_path.iterdir()) == []


def test_every_reason_is_told_at_once(tmp_path):
    with pytest.raises(NotWrittenError) as refused:
        scaffold("Demo", tmp_path, step="9", title_zh='"', title_en="half a letter \ud800")

    assert [r.partition(" | ")[2][:12] for r in refused.value.reasons] == [
        "'Demo' is no", "'9' names no", "title (zh): ", "character 15",
    ]  # fmt: skip


def test_a_folder_that_is_there_is_left_alone(taizhang, tmp_path):
    (tmp_path / "demo").mkdir()
    done = taizhang("plugins", "new", "demo", "-o", str(tmp_path), "--lang", "en")

    assert done.exit_code == 1
    assert f"{tmp_path / 'demo'} is there already" in done.stderr
    assert list((tmp_path / "demo").iterdir()) == []


def test_it_passes_unchanged_within_a_minute_and_changes_nothing_of_the_engine(tmp_path):
    before = run("git", "status", "--porcelain", "engine", "workflows").stdout
    began = time.monotonic()
    made = run(sys.executable, "-m", "workflows.main", "plugins", "new", "demo", "-o", tmp_path)
    tested = run(sys.executable, "-m", "pytest", tmp_path, cwd=tmp_path)

    assert (made.returncode, tested.returncode) == (0, 0), made.stderr + tested.stdout
    assert time.monotonic() - began < 60
    assert run("git", "status", "--porcelain", "engine", "workflows").stdout == before


@pytest.fixture(scope="module")
def clean(tmp_path_factory):
    """A new environment with the engine's wheel; what it depends on is lent by path alone."""
    home = tmp_path_factory.mktemp("clean")
    source = home / "source"
    for room in ("engine", "workflows"):
        shutil.copytree(
            ROOT / room, source / room, ignore=shutil.ignore_patterns("__pycache__")
        )
    for file in ("pyproject.toml", "README.md"):
        shutil.copy(ROOT / file, source)
    venv.create(home / "env", with_pip=True)
    python = home / "env" / "bin" / "python"
    install(python, wheel(source, home))
    site = run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=home)
    lent = Path(site.stdout.strip()) / "lent.pth"
    lent.write_text(sysconfig.get_path("purelib") + "\n", "utf-8")
    return python


def wheel(folder, home):
    out = home / f"wheels-{folder.name}"
    built = run(
        sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation",
        "--no-index", "-w", out, folder,
    )  # fmt: skip
    assert built.returncode == 0, built.stderr
    (made,) = out.iterdir()
    return made


def install(python, made):
    done = run(python, "-m", "pip", "install", "-q", "--no-deps", "--no-index", made)
    assert done.returncode == 0, done.stderr


def test_its_wheel_installs_in_a_clean_environment_beside_the_engine(clean, tmp_path):
    new = run(clean, "-m", "workflows.main", "plugins", "new", "demo", "-o", ".", cwd=tmp_path)
    assert new.returncode == 0, new.stderr
    install(clean, wheel(tmp_path / "demo", tmp_path))
    away = tmp_path / "elsewhere"
    away.mkdir()
    listed = run(clean.parent / "taizhang", "plugins", "list", "-o", "json", cwd=away)
    (row,) = json.loads(listed.stdout)

    assert (row["id"], row["status"], row["error"]) == ("demo", "found", None)
    assert Path(row["folder"]).is_relative_to(clean.parents[1])
    assert row["digest"] == read(tmp_path / "demo").digest
