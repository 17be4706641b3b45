"""Write in a passbook and read it: ``python -m red_passbook FOLDER COMMAND name=value``."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from pydantic import ValidationError

from engine import FactRefused, today, visible

from .commands import COMMANDS, Command
from .pages import board, passbook, wechat
from .store import read, write

USAGE = f"python -m red_passbook FOLDER {'|'.join(COMMANDS)}|show|wechat|board name=value ..."


def main(words: Sequence[str], *, today: date) -> str:
    """Return what is to be shown.

    Raises:
        SystemExit: wrong usage, or the passbook refused; the reason is the message.
    """
    if len(words) < 2:
        raise SystemExit(USAGE)
    folder, name, *rest = words
    given = dict(word.partition("=")[::2] for word in rest)
    try:
        return _done(Path(folder), name, given, today)
    except ValidationError as wrong:
        raise SystemExit("; ".join(f"{e['loc']}: {e['msg']}" for e in wrong.errors())) from None
    except (FactRefused, KeyError, ValueError) as refused:
        raise SystemExit(f"{refused}") from None


def _done(folder: Path, name: str, given: dict[str, str], today: date) -> str:
    book = read(folder)
    if name == "show":
        return passbook(book, given["person"])
    if name in ("wechat", "board"):
        number = int(given.get("publication", len(book.published)))
        return wechat(book, number) if name == "wechat" else board(book, number)
    if name not in COMMANDS:
        raise SystemExit(USAGE)
    events = write(folder, _command(name, given), today=today)
    return "\n".join(f"{type(event).__name__} {event.model_dump_json()}" for event in events)


def _command(name: str, given: dict[str, str]) -> Command:
    fields = {
        key: json.loads(value) if value.startswith("{") else value
        for key, value in given.items()
    }
    if "source" in fields:
        raise SystemExit("source 由台账写明 | source is what the ledger says, nobody types it")
    return COMMANDS[name].model_validate(fields)


if __name__ == "__main__":
    print(visible(main(sys.argv[1:], today=today(*sys.argv[1:2]))))
