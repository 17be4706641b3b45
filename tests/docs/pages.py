"""Write the pages that are made from code: ``python tests/docs/pages.py``."""

from __future__ import annotations

import inspect
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from docs.commands import COMMANDS_PAGE, commands_page
from host.bad.plugins import PLUGINS

from engine import hooks
from engine.cli.words import Words
from engine.people import acts
from engine.people.appointing import GIVEN_FROM_ABOVE
from engine.people.roles import (
    APART,
    PART,
    WORD,
    Parts,
    RoleId,
    allowed,
    barred,
)
from engine.plan.calls import HOOKS

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
BAD_PAIRS = """
What one changes in its own process (`removes`, `loosens_a_gate`) stays there: the rules run
in the worker, which imports no plugin, and the meeting is refused with `gate_open` all the
same (`tests/isolation/test_no_plugin_in_workflow.py`).

## 想改台账的插件 · A plugin that wants to write in the ledger

引用引擎内部的,不用运行就查得出:`plugins check` 与加载时都按文件和行号拒绝
(`imports_the_ledger`)。
运行时才拼出名字的(`looks_for_the_ledger`)查不出,但插件运行的进程里没有台账的连接,也没有地址和口令:
插件宿主不开台账,投递由 `courier` 进程读台账,插件在它另起的进程里听事件。
操作员看到的是插件失败,周期照常(`tests/isolation/test_out_of_reach.py`)。

(What is imported from inside the engine is found without running it: `plugins check` and the
host refuse it, with file and line. A name put together at run time is not found, but where
plugins run there is no connection to the ledger, no address and no password: the host never
opens it, and of events plugins hear in a process that the `courier` starts. The operator sees
a plugin that failed, the cycle goes on.)

**做不到的 · The limit.** 同一个系统用户写得了自己的文件:默认的 SQLite 台账就在数据文件夹里,
插件若找到并按链条规则补上一行,`taizhang ledger verify` 看不出,视图会照样显示。但每个流只有一个
作者:周期的下一条事件就与它相撞,日志出现 `ledger_incident`,周期不受它影响,此后也不再入账,
直到有人处理。
没有周期在写的流,无人会撞上。要更牢的,台账用 PostgreSQL,插件宿主用另一个系统用户、另一台机器
或容器运行,那里不给 `TAIZHANG_LEDGER_URL`;单位自己的插件用 `taizhang worker --plugins`。

(One system user can write all its files: the SQLite ledger of the default lies in the data
folder, and a plugin that finds it and adds a row that continues the chain passes `taizhang
ledger verify`, and the views show it. But a stream has one writer: the cycle's next event
collides with it, the log has `ledger_incident`, the cycle itself believes nothing of it and
records nothing more until somebody looks. In a stream that no cycle writes any more nobody
collides. Who needs more keeps the ledger in PostgreSQL and runs the host as another system
user, on another machine or in a container, without `TAIZHANG_LEDGER_URL`; a unit's own
plugins run under `taizhang worker --plugins`.)

## 两个插件之间 · Between two plugins

| two plugins | their authors read | their status | in the plan |
|---|---|---|---|
| each waits for the other | `taizhang plan check`: first.s < second.s, second.s < first.s | \
loaded | `order_cycle`, both dropped whole, the others stay (`tests/host/bad`) |
| two versions of one library | nothing, each has its own environment | loaded | both steps, \
held (`worker_absent`) until each has its worker (`tests/workflows/test_own_worker.py`) |
"""
ROLES_PAGE = ROOT / "docs" / "roles.md"
ROLES_HEAD = """# 角色 · Roles

由代码生成(`poe pages`):`engine/people/roles.py` 是唯一的一张表,
测试逐条比对它与规则是否一致。表里没有写的,就是不可以。
(Made from the code by `poe pages`. A test asks the rules about every command of every
role; what stands in no row is not allowed.)

方括号里是前提:须在这件事里有这个身份。“不得兼”是办这件事的人不能有的身份。
(Brackets name the part in the matter that the act takes. “Apart” are the parts that
whoever does it may not have.)

责任人不由任命,谁认领谁是。代理也不能做“任何时候不可”的事。
(Nobody is appointed issue owner: who claims is. “May never” holds for a delegate too.)

查阅和日常工作,一个角色“任何时候不可”的,同一人任的别的角色也不可以;命令由规则决定。
(In reading and in work beside the rules, what one role may never do no other role of the same
person may; commands are the rules' to decide.)
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
    return BAD_HEAD + "".join(rows) + BAD_PAIRS


def roles_page() -> str:
    """Return docs/roles.md as the table has it."""
    legend = "".join(f"- `{part}` {zh}\n" for part, zh in PART.items())
    head = f"{ROLES_HEAD}\n身份 · Parts:\n\n{legend}"
    return head + "".join(_role(id_, zh) for id_, zh in WORD.items())


def _role(id_: RoleId, zh: str) -> str:
    may = allowed(id_)
    apart = [f"{_act(act)} [{', '.join(APART[act])}]" for act in may if act in APART]
    parts = [
        f"\n## {zh} · {id_}\n",
        "\n由上级单位任免 · Named from above.\n" if id_ in GIVEN_FROM_ABOVE else "",
        _list("可以 · May", [_act(act) + _parts(parts) for act, parts in may.items()]),
        _list("任何时候不可 · May never", [_act(act) for act in sorted(barred(id_))]),
        _list("不得兼 · Apart", apart),
    ]
    return "".join(parts)


def _list(title: str, lines: list[str]) -> str:
    rows = "".join(f"- {line}\n" for line in lines)
    return f"\n{title}:\n\n{rows}" if lines else ""


def _act(act: str) -> str:
    if act in acts.BESIDE:
        return f"`{act}` {acts.words(act, 'zh')}"
    return f"`{act}` {Words('zh').of('act', act)}"


def _parts(parts: Parts) -> str:
    return f" [{', '.join(parts)}]" if parts else ""


if __name__ == "__main__":
    HOOKS_PAGE.write_text(hooks_page(), "utf-8")
    BAD_PAGE.write_text(bad_page(), "utf-8")
    ROLES_PAGE.write_text(roles_page(), "utf-8")
    COMMANDS_PAGE.write_text(commands_page(), "utf-8")
