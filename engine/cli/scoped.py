"""What the file says of which plugins are on for whom, or why it cannot be read."""

from __future__ import annotations

from pathlib import Path

from engine.cli.parts import Stopped
from engine.host.scopes import Scopes, ScopesError, load


def scopes_of(file: Path) -> Scopes:
    """Return what ``file`` says.

    Raises:
        Stopped: it cannot be read.
    """
    try:
        return load(file)
    except ScopesError as error:
        raise Stopped(str(error)) from None
