"""What an author hears of a plugin before any cycle does."""

from __future__ import annotations

import pytest
from host.samples import GOOD, HOOK, MANIFEST, write_plugin
from structlog.testing import capture_logs

from engine.host import Host, discover
from engine.host.api import CHANGED, CURRENT, PREVIOUS, deprecations, refusal
from engine.host.check import hints, problems
from engine.plan.steps import PlanContext
from engine.testing import PluginHost, plan_context

TYPED = "from engine import PlanContext, StepContribution, Invitation, hookimpl\n@hookimpl\n"
WRONG = {
    "raises_on_import": ("raise ValueError('S3CRET')", "import failed: ValueError"),
    "leaves_on_import": ("raise SystemExit(0)", "import failed: SystemExit"),
    "syntax": ("def (", "import failed: SyntaxError"),
    "dies_on_import": ("import os; os._exit(7)", "the process ended with 7"),
    "crashes_on_import": ("import ctypes; ctypes.string_at(0)", "the process ended with -11"),
    "misspelled": (
        "from engine import hookimpl\n@hookimpl\ndef contribute_step(ctx): return []",
        "did you mean 'contribute_steps'?",
    ),
    "wrong_argument": (
        TYPED + "def contribute_steps(ctx: int) -> list[StepContribution]: return []",
        "contribute_steps: ctx is int, expected PlanContext",
    ),
    "wrong_return": (
        TYPED + "def contribute_steps(ctx: PlanContext) -> list[Invitation]: return []",
        "contribute_steps: return is list[Invitation], expected list[StepContribution]",
    ),
    "unknown_argument": (
        TYPED + "def contribute_steps(plan): return []",
        "plan",
    ),
    "silent": ("x = 1", "declared in plugin.toml, not implemented"),
    "wrapper": (
        "import pluggy\nimpl = pluggy.HookimplMarker('taizhang')\n"
        "@impl(wrapper=True)\ndef contribute_steps(ctx):\n    return (yield)",
        "wrappers are not allowed",
    ),
}


@pytest.mark.parametrize("name", list(WRONG))
def test_a_plugin_that_cannot_be_used_is_told_why_and_holds_no_secret(tmp_path, name):
    code, said = WRONG[name]
    write_plugin(tmp_path, name, code)
    told = "; ".join(problems(tmp_path / name))

    assert said in told
    assert "S3CRET" not in told


def test_one_that_can_be_used_has_no_problem(tmp_path):
    write_plugin(tmp_path, "good", GOOD)
    write_plugin(
        tmp_path,
        "typed",
        TYPED + "def contribute_steps(ctx: PlanContext) -> list[StepContribution]: return []",
    )

    assert problems(tmp_path / "good") == problems(tmp_path / "typed") == ()


def test_a_folder_that_is_no_plugin_is_said_so(tmp_path):
    assert "no plugin.toml" in problems(tmp_path)[0]


@pytest.mark.parametrize(
    ("wanted", "fits"),
    [
        (str(CURRENT), True), (str(PREVIOUS), True), (">=1,<3", True), (">=2", True),
        ("3", False), (">=3", False), ("0", False), ("newest", False), ("", False),
    ],
)  # fmt: skip
def test_the_engine_speaks_this_api_and_the_one_before(wanted, fits):
    assert (refusal(wanted) is None) is fits


def test_the_api_before_loads_with_one_warning_that_says_what_to_change(tmp_path):
    write_plugin(tmp_path, "older", GOOD)
    host = Host(discover(tmp_path, None))
    with capture_logs() as lines:
        host.load_all()
        host.load_all()

    warned = [line for line in lines if line["event"] == "plugin_deprecated"]
    assert [line["change"] for line in warned] == [CHANGED]
    assert hints(tmp_path / "older") == (CHANGED,)


def test_a_plugin_for_the_present_api_hears_no_warning(tmp_path):
    write_plugin(tmp_path, "new", GOOD, manifest=MANIFEST.replace('api = "1"', 'api = ">=2"'))

    assert hints(tmp_path / "new") == ()


def test_what_goes_away_is_told_with_what_takes_its_place():
    told = list(deprecations("2", {"old_hook", "other"}, replaced={"old_hook": "new_hook"}))

    assert told == [f"old_hook goes away with api {CURRENT + 1}: use new_hook"]


def test_a_plugin_for_the_present_api_annotates_everything(tmp_path):
    code = TYPED + "def contribute_steps(ctx):\n    return []"
    write_plugin(tmp_path, "bare", code, manifest=MANIFEST.replace('api = "1"', 'api = "2"'))

    assert problems(tmp_path / "bare") == (
        "contribute_steps: ctx has no annotation, expected PlanContext",
        "contribute_steps: return has no annotation, expected list[StepContribution]",
    )


def test_every_problem_is_told_at_once(tmp_path):
    code = (
        TYPED + "def contribute_step(ctx): return []\n"
        "@hookimpl\nasync def contribute_steps(ctx, /, plan: int): return []\n"
        "@hookimpl\ndef review_plan(steps, ctx) -> list: return []\n"
    )
    write_plugin(tmp_path, "many", code)

    assert problems(tmp_path / "many") == (
        "unknown hook 'contribute_step'; did you mean 'contribute_steps'?",
        "contribute_steps: is async, hooks are plain functions",
        "contribute_steps: ctx cannot be given by name",
        "contribute_steps: unknown argument plan, expected ctx",
        "review_plan: arguments are steps, ctx, expected ctx, steps",
        "review_plan: return is list, expected list[Objection]",
        "implemented, not declared in plugin.toml: review_plan",
    )


TELLS = TYPED + (
    "def contribute_steps(ctx: PlanContext) -> list[StepContribution]:\n"
    "    assert ctx.api == '{api}', ctx.api\n"
    "    return []\n"
)


@pytest.mark.parametrize("api", ["1", "2"])
def test_a_plugin_is_told_the_api_it_was_loaded_for(tmp_path, api):
    code, manifest = TELLS.replace("{api}", api), MANIFEST.replace('"1"', f'"{api}"', 1)
    write_plugin(tmp_path, "good", code, manifest=manifest)
    answer = PluginHost(tmp_path / "good").ask("contribute_steps", plan_context())

    assert answer.ok, answer.error


def test_a_context_that_was_recorded_under_the_api_before_can_still_be_read():
    told = plan_context().model_dump(mode="json") | {"api": "1"}

    assert PlanContext.model_validate(told).api == "1"


def test_an_api_that_is_not_spoken_is_refused_with_both_numbers(tmp_path):
    write_plugin(tmp_path, "far", HOOK, manifest=MANIFEST.replace('api = "1"', 'api = ">=9"'))

    assert f"this engine speaks {CURRENT} and {PREVIOUS}" in problems(tmp_path / "far")[0]
