"""Write the pages that are made from code: ``python tests/docs/pages.py``."""

from __future__ import annotations

import inspect
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from engine import hooks  # noqa: E402
from engine.plan.calls import HOOKS  # noqa: E402

HOOKS_PAGE = ROOT / "docs" / "hooks.md"
HEAD = """# 挂接点 · Hooks

由代码生成(`poe pages`),测试保证与代码一字不差。每个挂接点都有一个随附的插件在用。
(Made from the code by `poe pages`; a test holds it to the code. Each hook has a shipped
plugin that uses it.)

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


if __name__ == "__main__":
    HOOKS_PAGE.write_text(hooks_page(), "utf-8")
