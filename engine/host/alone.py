"""The process that answers for one plugin: ``python -m engine.host.alone``."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from engine.host.apart import ANSWERS, Asked
from engine.host.discovery import discover
from engine.host.host import Host


def main() -> None:
    """Answer the calls on standard input; the last line of the output is the answer."""
    asked = Asked.model_validate(json.load(sys.stdin))
    host = Host(
        discover(Path(asked.folder) if asked.folder else None, None),
        scopes=lambda: asked.scopes,
        timeout_s=asked.timeout_s,
    )
    given = [host.invoke(call) for call in asked.calls]
    sys.stdout.write(f"\n{ANSWERS.dump_json(given).decode()}\n")
    sys.stdout.flush()
    os._exit(0)  # a thread that hangs in the plugin must not keep the process


if __name__ == "__main__":
    main()
