"""``plugins.toml``: which plugins are on for whom, from the province down to a unit."""

from __future__ import annotations

import pytest

from engine.host import Host, discover, listing, roster
from engine.host.health import leave, placed
from engine.host.scopes import Scopes, ScopesError, load
from engine.host.switching import disable, enable
from engine.plan.wanted import wanted

from .samples import GOOD, MANIFEST, call, write_plugin

CASCADE = """
[province]
required = ["judge"]
order = ["judge.s", "door.s"]
[province.config.door]
seats = 6
lamp = "red"

[city.xiangyang]
off = ["wall"]
order = ["wall.s"]
[city.xiangyang.config.door]
lamp = "green"

[unit.police]
city = "xiangyang"
on = ["wall", "points"]
off = ["judge", "door"]
[unit.police.config.door]
seats = 2

[unit.school]
city = "xiangyang"
"""


@pytest.fixture
def folder(tmp_path):
    for name in ("judge", "door", "wall", "points"):
        write_plugin(tmp_path, name, GOOD)
    return tmp_path


def scopes(tmp_path, text: str = CASCADE) -> Scopes:
    (tmp_path / "plugins.toml").write_text(text, "utf-8")
    return load(tmp_path / "plugins.toml")


def there(folder, said: Scopes, unit: str | None) -> list[str]:
    present = wanted(roster(discover(folder, None), said, unit), None)
    return [entry.pin.id for entry in present.entries]


def test_without_a_file_every_plugin_is_on_for_everybody(folder):
    assert there(folder, load(folder / "nowhere"), "police") == [
        "door", "judge", "points", "wall",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("unit", "plugins"),
    [
        ("police", ["judge", "points", "wall"]),
        ("school", ["door", "judge"]),
        ("elsewhere", ["door", "judge"]),
        (None, ["door", "judge"]),
    ],
)
def test_a_units_plugin_is_in_its_own_cycles_and_no_others(folder, unit, plugins):
    assert there(folder, scopes(folder), unit) == plugins


@pytest.mark.parametrize(
    ("unit", "seats", "lamp"),
    [("police", 2, "green"), ("school", 6, "green"), ("elsewhere", 6, "red"), (None, 6, "red")],
)
def test_each_key_comes_from_the_lowest_level_that_has_it(tmp_path, unit, seats, lamp):
    assert scopes(tmp_path).config("door", unit) == {"seats": seats, "lamp": lamp}


def test_what_a_level_above_orders_comes_first(tmp_path):
    assert scopes(tmp_path).order("police") == ("judge.s", "door.s", "wall.s")


def test_a_unit_cannot_do_without_what_the_province_requires(folder):
    said = scopes(folder)
    disable(folder / "plugins.toml", "judge", "police")
    present = roster(discover(folder, None), load(folder / "plugins.toml"), "police")

    assert there(folder, said, "police")[0] == "judge"
    assert "judge" in [entry.pin.id for entry in present.entries]
    assert [e.pin.id for e in wanted(present, ("points",)).entries] == ["judge", "points"]
    assert wanted(present, ("points",)).required() == ("judge",)


def test_a_required_plugin_that_is_not_there_is_named_and_still_required(tmp_path):
    present = wanted(roster((), scopes(tmp_path), "police"), ())

    assert [(c.plugin, c.code) for c in present.conflicts] == [("judge", "plugin_failed")]
    assert present.required() == ("judge",)


def test_a_plugin_of_the_province_that_says_it_is_required_is_so_for_every_unit(tmp_path):
    manifest = MANIFEST + 'scope = "province"\ncriticality = "required"\n'
    write_plugin(tmp_path, "law", GOOD, manifest=manifest)

    assert there(tmp_path, scopes(tmp_path, '[unit.police]\noff = ["law"]'), "police") == [
        "law"
    ]
    assert there(tmp_path, scopes(tmp_path, '[province]\noff = ["law"]'), "police") == []


def test_a_unit_that_switches_an_opt_in_plugin_on_need_not_name_it(tmp_path):
    write_plugin(tmp_path, "rare", GOOD, manifest=MANIFEST + "opt_in = true\n")
    said = scopes(tmp_path, '[unit.police]\non = ["rare"]')
    mine = wanted(roster(discover(tmp_path, None), said, "police"), None)

    assert [entry.pin.id for entry in mine.entries] == ["rare"]


def test_a_blocked_version_is_refused_with_its_reason_and_no_other_version(folder):
    text = '[block.door]\nversions = "<=1.0"\nreason = "loses guests"\n'
    said = scopes(folder, text)
    present = roster(discover(folder, None), said, "police")
    rows = {row.id: row for row in placed(listing(folder, None), said)}

    assert [(c.plugin, c.code, c.detail) for c in present.conflicts] == [
        ("door", "plugin_blocked", "loses guests")
    ]
    assert (rows["door"].status, rows["door"].error) == ("blocked", "loses guests")
    assert there(folder, scopes(folder, text.replace("<=1.0", "<1.0")), None)[0] == "door"


def test_a_host_never_loads_what_is_switched_off(tmp_path):
    write_plugin(tmp_path, "broken", f"open({str(tmp_path / 'imported')!r}, 'w').close()")
    disable(tmp_path / "plugins.toml", "broken")
    host = Host(discover(tmp_path, None), scopes=lambda: load(tmp_path / "plugins.toml"))

    assert host.load_all() == ()
    assert host.invoke(call("broken")).error_code == "worker_absent"
    assert not (tmp_path / "imported").exists()


