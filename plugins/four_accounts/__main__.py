"""Show the accounts: ``python -m four_accounts FOLDER``."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from .accounts import Account, tally
from .kept import accounts

HEAD = "问题 建账 交账 查账 销账 备注"
NEVER = "—"


def main(words: Sequence[str]) -> str:
    """Return one line an issue and the counts.

    Raises:
        SystemExit: wrong usage.
    """
    if len(words) != 1:
        raise SystemExit("python -m four_accounts FOLDER")
    found = accounts(Path(words[0]))
    count = tally(found)
    foot = (
        f"建账 {count.opened} 交账 {count.handed_in} 查账 {count.checked} "
        f"销账 {count.cleared} 迟交 {count.late}"
    )
    return "\n".join([HEAD, *map(_line, found), foot])


def _line(account: Account) -> str:
    notes = ["迟交"] if account.late else []
    notes += ["未查即销,不予列示"] if account.irregular else []
    four = (account.opened, account.handed_in, account.checked, account.cleared)
    return " ".join([f"{account.cycle}/{account.issue}", *map(_day, four), *notes])


def _day(day: date | None) -> str:
    return day.isoformat() if day else NEVER


if __name__ == "__main__":
    print(main(sys.argv[1:]))
