"""Every hook is documented as it is, and a shipped plugin uses it."""

from __future__ import annotations

import inspect
import tomllib

import pytest
from docs.pages import BAD_PAGE, HOOKS_PAGE, ROOT, bad_page, hooks_page

from engine import hooks
from engine.plan.calls import HOOKS

SECTIONS = ("Args:", "Returns:", "When called:", "Idempotency:", "On failure:")


def test_the_page_says_what_the_code_says():
    assert HOOKS_PAGE.read_text("utf-8") == hooks_page(), "run poe pages"


def test_the_page_of_bad_plugins_says_what_is_tested():
    assert BAD_PAGE.read_text("utf-8") == bad_page(), "run poe pages"


@pytest.mark.parametrize("name", HOOKS)
def test_a_hook_says_what_it_takes_gives_and_does_when_it_fails(name):
    told = inspect.getdoc(getattr(hooks, name))

    assert [s for s in SECTIONS if s not in told] == []


@pytest.mark.parametrize("name", HOOKS)
def test_a_hook_has_a_shipped_plugin_that_uses_it(name):
    manifests = [
        tomllib.loads(path.read_text("utf-8"))
        for path in sorted((ROOT / "plugins").glob("*/plugin.toml"))
    ]

    assert [m["id"] for m in manifests if name in m["hooks"]]


def test_every_hook_of_the_specification_is_one_the_host_knows():
    specs = {n for n, f in vars(hooks).items() if hasattr(f, f"{hooks.PROJECT}_spec")}

    assert specs == set(HOOKS)