def test_switching_off_and_on_keeps_every_other_line(tmp_path):
    file = tmp_path / "plugins.toml"
    file.write_text("# ours\n[province]\noff = ['x']  # because\n", "utf-8")
    before = file.read_text("utf-8")

    assert disable(file, "door")
    assert disable(file, "door", "police")
    assert not disable(file, "door")
    assert [(d.plugin, d.unit) for d in load(file).disabled] == [
        ("door", None),
        ("door", "police"),
    ]
    assert enable(file, "door")
    assert [(d.plugin, d.unit) for d in load(file).disabled] == [("door", "police")]
    assert enable(file, "door", "police")
    assert not enable(file, "door")
    assert file.read_text("utf-8") == before


def test_switching_off_makes_the_file_when_there_is_none(tmp_path):
    assert disable(tmp_path / "var" / "plugins.toml", "door")
    assert load(tmp_path / "var" / "plugins.toml").disabled[0].plugin == "door"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[province", "plugins.toml: Expected ']'"),
        ("[provinz]", "provinz: is not a field"),
        ("[unit.u]\ncity = 'nowhere'", "the city of u has no table"),
        ("[block.x]\nversions = 'old'\nreason = 'r'", "no range of versions"),
    ],
)
def test_a_file_that_cannot_be_read_is_not_taken_for_an_empty_one(tmp_path, text, told):
    with pytest.raises(ScopesError) as error:
        scopes(tmp_path, text)

    assert told in str(error.value)


def test_the_list_says_where_a_plugin_is_on(folder):
    rows = placed(listing(folder, None), scopes(folder))

    assert {row.id: row.units for row in rows} == {
        "door": ("*",), "judge": ("*",), "points": ("unit/police",), "wall": ("unit/police",),
    }  # fmt: skip


def test_the_list_says_since_when_a_plugin_fares_as_it_does(folder):
    seen = folder / "seen.json"
    leave(Host(discover(folder, None)).load_all(), seen)
    first = {row.id: row.since for row in listing(folder, None, seen=seen)}
    (folder / "door" / "__init__.py").write_text("raise ValueError", "utf-8")
    leave(Host(discover(folder, None)).load_all(), seen)
    then = {row.id: row.since for row in listing(folder, None, seen=seen)}

    assert then["judge"] == first["judge"] is not None
    assert then["door"] > first["door"]


def test_the_digest_of_a_configuration_is_in_the_roster(folder):
    said = scopes(folder, "[province.config.door]\nday = 2026-01-05\n")
    entries = {e.pin.id: e for e in roster(discover(folder, None), said, None).entries}

    assert len(entries["door"].config_digest) == 64
    assert entries["judge"].config_digest == ""


def test_while_the_file_cannot_be_read_no_plugin_is_loaded_or_called(folder):
    (folder / "plugins.toml").write_text("[province", "utf-8")
    host = Host(discover(folder, None), scopes=lambda: load(folder / "plugins.toml"))

    assert host.load_all() == ()
    assert str(host.invoke(call("door")).error).startswith("plugins.toml: ")

    (folder / "plugins.toml").write_text("", "utf-8")
    assert host.invoke(call("door")).ok


OWN = '[unit.police]\nown = ["door"]\n'


def test_what_is_a_units_own_is_on_for_it_alone_and_asked_on_its_own_queue(folder):
    said = scopes(folder, OWN)
    asked = {e.pin.id: e.own for e in roster(discover(folder, None), said, "police").entries}

    assert asked == {"door": True, "judge": False, "points": False, "wall": False}
    assert "door" not in there(folder, said, "school")


def test_the_host_all_share_never_loads_a_units_own_and_the_units_own_nothing_else(folder):
    found, said = discover(folder, None), scopes(folder, OWN)
    shared, units = (
        Host(found, scopes=lambda: said),
        Host(found, scopes=lambda: said, unit="police"),
    )

    assert [row.id for row in shared.load_all()] == ["judge", "points", "wall"]
    assert [row.id for row in units.load_all()] == ["door"]
    assert shared.invoke(call("door")).error_code == "worker_absent"


def test_the_worker_of_a_unit_answers_no_other_unit(folder):
    said = scopes(folder, OWN)
    units = Host(discover(folder, None), scopes=lambda: said, unit="police")
    foreign = call("door")
    answer = units.invoke(foreign)
    context = foreign.context.model_copy(update={"unit": "police"})

    assert (answer.error_code, answer.error) == (
        "worker_absent", "this worker serves police alone",
    )  # fmt: skip
    assert units.invoke(foreign.model_copy(update={"context": context})).ok


def test_a_units_own_plugin_that_wants_events_is_told_it_hears_none(tmp_path):
    write_plugin(tmp_path, "door", GOOD)
    file = tmp_path / "door" / "plugin.toml"
    file.write_text(
        file.read_text("utf-8").replace("hooks = [", 'hooks = ["on_event", '), "utf-8"
    )
    present = roster(discover(tmp_path, None), scopes(tmp_path, OWN), "police")

    assert [(c.plugin, "on_event" in c.detail) for c in present.conflicts] == [("door", True)]
