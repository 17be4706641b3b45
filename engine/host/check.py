"""Look at one plugin folder as a host would, and say everything that is wrong with it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from engine.host.host import Host, advice
from engine.host.manifest import MANIFEST, read

PATIENCE_S = 30


def problems(place: Path) -> tuple[str, ...]:
    """Return what keeps the plugin in ``place`` from being used; nothing when it can be.

    The plugin is imported in a process of its own, which may die.
    """
    if not (place / MANIFEST).is_file():
        return (f"no {MANIFEST} in {place}",)
    found = read(place)
    if found.error:
        return tuple(found.error.removeprefix(f"{MANIFEST}: ").split("; "))
    try:
        done = subprocess.run(
            [sys.executable, "-m", "engine.host.check", str(place)], capture_output=True,
            timeout=PATIENCE_S, check=False, stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return (f"loading took longer than {PATIENCE_S} s",)
    if done.returncode not in (0, 1):
        return (f"the process ended with {done.returncode} while loading",)
    told = done.stdout.decode("utf-8", "replace").splitlines()
    return tuple(line.removeprefix("! ") for line in told if line.startswith("! "))


def hints(place: Path) -> tuple[str, ...]:
    """Return what its author should change before long."""
    return advice(read(place))


def main() -> None:
    """Load the plugin named on the command line and print each problem behind ``! ``."""
    (row,) = Host([read(Path(sys.argv[1]))]).load_all()
    if row.error:
        print(*(f"! {line}" for line in row.error.splitlines()), sep="\n")
        sys.exit(1)


if __name__ == "__main__":
    main()
