"""A bad plugin costs only itself: whatever it does, its neighbour's steps stand."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from engine.host import Host, discover, roster
from engine.host.loading import PluginRefusedError, load
from engine.plan.calls import HookEnvelope, collect
from engine.plan.merge import merge

from .samples import CONTEXT, GOOD, HOOK, MANIFEST, ask, call, write_plugin

STEP = "StepContribution(id='{name}.s', anchor='study', side='after', shape='evidence')"
UNBUILT = "StepContribution.model_construct(id='{name}.s', anchor=object())"

ON_IMPORT = {
    "import_error": "import nowhere_at_all",
    "syntax_error": "def (",
    "exits": "raise SystemExit(3)",
    "interrupts": "raise KeyboardInterrupt",
    "raises_on_import": "raise ValueError('S3CRET')",
    "misspelt": HOOK.replace("steps", "step") + "    return []",
    "signature": HOOK.replace("(ctx)", "(context)") + "    return []",
    "undeclared": HOOK
    + "    return []\n@hookimpl\ndef contribute_participants(ctx):\n    return []",
    "unimplemented": "x = 1",
    "wrapper": HOOK.replace("@hookimpl", "@hookimpl(wrapper=True)") + "    return (yield)",
}
ON_IMPORT["asynchronous"] = f"{HOOK}    return []".replace("def ", "async def ")
ON_CALL = {
    "raises": "raise ValueError('S3CRET')",
    "exits_late": "raise SystemExit('S3CRET')",
    "recurses": "return contribute_steps(ctx)",
}
ANSWERS = {
    "a_number": "return 7",
    "nothing": "return None",
    "a_dict": "return [{'id': 'a_dict.s'}]",
    "a_none_inside": "return [None]",
    "a_generator": "yield " + STEP,
    "a_tuple": f"return ({STEP},)",
    "unchecked": f"return [{UNBUILT}]",
    "one_of_two": f"return [{STEP}, 7]",
    "five_megabytes": "return [StepContribution(id=f'five_megabytes.s{n}', anchor='study', "
    "side='after', shape='evidence') for n in range(40_000)]",
    "invites": "return [Invitation(step='invites.s', person='m01')]",
    "surrogate": "return [StepContribution.model_construct(id='\\ud800')]",
}
BAD = (
    {name: (code, "plugin_failed") for name, code in ON_IMPORT.items()}
    | {name: (f"{HOOK}    {code}", "plugin_failed") for name, code in ON_CALL.items()}
    | {name: (f"{HOOK}    {code}", "invalid_contribution") for name, code in ANSWERS.items()}
    | {
        "coroutine": (
            f"async def later():\n    return []\n{HOOK}    return later()",
            "invalid_contribution",
        ),
        "hangs": (
            f"import threading\n{HOOK}    threading.Event().wait()",
            "contribution_timeout",
        ),
    }
)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("name", BAD)
def test_a_bad_plugin_gives_a_reason_and_its_neighbour_its_step(tmp_path, name):
    code, trouble = BAD[name]
    write_plugin(tmp_path, name, code)
    write_plugin(tmp_path, "good", GOOD)
    found = discover(tmp_path, None)
    host = Host(found, timeout_s=0.3 if name == "hangs" else 5)
    answers = [host.invoke(c) for c in roster(found).calls(CONTEXT)]
    bad = next(a for a in answers if a.plugin == name)
    plan = merge(collect(roster(found), answers))

    assert (bad.error_code, bad.result) == (trouble, None)
    assert bad.error
    assert "S3CRET" not in bad.model_dump_json()
    assert [(c.plugin, c.code) for c in plan.conflicts] == [(name, trouble)]
    assert [s.id for s in plan.steps if s.origin == "local"] == ["good.s"]


def test_an_import_that_hangs_is_given_up(tmp_path):
    write_plugin(tmp_path, "stuck", "import threading\nthreading.Event().wait()")

    with pytest.raises(PluginRefusedError, match="import took longer"):
        load(discover(tmp_path, None)[0], timeout_s=0.2)


def test_a_misspelt_hook_is_answered_with_the_nearest_name(tmp_path):
    write_plugin(tmp_path, "misspelt", BAD["misspelt"][0])

    assert ask(tmp_path, "misspelt").error == (
        "unknown hook 'contribute_step'; did you mean 'contribute_steps'?; "
        "declared in plugin.toml, not implemented: contribute_steps"
    )


def test_an_error_is_told_by_class_and_line(tmp_path):
    write_plugin(tmp_path, "raises", BAD["raises"][0])

    assert ask(tmp_path, "raises").error == "ValueError, __init__.py line 4"


def test_a_wrong_field_is_named_without_its_value(tmp_path):
    unchecked = "return [StepContribution.model_construct(id='S3CRET !', side='left')]"
    write_plugin(tmp_path, "fields", f"{HOOK}    {unchecked}")
    told = str(ask(tmp_path, "fields").error)

    assert "0.id: string_pattern_mismatch" in told
    assert "S3CRET" not in told


def test_nobody_outside_the_cycle_can_be_invited(tmp_path):
    code = (
        "from engine import Invitation, hookimpl\n@hookimpl\n"
        "def contribute_participants(ctx):\n"
        "    return [Invitation(step='ghost.s', person='zz')]"
    )
    manifest = MANIFEST.replace("contribute_steps", "contribute_participants")
    write_plugin(tmp_path, "ghost", code, manifest=manifest)
    answer = Host(discover(tmp_path, None)).invoke(call("ghost", "contribute_participants"))

    assert answer.error_code == "invalid_contribution"


def test_a_plugin_that_hangs_is_not_given_another_thread(tmp_path):
    write_plugin(tmp_path, "hangs", BAD["hangs"][0])
    host = Host(discover(tmp_path, None), timeout_s=0.2)
    first = host.invoke(call("hangs"))
    threads = threading.active_count()
    again = host.invoke(call("hangs"))

    assert (first.error_code, again.error_code) == ("contribution_timeout",) * 2
    assert threading.active_count() == threads


def test_two_cycles_may_ask_one_plugin_at_the_same_time(tmp_path):
    code = (
        "import threading\nboth = threading.Barrier(2)\n"
        + HOOK
        + "    both.wait(5)\n    return []"
    )
    write_plugin(tmp_path, "meets", code)
    host = Host(discover(tmp_path, None))
    with ThreadPoolExecutor(2) as pool:
        answers: list[HookEnvelope] = list(pool.map(host.invoke, [call("meets")] * 2))

    assert [a.ok for a in answers] == [True, True]


def test_a_hook_need_not_take_the_context(tmp_path):
    write_plugin(tmp_path, "short", HOOK.replace("(ctx)", "()") + "    return []")

    assert ask(tmp_path, "short").ok


def test_a_plugin_the_host_does_not_have_is_absent(tmp_path):
    assert ask(tmp_path, "nobody").error_code == "worker_absent"
