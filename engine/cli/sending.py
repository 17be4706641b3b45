"""Send one command: check it, seal its texts, hand it to the gateway."""

from __future__ import annotations

import asyncio
import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

import typer

from engine.cli.parts import Parts, Stopped
from engine.gateway import CycleNotFound, Receipt
from engine.publication.desk import Desk
from engine.publication.members import Members

ID = r"[a-z0-9][a-z0-9._-]{0,63}"
COMMAND_ID = r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,127}"


def body_of(written: str | None, file: Path | None) -> dict[str, Any]:
    """Return the command's fields from ``--json`` or ``--file``; none when neither is given.

    Raises:
        typer.BadParameter: both are given, or it is no JSON object in UTF-8.
    """
    if written is not None and file is not None:
        raise typer.BadParameter("--json 与 --file 只用其一 | --json or --file, not both")
    try:
        text = _text(file) if file else written
        body = json.loads(text or "{}")
    except UnicodeDecodeError as error:
        raise typer.BadParameter(f"不是 UTF-8 | not UTF-8: byte {error.start + 1}") from None
    except OSError as error:
        raise typer.BadParameter(f"{file}: {error.strerror}") from None
    except (json.JSONDecodeError, RecursionError) as error:
        raise typer.BadParameter(f"不是 JSON | not JSON: {error}") from None
    if not isinstance(body, dict):
        raise typer.BadParameter("需要 JSON 对象 | a JSON object is needed")
    return body


def _text(file: Path) -> str:
    raw = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    return raw.decode("utf-8")


def send(
    parts: Parts, cycle: str, kind: str, body: Mapping[str, Any], *, command_id: str | None
) -> Receipt:
    """Return the receipt of the command, sealed and sent; raises what ``Desk`` does."""
    named = command_id or uuid4().hex
    if not re.fullmatch(ID, cycle):
        raise CycleNotFound(cycle)
    if not re.fullmatch(COMMAND_ID, named):
        raise Stopped("命令号含有不许用的字符 | the command id has characters it may not have")
    desk = Desk(
        parts.gateway, parts.vault, limit_bytes=parts.settings.text_limit_bytes,
        door=parts.door(), credential=parts.settings.credential,
        cycle_of=lambda name: parts.readings().cycle(name),
        members=Members(lambda: parts.people().organisation, parts.vault), clock=parts.clock,
        ledger=parts.ledger,
    )  # fmt: skip
    return asyncio.run(desk.submit(cycle, kind, body, command_id=named))
