"""A pack is loaded whole, inherits what it does not say, and never changes the past."""

from __future__ import annotations

import json
import tomllib

import pytest

from engine.policy.pack import (
    PACKS,
    Extensions,
    LadderStep,
    LookBack,
    Policy,
    Tracks,
    load_pack,
    shipped,
)

from .samples import DEFAULT, FIRST_DIGEST, FIRST_VERSION, YEARS

OLD = Policy.model_validate_json(FIRST_VERSION)
RULES = Policy.model_fields.keys() - {"pack", "version"}


def write(folder, name, text):
    (folder / name).write_text(text, "utf-8")
    return str(folder / name)


def test_a_policy_of_the_first_version_has_every_later_rule_off():
    later = OLD.model_dump(exclude=set(json.loads(FIRST_VERSION)))

    assert {k: v for k, v in later.items() if v} == {
        "behind_tolerance": "1/5",
        "report_roll": "none",
        "glass_hours": 24,
        "k_anonymity": 5,
    }


def test_a_policy_of_the_first_version_keeps_its_digest():
    assert OLD.digest == FIRST_DIGEST
    assert Policy.model_validate_json(OLD.model_dump_json()).digest == FIRST_DIGEST


def test_every_rule_that_is_on_counts_in_the_digest():
    assert DEFAULT.digest != DEFAULT.model_copy(update={"report_days": 10}).digest
    assert OLD.digest != OLD.model_copy(update={"tracks": Tracks()}).digest


def test_the_default_pack_switches_every_rule_on():
    off = {name for name in RULES if not getattr(DEFAULT, name)}

    assert off == {"holidays", "working_weekends", "light_review_days"}
    assert (DEFAULT.pack, DEFAULT.version) == ("default", 6)
    assert (DEFAULT.tracks, DEFAULT.extensions, DEFAULT.look_back) == (
        Tracks(),
        Extensions(),
        LookBack(),
    )
    assert (DEFAULT.claim_default_days, DEFAULT.dissatisfied_working_days) == (3, 15)
    assert (DEFAULT.report_days, DEFAULT.report_roll) == (15, "next_working_day")


def test_the_default_ladder_reminds_the_owner_and_then_climbs():
    assert DEFAULT.ladder == (
        LadderStep(days=-20, to=("owner",)),
        LadderStep(days=-10, to=("owner",)),
        LadderStep(days=-3, to=("owner",)),
        LadderStep(days=0, to=("owner", "secretary"), instrument="overdue"),
        LadderStep(days=7, to=("superior",), instrument="overdue"),
        LadderStep(days=30, to=("superior",), instrument="list"),
    )


@pytest.mark.parametrize("name", shipped())
def test_every_shipped_pack_loads_under_its_own_name_and_survives_a_history(name):
    policy = load_pack(name, years=YEARS)

    assert policy.pack == name
    assert Policy.model_validate_json(policy.model_dump_json()) == policy


@pytest.mark.parametrize("name", shipped())
def test_no_shipped_pack_tells_the_owner_the_same_day_twice(name):
    policy = load_pack(name)
    told = [
        -(rule.days or 0)
        for rule in policy.lights
        if rule.when == "days_left" and rule.instrument != "none" and "owner" in rule.to
    ]

    assert not set(told) & {s.days for s in policy.ladder if "owner" in s.to}


@pytest.mark.parametrize("name", sorted(set(shipped()) - {"default"}))
def test_a_preset_says_only_what_differs(name):
    said = tomllib.loads((PACKS / f"{name}.toml").read_text("utf-8")).keys()

    assert said <= {"extends", "pack", "version", "lights", "light_review_days", "ladder"}
    assert load_pack(name).tracks == DEFAULT.tracks


def test_a_file_of_ones_own_inherits_tables_key_by_key_and_lists_as_a_whole(tmp_path):
    file = write(
        tmp_path,
        "ours.toml",
        'extends = "default"\npack = "ours"\nversion = 3\n'
        'ladder = [{ days = -1, to = ["owner"] }]\n[tracks]\nphased_days = 60\n',
    )

    ours = load_pack(file)

    assert (ours.pack, ours.version) == ("ours", 3)
    assert ours.tracks == Tracks(phased_days=60)
    assert ours.ladder == (LadderStep(days=-1, to=("owner",)),)
    assert ours.lights == DEFAULT.lights


def test_an_inherited_rule_is_switched_off_by_name(tmp_path):
    file = write(
        tmp_path,
        "ours.toml",
        'extends = "default"\noff = ["extensions", "look_back"]\npack = "ours"\nversion = 1\n',
    )

    assert (load_pack(file).extensions, load_pack(file).look_back) == (None, None)


def test_a_file_may_extend_another_beside_it(tmp_path):
    write(tmp_path, "city.toml", 'extends = "xian"\npack = "city"\nversion = 1\nset_books = 5')
    file = write(tmp_path, "unit.toml", 'extends = "city.toml"\npack = "unit"\nversion = 1\n')

    unit = load_pack(file)

    assert (unit.set_books, unit.lights) == (5, load_pack("xian").lights)


def test_a_calendar_is_pinned_for_the_years_asked_and_no_other():
    pinned = load_pack(years=(2021, 2021)).calendar

    assert pinned is not None
    assert (pinned.first_year, pinned.last_year) == (2021, 2021)
    assert {d.year for d in (*pinned.holidays, *pinned.workdays)} == {2021}
    assert load_pack().calendar is None


def test_a_calendar_in_the_file_comes_before_the_public_one(tmp_path):
    file = write(
        tmp_path,
        "ours.toml",
        'extends = "default"\npack = "ours"\nversion = 1\n[calendar]\nversion = "ours-2030"\n'
        "first_year = 2030\nlast_year = 2030\nholidays = [2030-10-01]\nworkdays = []\n",
    )

    calendar = load_pack(file, years=YEARS).calendar

    assert calendar is not None
    assert calendar.version == "ours-2030"
