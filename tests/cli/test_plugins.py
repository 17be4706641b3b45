"""``taizhang plugins``: what an operator reads, and what stays possible with a broken one."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from host.samples import GOOD, MANIFEST, write_plugin

from engine.host import Host, discover
from engine.host.health import listing

SENTINEL = "open({file!r}, 'w').close()\nraise ValueError\n"


@pytest.fixture
def place(tmp_path):
    folder = tmp_path / "there"
    folder.mkdir()
    write_plugin(folder, "good", GOOD)
    write_plugin(folder, "broken", SENTINEL.format(file=str(tmp_path / "imported")))
    return folder


@pytest.fixture
def operator(taizhang, place):
    """A command line over one good plugin and one that raises when it is imported."""
    settings = taizhang.parts.settings.model_copy(update={"plugins_dir": place})
    parts = replace(taizhang.parts, settings=settings, plugins=lambda: listing(place, None))
    return type(taizhang)(parts)


def row(operator, plugin: str):
    return next(r for r in operator.data("plugins", "list") if r["id"] == plugin)


def test_the_list_says_what_an_operator_asks_and_imports_nothing(operator, tmp_path):
    shown = row(operator, "broken")

    assert (shown["status"], shown["version"], shown["scope"]) == ("found", "1.0", "unit")
    assert (shown["criticality"], shown["hooks"]) == ("optional", ["contribute_steps"])
    assert (shown["queue"], shown["units"]) == ("taizhang-plugins", ["*"])
    assert not (tmp_path / "imported").exists()
    assert operator("plugins", "list", "-o", "ids").stdout == "broken\ngood\n"


def test_once_a_host_has_loaded_it_the_list_says_that_it_failed_why_and_since_when(
    operator, place, tmp_path
):
    assert row(operator, "broken")["status"] == "found"
    assert not (tmp_path / "imported").exists()

    seen = tmp_path / "plugins.json"
    Host(discover(place, None), seen=seen).load_all()
    assert (tmp_path / "imported").exists()

    parts = replace(operator.parts, plugins=lambda: listing(place, None, seen=seen))
    shown = row(type(operator)(parts), "broken")
    assert (shown["status"], shown["version"], shown["units"]) == ("failed", "1.0", ["*"])
    assert shown["error"] == "import failed: ValueError, __init__.py line 2"
    assert shown["since"]


def test_a_broken_plugin_is_switched_off_and_on_without_loading_it(operator, tmp_path):
    off = operator("plugins", "disable", "broken", "--lang", "en")

    assert (off.exit_code, "broken is off (*)" in off.stdout) == (0, True)
    assert row(operator, "broken")["status"] == "disabled"
    assert operator("plugins", "disable", "broken").exit_code == 1
    assert operator("plugins", "enable", "broken").exit_code == 0
    assert row(operator, "broken")["status"] == "found"
    assert operator("plugins", "enable", "broken").exit_code == 1
    assert not (tmp_path / "imported").exists()


def test_one_unit_may_be_without_a_plugin_unless_it_is_required_from_above(operator):
    asked = ("plugins", "disable", "good", "--unit", "police", "--lang", "en")
    file = operator.parts.settings.scopes_path
    file.write_text('[province]\nrequired = ["good"]\n[unit.police]\n', "utf-8")

    refused = operator(*asked)
    assert (refused.exit_code, "required from above" in refused.stderr) == (1, True)
    file.write_text("[unit.police]\n", "utf-8")
    assert operator(*asked).exit_code == 0


def test_a_plugin_that_is_not_there_is_answered_with_those_that_are(operator):
    for asked in (("info", "goood"), ("disable", "goood")):
        refused = operator("plugins", *asked, "--lang", "en")

        assert (refused.exit_code, "broken, good" in refused.stderr) == (1, True)


def test_a_file_that_cannot_be_read_is_said_in_one_line(operator):
    operator.parts.settings.scopes_path.write_text("[province", "utf-8")
    for asked in (("list",), ("disable", "good"), ("enable", "good")):
        refused = operator("plugins", *asked)

        assert (refused.exit_code, refused.stderr.count("\n")) == (1, 1)
        assert refused.stderr.startswith("plugins.toml: ")


def test_info_names_the_keys_of_a_configuration_and_never_what_they_are_set_to(operator):
    operator.parts.settings.scopes_path.write_text(
        "[province.config.good]\ntoken = 'S3CR3T'\n[unit.police.config.good]\nseats = 2\n"
    )
    shown = operator("plugins", "info", "good", "-o", "json")

    assert json.loads(shown.stdout)["config"] == ["province: token", "unit/police: seats"]
    assert "S3CR3T" not in shown.stdout + operator("plugins", "info", "good").stdout


@pytest.mark.parametrize("output", ["table", "json", "ids"])
def test_a_check_names_every_problem_and_ends_with_one(operator, place, output):
    write_plugin(place, "bad", "x = 1", manifest=MANIFEST.replace('api = "1"', 'api = "9"'))
    done = operator("plugins", "check", str(place / "bad"), "-o", output)

    assert done.exit_code == 1
    assert "this engine speaks 2 and 1" in done.stdout + done.stderr


def test_a_plugin_that_is_fit_is_said_so_in_every_form(operator, place):
    asked = ("plugins", "check", str(place / "good"))

    assert operator.data(*asked)["fit"] is True
    assert operator(*asked, "-o", "ids").stdout == "good\n"
    assert "api 1" in operator(*asked, "--lang", "en").stdout


def test_a_matrix_says_of_every_plugin_below_a_folder_whether_it_is_taken(operator, place):
    write_plugin(place, "future", GOOD, manifest=MANIFEST.replace('api = "1"', 'api = ">=3"'))
    write_plugin(place, "bad", GOOD, manifest=MANIFEST.replace('api = "1"', 'api = "2"'))
    (place / "plugins.toml").write_text('[block.bad]\nversions = "<2"\nreason = "leaks"\n')
    done = operator("plugins", "check", "--matrix", str(place), "-o", "json")
    found = {row["plugin"]: (row["verdict"], row["said"]) for row in json.loads(done.stdout)}

    assert done.exit_code == 1
    assert found["good"][0] == "warned"
    assert found["broken"] == ("refused", "import failed: ValueError, __init__.py line 2")
    assert found["bad"] == ("refused", "bad 1.0 is blocked: leaks")
    assert "this engine speaks 2 and 1" in found["future"][1]


def test_a_matrix_of_plugins_that_are_all_taken_ends_well(operator, place):
    for name in ("plugin.toml", "__init__.py"):
        (place / "broken" / name).unlink()
    done = operator("plugins", "check", "--matrix", str(place), "--lang", "en")

    assert (done.exit_code, "taken, with a warning" in done.stdout) == (0, True)


def test_a_folder_without_plugins_is_no_empty_success(operator, tmp_path):
    done = operator("plugins", "check", "--matrix", str(tmp_path / "there" / "good"))

    assert done.exit_code == 1
