"""The page on packs names every key there is, and its example can be used."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

from engine.policy.pack import (
    Calendar,
    Extensions,
    LadderStep,
    LightRule,
    LookBack,
    Policy,
    Retained,
    Rights,
    Tracks,
    load_pack,
    shipped,
)
from engine.policy.rules import Recipient, When

PAGE = (Path(__file__).parent.parent.parent / "docs" / "policies.md").read_text("utf-8")
TABLES = {
    "": Policy,
    "tracks.": Tracks,
    "extensions.": Extensions,
    "ladder[].": LadderStep,
    "lights[].": LightRule,
    "look_back.": LookBack,
    "rights.": Rights,
    "retention.": Retained,
    "calendar.": Calendar,
}


def first_column(heading):
    section = PAGE.split(f"{heading}\n")[1].split("\n#")[0]
    return re.findall(r"^\| `([^`]+)` \|", section, re.MULTILINE)


def test_every_key_is_documented_once_and_no_other():
    keys = [f"{at}{name}" for at, model in TABLES.items() for name in model.model_fields]
    documented = [
        key
        for heading in re.findall(r"^### .+", PAGE, re.MULTILINE)
        for key in first_column(heading)
    ]

    assert sorted(k for k in documented if k not in get_args(When)) == sorted(keys)


def test_every_case_of_a_light_and_every_recipient_is_documented():
    cases = re.findall(r"^\| `(\w+)` \|", PAGE.split("| 情形 · when |")[1], re.MULTILINE)

    assert tuple(cases[: len(get_args(When))]) == get_args(When)
    assert all(f"`{who}`" in PAGE for who in get_args(Recipient))


def test_every_shipped_pack_is_documented():
    assert set(first_column("## 自带的规则包 · Shipped packs")) == set(shipped())


def test_the_example_can_be_used_as_it_stands(tmp_path):
    file = tmp_path / "our-office.toml"
    file.write_text(PAGE.split("```toml\n")[1].split("```")[0], "utf-8")

    ours = load_pack(str(file))

    assert (ours.pack, ours.report_days, ours.look_back) == ("our-office", 10, None)
    assert ours.tracks == Tracks(phased_days=60)
    assert [rule.colour for rule in ours.lights] == ["red"]
