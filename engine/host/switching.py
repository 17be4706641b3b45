"""Switch a plugin off and on again in ``plugins.toml``; loads none, keeps every other line."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from engine.host.scopes import Retired, ScopesError

HEAD = "[[disabled]]"
REHEARSED = "# 演示写的,演完即删 | written by a rehearsal, and taken away with it"


def disable(file: Path, plugin: str, unit: str | None = None) -> bool:
    """Add that ``plugin`` is off, for ``unit`` or for everybody; False when it was already.

    Raises:
        ScopesError: the file is not TOML, so that adding to it would be lost.
    """
    text = _text(file)
    if _block(plugin, unit) in text:
        return False
    _write(file, _added(text, _block(plugin, unit)))
    return True


def enable(file: Path, plugin: str, unit: str | None = None) -> bool:
    """Take back what ``disable`` added; False when it had added nothing.

    Raises:
        ScopesError: the file is not TOML.
    """
    text = _text(file)
    block = _block(plugin, unit)
    if block not in text:
        return False
    _write(file, re.sub(rf"\n?{re.escape(block)}(?!unit)", "", text))
    return True


def retire(file: Path, entry: Retired) -> None:
    """Add that a plugin was taken out for good; nothing here takes it back.

    Raises:
        ScopesError: the file is not TOML.
    """
    at = entry.at.isoformat(timespec="seconds")
    said = f'[[retired]]\nplugin = "{entry.plugin}"\nby = "{entry.by}"\nat = {at}\n'
    _write(file, _added(_text(file), said))


def rehearse(file: Path, text: str) -> None:
    """Let ``text`` be what the file says while a rehearsal is played; nothing takes it away.

    A file that was not written so is somebody's own, and stays as it is.

    Raises:
        ScopesError: there is a file of somebody's own.
    """
    if file.is_file() and not file.read_text("utf-8").startswith(REHEARSED):
        raise ScopesError(
            f"{file} 是正式的,演示不能改;请用 TAIZHANG_DATA_DIR 另选数据文件夹 | "
            f"{file} is in real use; play in another folder: set TAIZHANG_DATA_DIR"
        )
    if text:
        _write(file, f"{REHEARSED}\n{text}")
    else:
        file.unlink(missing_ok=True)


def _block(plugin: str, unit: str | None) -> str:
    where = f'unit = "{unit}"\n' if unit else ""
    return f'{HEAD}\nplugin = "{plugin}"\n{where}'


def _added(text: str, block: str) -> str:
    gap = "" if not text or text.endswith("\n\n") else "\n" if text.endswith("\n") else "\n\n"
    return f"{text}{gap}{block}"


def _text(file: Path) -> str:
    try:
        text = file.read_text("utf-8") if file.is_file() else ""
        tomllib.loads(text)
    except tomllib.TOMLDecodeError as wrong:
        raise ScopesError(f"{file.name}: {wrong}") from None
    return text


def _write(file: Path, text: str) -> None:
    """Replace the file whole: a reader sees the old one or the new one."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_suffix(".part")
    draft.write_text(text, "utf-8")
    draft.replace(file)
