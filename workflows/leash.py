"""A program that ends with its parent: ``python leash.py PARENT COMMAND ...``.

A parent that is killed stops nobody. So the system is asked to tell the child when the
thread that started it is gone, and the child becomes the command.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main(parent: str, *command: str) -> None:
    """Become ``command``, which gets SIGTERM when ``parent`` dies; not if it is dead by now."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() == int(parent):
        os.execvp(command[0], command)  # noqa: S606 - this process becomes it


if __name__ == "__main__":
    main(*sys.argv[1:])
