"""Bad plugins, and what is said of each to its author, to the operator, and in the plan."""

from __future__ import annotations

from dataclasses import dataclass

from host.samples import HOOK

STEP = "StepContribution(id='{name}.s', anchor='study', side='after', shape='evidence'"
BY_NAME = (
    "from importlib import import_module\n"
    "{} = (import_module('engine' + n) for n in ('.{}', '.{}'))\n"
)
"""Nobody who only reads the file sees these imports."""
LOADED, FAILED, DEGRADED = "loaded", "failed", "degraded"


@dataclass(frozen=True, kw_only=True)
class Bad:
    """``plan`` is the conflict's code; ``status`` what ``plugins list`` shows after a call.

    ``dies`` marks one that takes its process along; see ``test_quarantine``.
    """

    code: str
    author: str
    plan: str
    status: str = DEGRADED
    dies: bool = False


def on_call(body: str, author: str, plan: str, *, before: str = "", **more) -> Bad:
    return Bad(code=f"{before}{HOOK}    {body}", author=author, plan=plan, **more)


def offers(more: str, author: str, plan: str) -> Bad:
    """One whose answer is in shape and still cannot stand in a plan."""
    return on_call(f"return [{STEP}{more})]", author, plan, status=LOADED)


PLUGINS: dict[str, Bad] = {
    "raises_on_import": Bad(
        code="raise ValueError('S3CRET')", status=FAILED, plan="plugin_failed",
        author="import failed: ValueError, __init__.py line 1",
    ),
    "leaves_on_import": Bad(
        code="raise SystemExit(0)", status=FAILED, plan="plugin_failed",
        author="import failed: SystemExit, __init__.py line 1",
    ),
    "ends_on_import": Bad(
        code="import os; os._exit(0)", plan="worker_absent", dies=True,
        author="the process ended with 0",
    ),
    "misspelled": Bad(
        code=HOOK.replace("steps", "step") + "    return []", status=FAILED,
        plan="plugin_failed", author="did you mean 'contribute_steps'?",
    ),
    "wrong_argument": Bad(
        code=HOOK.replace("(ctx)", "(plan)") + "    return []", status=FAILED,
        plan="plugin_failed", author="contribute_steps: unknown argument plan, expected ctx",
    ),
    "wrong_type": Bad(
        code=HOOK.replace("(ctx)", "(ctx: int)") + "    return []", status=FAILED,
        plan="plugin_failed", author="contribute_steps: ctx is int, expected PlanContext",
    ),
    "asynchronous": Bad(
        code=HOOK.replace("def ", "async def ") + "    return []", status=FAILED,
        plan="plugin_failed", author="contribute_steps: is async, hooks are plain functions",
    ),
    "never_awaited": on_call(
        "return later()", "got a coroutine; hooks are plain functions", "invalid_contribution",
        before="async def later():\n    return []\n",
    ),
    "wrong_result": on_call(
        "return {'steps': []}", "got dict, expected list", "invalid_contribution"
    ),
    "five_megabytes": on_call(
        f"return [{STEP}, after=('x' * 80,) * 62_000)]",
        "bytes, limit 131072", "invalid_contribution",
    ),
    "not_serialisable": on_call(
        "return [StepContribution.model_construct(id=object())]",
        "cannot be written as JSON", "invalid_contribution",
    ),
    "sleeps": on_call(
        "time.sleep(3600)", "contribute_steps: took longer than 0.5 s", "contribution_timeout",
        before="import time\n",
    ),
    "sleeps_async": on_call(
        "return asyncio.run(asyncio.sleep(3600))", "contribute_steps: took longer than 0.5 s",
        "contribution_timeout", before="import asyncio\n",
    ),
    "busy_loop": on_call(
        "while True: pass", "contribute_steps: took longer than 0.5 s", "contribution_timeout"
    ),
    "exits": on_call(
        "os._exit(3)", "the process ended with 3", "worker_absent", before="import os\n",
        dies=True,
    ),
    "crashes": on_call(
        "ctypes.string_at(0)", "the process ended with -11", "worker_absent",
        before="import ctypes\n", dies=True,
    ),
    "tells_a_secret": on_call(
        "raise RuntimeError('S3CRET')", "contribute_steps: RuntimeError, __init__.py line 4",
        "plugin_failed",
    ),
    "changes_its_mind": on_call(
        "return [StepContribution(id=f'changes_its_mind.s{next(N)}', anchor='study', "
        "side='after', shape='evidence')]",
        "gives another answer when asked again", "", status=LOADED,
        before="from itertools import count\nN = count()\n",
    ),
    "twice": on_call(
        f"return [{STEP})] * 2", "the step is contributed twice", "duplicate_step_id",
        status=LOADED,
    ),
    "takes_a_prescribed_id": on_call(
        f"return [{STEP})]".replace("{name}.s", "study"),
        "a step id begins with the plugin's id", "id_not_namespaced", status=LOADED,
    ),
    "reorders": offers(
        ", before=('plan',)", "contradicts the prescribed order", "order_contradiction"
    ),
    "removes": on_call(
        f"prescribed.PRESCRIBED = merge.PRESCRIBED = ()\n    return [{STEP})]", "", "",
        before=BY_NAME.format("merge, prescribed", "plan.merge", "plan.prescribed"),
        status=LOADED,
    ),
    "loosens_a_gate": on_call(
        f"gates.open_gates = decide.open_gates = lambda _: ()\n    return [{STEP})]", "", "",
        before=BY_NAME.format("decide, gates", "cycle.decide", "cycle.gates"),
        status=LOADED,
    ),
    "writes_core_events": Bad(
        code="from engine import EventType, hookimpl\n@hookimpl\n"
        "def register_event_types() -> list[EventType]:\n"
        "    return [EventType(kind='issue_closed')]\n" + HOOK + "    return []",
        status=FAILED, plan="plugin_failed", author="import failed: ValidationError",
    ),
    "imports_the_ledger": Bad(
        code=f"from engine.ledger.sql import open_ledger\n{HOOK}    return []", status=FAILED,
        plan="plugin_failed",
        author="__init__.py line 1: imports engine.ledger.sql.open_ledger, which is not public",
    ),
    "looks_for_the_ledger": on_call(
        "url = os.environ['TAIZHANG_LEDGER_URL']\n    open_ledger(url).append([])",
        "contribute_steps: KeyError, __init__.py line 7", "plugin_failed",
        before=BY_NAME.format("ledger, sql", "ledger", "ledger.sql")
        + "import os; open_ledger = sql.open_ledger\n",
    ),
}  # fmt: skip
