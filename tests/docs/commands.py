"""``docs/commands.md``, made from the commands themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel

from engine.campaign.commands import CampaignCommand, OpenCampaign
from engine.cli.words import Words
from engine.cycle.commands import CycleCommand, OpenCycle

COMMANDS_PAGE = Path(__file__).parents[2] / "docs" / "commands.md"
HEAD = """# 命令 · Commands

由代码生成(`poe pages`)。(Made from the code by `poe pages`.)

办理一件事:`taizhang cycle do 周期 命令 --by 编号 --json '{...}'`,下面是每种命令的字段。
表里不写 `kind` 和 `by`:一个是命令名,一个是 `--by`。带 * 的必须写。编号是小写字母、数字、
`.`、`_`、`-`,不可用姓名。文字写成 `{"text": "..."}`,送出前就封进保密库;
属于某个人的再加 `"subject": "编号"`,只可为同一命令 `author` `of` `member` `guest` `subject`
所写的人。引用不可写进命令。谁可以办,见
[roles.md](roles.md)。
(A matter is dealt with by `taizhang cycle do`; each command's fields stand below, without
`kind`, which is its name, and `by`, which is `--by`. Those with * have to be there. An id is
lower-case letters, digits, `.`, `_`, `-`, never a name. A text is written
`{"text": "..."}` and sealed before it is sent; with `"subject": "id"` it goes under the key of
whom the same command names as `author`, `of`, `member`, `guest` or `subject`. A reference is
never written into a command. Who may: roles.md.)

## 开启周期 · Opening a cycle

`taizhang cycle open 文件.json`;`policy` 可以只写规则包的名字。
(`policy` may be the name of a pack.)

```json
"""
EXAMPLE = """{
  "by": "m01",
  "cycle": "nanzhang-2026",
  "unit": "nanzhang-finance-2",
  "meeting_on": "2026-12-30",
  "policy": "default",
  "books": ["set-book-1"],
  "people": [
    {"id": "sup", "roles": ["superior_officer"]},
    {"id": "m01", "roles": ["branch_secretary", "member"]},
    {"id": "m02", "roles": ["committee_member", "member"]},
    {"id": "m03", "roles": ["member"]}
  ]
}
"""
CAMPAIGNS = """
## 活动 · Campaigns

`taizhang campaign open`、`taizhang campaign do 活动 命令`,写法相同。(Written alike.)
"""
BESIDE = ("kind", "by")


def commands_page() -> str:
    """Return the page: an opening that opens, then every command and its fields."""
    cycle = map(_section, (OpenCycle, *models(CycleCommand)))
    campaign = map(_section, (OpenCampaign, *models(CampaignCommand)))
    return "".join((HEAD, EXAMPLE, "```\n", *cycle, CAMPAIGNS, *campaign))


def models(union: Any) -> Iterator[type[BaseModel]]:
    """Yield every command in a union of unions."""
    for part in get_args(union):
        if isinstance(part, type) and issubclass(part, BaseModel):
            yield part
        else:
            yield from models(part)


def _section(command: type[BaseModel]) -> str:
    schema = command.model_json_schema()
    kind = command.model_fields["kind"].default
    said = (command.__doc__ or "").splitlines()[0]
    head = f"\n### `{kind}` {Words('zh').of('act', kind)}\n\n{said}\n\n"
    needed = schema.get("required", ())
    fields = [
        f"- `{name}`{'*' if name in needed else ''} {_type(field, schema.get('$defs', {}))}\n"
        for name, field in schema["properties"].items()
        if name not in BESIDE
    ]
    return (head + "".join(fields)).rstrip("\n") + "\n"


def _type(field: Mapping[str, Any], defs: Mapping[str, Any]) -> str:
    """Return what may stand in a field, in few words."""
    if "$ref" in field:
        return _table(field["$ref"].rpartition("/")[2], defs)
    if "anyOf" in field:
        return " / ".join(_type(one, defs) for one in field["anyOf"] if one != {"type": "null"})
    if "enum" in field or "const" in field:
        return " ".join(f"`{one}`" for one in field.get("enum", [field.get("const")]))
    if field.get("type") == "array":
        return f"[{_type(field['items'], defs)}]" if "items" in field else "[...]"
    return _plain(field)


def _plain(field: Mapping[str, Any]) -> str:
    kind = field.get("format") or field.get("type", "any")
    if "sealed" in field.get("pattern", ""):
        return "文字 text"
    words = {"string": "编号 id", "integer": "数 number", "boolean": "true/false"}
    return words.get(kind, {"date": "日期 date", "date-time": "时间 moment"}.get(kind, kind))


def _table(name: str, defs: Mapping[str, Any]) -> str:
    found = defs[name]
    if "properties" not in found or name == "Policy":
        return name if name == "Policy" else _type(found, defs)
    needed = found.get("required", ())
    inner = (
        f"{key}{'*' if key in needed else ''}: {_type(value, defs)}"
        for key, value in found["properties"].items()
    )
    return "{" + ", ".join(inner) + "}"
