"""The composition root: the console script, and the only place that knows every class."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Callable

from temporalio.worker import Worker

from engine import logs
from engine.cli.app import build
from engine.ledger.sql import open_ledger
from engine.settings import Settings
from workflows.parts import parts
from workflows.places import MisplacedError, check_rooms
from workflows.gateway import connect
from workflows.worker import core_worker, host_worker, serve


def main() -> None:
    """Run the command line and leave with a truthful exit code."""
    try:
        check_rooms()
    except MisplacedError as error:
        sys.exit(str(error))
    logs.configure()
    build(parts()).main(prog_name="taizhang")


if __name__ == "__main__":
    main()
