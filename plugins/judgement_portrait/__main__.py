"""Write and look: ``python -m judgement_portrait FOLDER COMMAND name=value ...``."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from pydantic import ValidationError

from engine import today

from . import facts as f
from .portraits import Branch, Portrait, Statement
from .rules import Refused, check
from .store import kept

COMMANDS: dict[str, type[f.PortraitFact]] = {
    "statement": f.StatementMade, "check": f.StatementChecked, "reply": f.SubjectReplied,
    "decide": f.ContestDecided,
}  # fmt: skip
USAGE = (
    "python -m judgement_portrait FOLDER statement|check|reply|decide|show|sheet name=value ..."
)
STAGES = {
    "not_started": "未动笔",
    "drafted": "已起草",
    "fact_checked": "已核实",
    "shown": "已给本人看",
    "confirmed": "已确认",
    "sealed": "已封存",
}
REMARKS = {
    "no_source": "没有一句有出处",
    "unchecked": "有的话没人核对",
    "checked_by_author": "起草人或本人核实",
    "contested": "有异议待定,暂不作数",
    "kept_silent": "本人未回话,书记登记",
    "examined_before_portrait": "对照检查先审、肖像后到",
}
SOURCES = {"visit": "走访", "enquiry": "询问", "record": "记录"}
CONTESTS = {"none": "", "open": "有异议", "upheld": "异议成立,作废", "rejected": "异议不成立"}


def main(words: Sequence[str], *, today: date) -> str:
    """Return what is to be shown.

    Raises:
        SystemExit: wrong usage, or refused; the reason is the message.
    """
    if len(words) < 2:
        raise SystemExit(USAGE)
    folder, name, *rest = words
    if not Path(folder).is_dir():
        raise SystemExit(f"没有文件夹 {folder} | there is no folder {folder}")
    given = dict(word.partition("=")[::2] for word in rest)
    try:
        return _done(Path(folder), name, given, today)
    except ValidationError as wrong:
        raise SystemExit("; ".join(f"{e['loc']}: {e['msg']}" for e in wrong.errors())) from None
    except Refused as refused:
        raise SystemExit(str(refused)) from None


def _done(folder: Path, name: str, given: dict[str, str], today: date) -> str:
    if name in ("show", "sheet"):
        branch = kept(folder).state().get(given.get("cycle", ""), Branch())
        portrait = branch.portraits.get(given.get("member", ""))
        return "\n".join(_branch(branch) if name == "show" else _sheet(portrait))
    if name not in COMMANDS:
        raise SystemExit(USAGE)
    kept(folder).ask(COMMANDS[name].model_validate({**given, "on": today}), check)
    return "已记 | noted"


def _branch(branch: Branch) -> Iterator[str]:
    """Yield a line a member, and who keeps the meeting waiting."""
    for portrait in branch.portraits.values():
        remarks = [REMARKS[remark] for remark in portrait.remarks()]
        yield " ".join([portrait.member, STAGES[portrait.stage], *remarks])
    missing = branch.missing()
    yield f"还缺 {len(missing)} 份:{'、'.join(missing)}" if missing else "一人一份,都已确认"


def _sheet(portrait: Portrait | None) -> Iterator[str]:
    """Yield where each statement of one portrait comes from; the words are in the vault."""
    for number, statement in enumerate(portrait.statements if portrait else (), 1):
        yield f"{number}. {_origin(statement)} {CONTESTS[statement.contest]}".strip()


def _origin(statement: Statement) -> str:
    checked = f"{statement.checked_by} 核对" if statement.checked_by else "未核对"
    return f"{SOURCES[statement.source]} {statement.seen} {statement.by} 起草 {checked}"


if __name__ == "__main__":
    print(main(sys.argv[1:], today=today(*sys.argv[1:2])))
