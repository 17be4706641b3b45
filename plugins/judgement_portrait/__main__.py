"""Write and look: ``python -m judgement_portrait FOLDER COMMAND name=value ...``."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from engine import today, typed

from . import facts as f
from .portraits import Branch, Portrait, Statement
from .rules import check
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
    """Return what is to be shown; leaves with the reason when there is nothing."""
    return typed(
        words, USAGE, asks=COMMANDS, today=today,
        ask=lambda folder, fact: kept(folder).ask(fact, check),
        shows={"show": _show, "sheet": _sheet},
    )  # fmt: skip


def _of(folder: Path, given: Mapping[str, str]) -> Branch:
    return kept(folder).state().get(given.get("cycle", ""), Branch())


def _show(folder: Path, given: Mapping[str, str]) -> str:
    return "\n".join(_branch(_of(folder, given)))


def _sheet(folder: Path, given: Mapping[str, str]) -> str:
    portrait = _of(folder, given).portraits.get(given.get("member", ""))
    return "\n".join(_statements(portrait))


def _branch(branch: Branch) -> Iterator[str]:
    """Yield a line a member, and who keeps the meeting waiting."""
    for portrait in branch.portraits.values():
        remarks = [REMARKS[remark] for remark in portrait.remarks()]
        yield " ".join([portrait.member, STAGES[portrait.stage], *remarks])
    missing = branch.missing()
    yield f"还缺 {len(missing)} 份:{'、'.join(missing)}" if missing else "一人一份,都已确认"


def _statements(portrait: Portrait | None) -> Iterator[str]:
    """Yield where each statement of one portrait comes from; the words are in the vault."""
    for number, statement in enumerate(portrait.statements if portrait else (), 1):
        yield f"{number}. {_origin(statement)} {CONTESTS[statement.contest]}".strip()


def _origin(statement: Statement) -> str:
    checked = f"{statement.checked_by} 核对" if statement.checked_by else "未核对"
    return f"{SOURCES[statement.source]} {statement.seen} {statement.by} 起草 {checked}"


if __name__ == "__main__":
    print(main(sys.argv[1:], today=today(*sys.argv[1:2])))
