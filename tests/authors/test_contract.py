"""The contract names every breach, and holds for every plugin that is shipped."""

from __future__ import annotations

from pathlib import Path

import pytest
from host.samples import HOOK, MANIFEST, write_plugin

from engine.testing import assert_contract, breaches

ROOT = Path(__file__).parents[2]
SHIPPED = sorted(path.parent for path in (ROOT / "plugins").glob("*/plugin.toml"))
STEP = "StepContribution(id='{name}.s', anchor='study', side='after', shape='evidence'"
ANSWER = HOOK + "    return [" + STEP + ")]\n"
BROKEN = {
    "unnamed": ("def", "import failed: SyntaxError"),
    "raising": (HOOK + "    raise ValueError('x')", "contribute_steps: ValueError"),
    "dying": ("import os\n" + HOOK + "    os._exit(7)", "its process ended with 7"),
    "counting": (
        "calls = []\n" + HOOK + "    calls.append(1)\n    return [" + STEP
        + ", after=('o.s%d' % len(calls),))]",
        "answers otherwise when asked again in the same process",
    ),
    "shuffled": (
        HOOK + "    return [" + STEP + ", after=tuple({f'o.s{n}' for n in range(9)}))]",
        "answers otherwise when asked again in another process",
    ),
    "temporal": ("import temporalio\n" + ANSWER, "line 1: imports temporalio"),
    "neighbour": ("from plugins import open_door\n" + ANSWER, "imports plugins.open_door"),
    "insider": ("from engine.plan import steps\n" + ANSWER, "engine.plan.steps, which is not"),
    "kit": ("from engine.testing import CAST\n" + ANSWER, "which is for tests alone"),
    "printing": ("import sys\n" + HOOK + "    print(ctx.config)\n    return []", "is printed"),
    "telling": (
        HOOK + "    return [" + STEP + ", after=('o.' + ctx.config['token'],))]",
        "the secret token is in an answer",
    ),
    "strange": (HOOK + "    return [1]", "got int, expected StepContribution"),
    "astray": (ANSWER.replace("'study'", "'studdy'"), "no such prescribed step (study)"),
    "lonely": (
        HOOK + "    ctx.people[1]\n    return []",
        "contribute_steps: IndexError",
    ),
}  # fmt: skip


@pytest.mark.parametrize("folder", SHIPPED, ids=lambda p: p.name)
def test_every_shipped_plugin_keeps_it(folder):
    assert_contract(folder)


@pytest.mark.parametrize("name", BROKEN)
def test_a_breach_is_named(tmp_path, name):
    code, said = BROKEN[name]
    write_plugin(tmp_path, name, code)

    assert said in "\n".join(breaches(tmp_path / name, secrets={"token": "s3cr3t"}))


def test_every_breach_is_told_at_once_under_the_plugins_name(tmp_path):
    write_plugin(tmp_path, "both", HOOK + "    return [1, print(ctx.config)]")
    with pytest.raises(AssertionError) as broken:
        assert_contract(tmp_path / "both")

    assert str(broken.value).splitlines() == [
        "both:",
        "contribute_steps: got NoneType, int, expected StepContribution [invalid_contribution]",
        "the secret canary is printed",
    ]


def test_a_manifest_that_declares_too_much_is_a_breach(tmp_path):
    wide = MANIFEST.replace('"]', '", "contribute_participants"]')
    write_plugin(tmp_path, "wide", ANSWER, manifest=wide)

    assert breaches(tmp_path / "wide") == (
        "declared in plugin.toml, not implemented: contribute_participants",
    )


def test_an_imported_package_is_held_to_it_as_its_folder_is(tmp_path, monkeypatch):
    write_plugin(tmp_path, "kept_to_it", ANSWER)
    monkeypatch.syspath_prepend(tmp_path)
    import kept_to_it  # type: ignore[import-not-found]

    assert_contract(kept_to_it)
    assert breaches(str(tmp_path / "kept_to_it")) == ()
