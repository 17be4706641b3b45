"""Write the pages that are made from code: ``python tests/docs/pages.py``."""

from __future__ import annotations

import inspect
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from host.bad.plugins import PLUGINS  # noqa: E402

from engine import hooks  # noqa: E402
from engine.plan.calls import HOOKS  # noqa: E402

HOOKS_PAGE = ROOT / "docs" / "hooks.md"
HEAD = """# 挂接点 · Hooks

由代码生成(`poe pages`),测试保证与代码一字不差。每个挂接点都有一个随附的插件在用。
(Made from the code by `poe pages`; a test holds it to the code. Each hook has a shipped
plugin that uses it.)

"""
BAD_PAGE = ROOT / "docs" / "bad-plugins.md"
BAD_HEAD = """# 坏插件 · Bad plugins

由代码生成(`poe pages`)。每一行都由 `tests/host/bad` 实测:
其他插件的步骤照常编入,规定动作一步不少。
(Made from the code by `poe pages`. Each row is a plugin that `tests/host/bad` really runs;
the steps of its neighbours and every prescribed step are in the plan all the same.)

The author reads the second column from `taizhang plugins check`, the operator the third
from `taizhang plugins list`; the log has `plugin_refused`, `hook_called` or
`child_restarted`. A plugin that took its host along is asked in a process of its own from
then on, until it answers there or changes. The last column is the conflict in the plan. A
required plugin blocks the plan with that conflict until it answers or a superior decides.

| plugin | its author reads | its status | in the plan |
|---|---|---|---|
"""


def hooks_page() -> str:
    """Return docs/hooks.md as the code says it."""
    parts = [HEAD, inspect.cleandoc(hooks.__doc__ or ""), "\n"]
    for name in HOOKS:
        spec = getattr(hooks, name)
        signature = str(inspect.signature(spec)).replace("'", "")
        parts.append(f"\n## {name}\n\n```text\n{name}{signature}\n```\n\n")
        parts.append(f"```text\n{inspect.getdoc(spec)}\n```\n")
    return "".join(parts)


def bad_page() -> str:
    """Return docs/bad-plugins.md as the tests of bad plugins have it."""
    rows = [
        f"| `{name}` | {bad.author or 'nothing'} | "
        f"{'failed, once the host is up again' if bad.dies else bad.status} | "
        f"{f'`{bad.plan}`' if bad.plan else 'no conflict'} |\n"
        for name, bad in PLUGINS.items()
    ]
    return BAD_HEAD + "".join(rows)


if __name__ == "__main__":
    HOOKS_PAGE.write_text(hooks_page(), "utf-8")
    BAD_PAGE.write_text(bad_page(), "utf-8")
