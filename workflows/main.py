"""The composition root: the console script, and the only place that knows every class."""

from __future__ import annotations

import sys

from pydantic import ValidationError

from engine import logs
from engine.cli.app import build
from engine.cli.parts import USAGE
from engine.misshapen import at, reason
from engine.settings import Settings
from workflows.parts import parts
from workflows.places import MisplacedError, check_rooms, leave


def main() -> None:
    """Run the command line and leave with a truthful exit code."""
    logs.configure()
    try:
        check_rooms()
        settings = Settings()
    except MisplacedError as error:
        sys.exit(str(error))
    except ValidationError as wrong:
        for found in wrong.errors(include_input=False):
            where = [f"TAIZHANG_{name}".upper() for name in found["loc"][:1]]
            print(at(where, reason(found)), file=sys.stderr)
        sys.exit(USAGE)
    leave(build(parts(settings)))


if __name__ == "__main__":
    main()
