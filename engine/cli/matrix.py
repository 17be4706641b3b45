"""``taizhang plugins check --matrix``: which plugins of a folder this engine would take."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from engine.cli.answers import leave
from engine.cli.options import Output
from engine.cli.parts import REFUSED, Stopped
from engine.cli.show import listed
from engine.cli.words import Words
from engine.host.check import hints, problems
from engine.host.manifest import MANIFEST, Found, read
from engine.host.placing import blocked
from engine.host.scopes import Scopes, ScopesError, load

COLUMNS = ("plugin", "version", "api", "verdict", "said")
SCOPES = "plugins.toml"


def matrix(words: Words, folder: Path, output: Output) -> None:
    """Check every plugin below ``folder``, under the ``plugins.toml`` that lies there."""
    try:
        scopes = load(folder / SCOPES)
    except ScopesError as error:
        raise Stopped(str(error)) from None
    rows = [_row(place, scopes) for place in _folders(folder)]
    if not rows:
        raise Stopped(f"{folder} 里没有插件 | there is no plugin below {folder}")
    shown = rows
    if output == "table":
        shown = [{**row, "verdict": words.of("verdict", row["verdict"])} for row in rows]
    listed(output, words, words.say("title.matrix"), COLUMNS, shown, key="plugin")
    if refused := sum(row["verdict"] == "refused" for row in rows):
        leave([words.say("done.matrix_refused", count=refused)], REFUSED)


def _folders(folder: Path) -> Iterator[Path]:
    return (place.parent for place in sorted(folder.glob(f"*/{MANIFEST}")))


def _row(place: Path, scopes: Scopes) -> dict[str, Any]:
    found = read(place)
    against, advised = tuple(_against(place, found, scopes)), hints(place)
    said = "; ".join(against or advised)
    verdict = "refused" if against else "warned" if advised else "taken"
    manifest = found.manifest
    return {
        "plugin": found.id, "version": manifest.version if manifest else None,
        "api": manifest.api if manifest else None, "verdict": verdict, "said": said,
    }  # fmt: skip


def _against(place: Path, found: Found, scopes: Scopes) -> Iterator[str]:
    version = found.manifest.version if found.manifest else ""
    if entry := blocked(scopes, found.id, version):
        yield f"{found.id} {version} is blocked: {entry.reason}"
        return
    yield from problems(place, tries=True)
