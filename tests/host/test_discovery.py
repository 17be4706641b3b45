"""Finding and listing plugins: no import, no surprise, every fault told."""

from __future__ import annotations

import shutil
import sys
from importlib.metadata import EntryPoint

import pytest

from engine.host import Host, discover, leave, listing, roster
from engine.host.discovery import default_folder

from .samples import GOOD, HOOK, write_plugin


@pytest.fixture
def noisy(tmp_path):
    """Return a folder with one plugin that fails on import and leaves a sentinel."""
    code = f"open({str(tmp_path / 'imported')!r}, 'w').close()\nraise ValueError"
    write_plugin(tmp_path, "noisy", code)
    return tmp_path


def statuses(rows) -> dict[str, str]:
    return {row.id: row.status for row in rows}


def test_finding_and_listing_import_nothing(noisy):
    assert [p.id for p in discover(noisy, None)] == ["noisy"]
    assert statuses(listing(noisy, None)) == {"noisy": "found"}
    assert not (noisy / "imported").exists()


def test_the_list_shows_what_a_host_saw_until_the_plugin_changes(noisy):
    write_plugin(noisy, "good", GOOD)
    leave(Host(discover(noisy, None)).load_all(), noisy / "seen.json")
    seen = listing(noisy, None, seen=noisy / "seen.json")

    assert statuses(seen) == {"good": "loaded", "noisy": "failed"}
    assert seen[1].error == "import failed: ValueError, __init__.py line 2"
    assert (seen[1].version, seen[1].scope, seen[1].hooks) == (
        "1.0",
        "unit",
        ("contribute_steps",),
    )

    (noisy / "noisy" / "__init__.py").write_text(GOOD, "utf-8")
    assert statuses(listing(noisy, None, seen=noisy / "seen.json"))["noisy"] == "found"


def test_a_torn_file_of_health_is_as_good_as_none(noisy):
    (noisy / "seen.json").write_text("[{", "utf-8")

    assert statuses(listing(noisy, None, seen=noisy / "seen.json")) == {"noisy": "found"}


def test_safe_mode_and_the_allow_list_leave_plugins_out(tmp_path):
    write_plugin(tmp_path, "a", GOOD)
    write_plugin(tmp_path, "b", GOOD)

    assert discover(tmp_path, frozenset()) == ()
    assert [p.id for p in discover(tmp_path, frozenset({"b"}))] == ["b"]
    assert statuses(listing(tmp_path, frozenset({"b"}))) == {"a": "disabled", "b": "found"}


@pytest.mark.parametrize(
    ("manifest", "told"),
    [
        (b'id = "x"\napi = "9"', ("version", "api", "hooks")),
        (b"id = ", ("plugin.toml: ",)),
        (b'id = "\xff"', ("not UTF-8",)),
        (b'id = "engine"', ("the engine's own name",)),
        (
            b'id = "x"\nversion = "1"\napi = "1"\nhooks = ["contribute_step"]',
            ("unknown hook 'contribute_step'; did you mean 'contribute_steps'?",),
        ),
        (b'id = "x"\nsecret = 1', ("secret: Extra inputs are not permitted",)),
    ],
)
def test_a_broken_manifest_is_told_and_stops_nobody(tmp_path, manifest, told):
    write_plugin(tmp_path, "good", GOOD)
    write_plugin(tmp_path, "broken", GOOD)
    (tmp_path / "broken" / "plugin.toml").write_bytes(manifest)
    found = {p.id: p for p in discover(tmp_path, None)}

    assert all(part in str(found["broken"].error) for part in told)
    assert [e.pin.id for e in roster(tuple(found.values())).entries] == ["good"]
    assert [c.plugin for c in roster(tuple(found.values())).conflicts] == ["broken"]
    assert statuses(listing(tmp_path, None)) == {"broken": "failed", "good": "found"}


def test_two_folders_of_one_id_are_both_refused(tmp_path):
    write_plugin(tmp_path, "one", GOOD)
    write_plugin(tmp_path, "two", GOOD)
    (tmp_path / "two" / "plugin.toml").write_text(
        (tmp_path / "one" / "plugin.toml").read_text("utf-8"), "utf-8"
    )
    found = discover(tmp_path, None)

    assert roster(found).entries == ()
    assert "used twice" in str(found[0].error)


def test_a_plugin_both_in_a_folder_and_installed_is_one_plugin(tmp_path):
    write_plugin(tmp_path, "one", GOOD)
    shutil.copytree(tmp_path / "one", tmp_path / "same")
    found = discover(tmp_path, None)

    assert [(p.id, p.error) for p in found] == [("one", None)]


def test_a_digest_follows_what_runs_and_nothing_else(tmp_path):
    write_plugin(tmp_path, "a", GOOD)
    before = discover(tmp_path, None)[0].digest
    (tmp_path / "a" / "README.md").write_text("hello", "utf-8")
    (tmp_path / "a" / "__pycache__").mkdir()
    (tmp_path / "a" / "__pycache__" / "x.pyc").write_bytes(b"x")

    assert discover(tmp_path, None)[0].digest == before
    (tmp_path / "a" / "table.csv").write_text("1,2", "utf-8")
    assert discover(tmp_path, None)[0].digest != before


def test_an_installed_plugin_is_found_through_its_entry_point(tmp_path, monkeypatch):
    write_plugin(tmp_path, "pip_installed", "raise ValueError")
    there = EntryPoint("pip_installed", "pip_installed", "taizhang")
    gone = EntryPoint("gone", "no_such_package_anywhere", "taizhang")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr("engine.host.discovery.entry_points", lambda group: [there, gone])
    found = {p.id: p for p in discover(tmp_path / "nowhere", None)}

    assert found["pip_installed"].error is None
    assert "no package" in str(found["gone"].error)
    assert "pip_installed" not in sys.modules
    assert [p.id for p in discover(tmp_path, None)] == ["gone", "pip_installed"]


def test_a_plugin_shadows_no_other_package(tmp_path):
    write_plugin(tmp_path, "json", HOOK + "    from . import part\n    return part.STEPS")
    (tmp_path / "json" / "part.py").write_text("STEPS = []", "utf-8")
    rows = Host(discover(tmp_path, None)).load_all()
    import json

    assert statuses(rows) == {"json": "loaded"}
    assert json.loads("1") == 1


def test_the_plugins_beside_the_engine_are_the_default():
    folder = default_folder()

    assert folder is not None
    assert "open_door" in [p.id for p in discover(None, None)]
