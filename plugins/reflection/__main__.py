"""Give out tickets, answer, look: ``python -m reflection FOLDER CYCLE tickets 12``."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from engine import FactRefused, today, visible

from .sheets import answer, result, tickets

USAGE = (
    "python -m reflection FOLDER CYCLE tickets COUNT"
    " | answer TICKET SWEAT WARMTH [NOTE] | result"
)


def main(words: Sequence[str], *, today: date) -> str:
    """Return what is to be shown.

    Raises:
        SystemExit: wrong usage, or refused; the reason is the message.
    """
    try:
        match words:
            case [folder, cycle, "tickets", count]:
                return "\n".join(sorted(tickets(Path(folder), cycle, int(count))))
            case [folder, cycle, "answer", ticket, sweat, warmth, *note]:
                answer(
                    Path(folder), cycle, ticket, sweat=int(sweat), warmth=int(warmth),
                    note=" ".join(note), today=today,
                )  # fmt: skip
                return "收到,谢谢 | thank you"
            case [folder, cycle, "result"]:
                said = result(Path(folder), cycle, today=today)
                head = f"{said.answers} 份:红脸出汗 {said.sweat},心里热乎 {said.warmth}"
                return visible("\n".join([head, *said.notes]))
    except (FactRefused, ValueError) as refused:
        raise SystemExit(str(refused)) from None
    raise SystemExit(USAGE)


if __name__ == "__main__":
    print(main(sys.argv[1:], today=today(*sys.argv[1:2])))
