"""Write and look: ``python -m site_forum FOLDER COMMAND name=value ...``."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from engine import today, typed

from . import facts as f
from .forums import Forum, Intake
from .rules import STATES, check
from .store import kept

COMMANDS: dict[str, type[f.PeoplesFact]] = {
    "plan": f.ForumPlanned, "hold": f.ForumHeld, "minute": f.ForumMinuted,
    "code": f.ForumCoded,
}  # fmt: skip
USAGE = f"python -m site_forum FOLDER {'|'.join(COMMANDS)}|show|counts name=value ..."
REMARKS = {
    "other_channel": "台账里同名的一批不是座谈会,请核对",
    "ledger_first": "台账已有这一批,登记还没编码",
    "differs": "与台账条数不符,请核对",
    "not_in_ledger": "台账还没有这一批",
    "unfinished": "征求意见已结束,这一场没有办完",
}


def main(words: Sequence[str], *, today: date) -> str:
    """Return what is to be shown; leaves with the reason when there is nothing."""
    return typed(
        words, USAGE, asks=COMMANDS, today=today,
        ask=lambda folder, fact: kept(folder).ask(fact, check),
        shows={"show": _show, "counts": _counts},
    )  # fmt: skip


def _show(folder: Path, given: Mapping[str, str]) -> str:
    return "\n".join(_shown(_intake(folder, given)))


def _intake(folder: Path, given: Mapping[str, str]) -> Intake:
    return kept(folder).state().get(given.get("cycle", ""), Intake())


def _shown(intake: Intake) -> Iterator[str]:
    """Yield a line a forum, and each batch of the ledger that no forum is behind."""
    for forum in intake.forums.values():
        yield " ".join([*_words(forum), *(REMARKS[r] for r in intake.remarks(forum))])
    for batch in intake.unregistered():
        yield f"{batch} 台账有,这里没有登记"


def _words(forum: Forum) -> Iterator[str]:
    yield f"{forum.id} {forum.site} {forum.day} {STATES[forum.state]}"
    if forum.attended:
        yield f"{forum.attended} 人"
    if forum.ref:
        yield f"记录 {forum.ref}"
    if forum.state == "coded":
        yield f"意见 {forum.opinions} 条"


def _counts(folder: Path, given: Mapping[str, str]) -> str:
    """Return forms and forums apart, as the ledger has them."""
    found = _intake(folder, given).counts()
    return (
        f"征求意见表 {found.forms} 份,意见 {found.form_opinions} 条\n"
        f"座谈会 {found.forums} 场,意见 {found.forum_opinions} 条\n"
        f"其他渠道意见 {found.others} 条\n"
        f"意见合计 {found.opinions} 条"
    )


if __name__ == "__main__":
    print(main(sys.argv[1:], today=today(*sys.argv[1:2])))
