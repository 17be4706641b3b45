"""Look at one plugin folder as a host would, and say everything that is wrong with it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from engine.host.guard import CALL_TIMEOUT_S
from engine.host.host import Host, advice
from engine.host.manifest import MANIFEST, read
from engine.host.surroundings import surroundings
from engine.host.trial import tried

PATIENCE_S = 60
END = "checked"
"""The last line of a process that came to its end by itself."""


def problems(
    place: Path, *, tries: bool = False, timeout_s: float = CALL_TIMEOUT_S
) -> tuple[str, ...]:
    """Return what keeps the plugin in ``place`` from being used; nothing when it can be.

    The plugin is imported in a process of its own, which may die, and if ``tries`` its
    planning hooks are called there, each for ``timeout_s`` at most.
    """
    if not (place / MANIFEST).is_file():
        return (f"no {MANIFEST} in {place}",)
    found = read(place)
    if found.error:
        return tuple(found.error.removeprefix(f"{MANIFEST}: ").split("; "))
    try:
        done = subprocess.run(
            [sys.executable, "-m", "engine.host.check", str(place),
             str(timeout_s if tries else 0)],
            capture_output=True, timeout=PATIENCE_S, check=False, stdin=subprocess.DEVNULL,
            env=surroundings(os.environ),
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return (f"the process took longer than {PATIENCE_S} s",)
    told = done.stdout.decode("utf-8", "replace").splitlines()
    wrong = tuple(line.removeprefix("! ") for line in told if line.startswith("! "))
    if told[-1:] != [END]:
        return (*wrong, f"the process ended with {done.returncode}")
    return wrong


def hints(place: Path) -> tuple[str, ...]:
    """Return what its author should change before long."""
    return advice(read(place))


def main() -> None:
    """Load and try the plugin named on the command line; each problem is behind ``! ``."""
    found, timeout_s = read(Path(sys.argv[1])), float(sys.argv[2])
    host = Host([found], timeout_s=timeout_s or CALL_TIMEOUT_S)
    (row,) = host.load_all()
    wrong = row.error.splitlines() if row.error else tried(host, found) if timeout_s else ()
    print(*(f"! {line}" for line in wrong), END, sep="\n", flush=True)
    os._exit(0)  # a thread that hangs in the plugin must not keep the process


if __name__ == "__main__":
    main()
