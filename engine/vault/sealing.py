"""Seal every text of a command: ``{"text": ..., "subject": ...}`` becomes a reference."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from itertools import chain
from typing import Any, TypeAlias

from engine.text import TextRefusedError, checked_text
from engine.vault.door import is_content, is_id
from engine.vault.port import Vault, VaultError

Path: TypeAlias = tuple[str, ...]
SCHEME = "sealed:"
PLACEHOLDER = f"{SCHEME}{'0' * 32}:{'0' * 64}"
"""Stands for a text that is not sealed yet."""


class TextsRefusedError(ValueError):
    """Texts that cannot be kept: ``reasons`` maps each field's path to its reason."""

    def __init__(self, reasons: dict[str, str]) -> None:
        super().__init__("\n".join(f"{path}: {why}" for path, why in reasons.items()))
        self.reasons = reasons


def _is_text(value: Any) -> bool:
    return isinstance(value, dict) and "text" in value


def _against(leaf: Any, *, about: Collection[str], limit_bytes: int) -> str | None:
    """Return why ``leaf`` cannot be handed in, or None."""
    if _is_text(leaf):
        return _problem(leaf, about=about, limit_bytes=limit_bytes)
    if isinstance(leaf, str) and leaf.startswith(SCHEME):
        return "写文字,不写引用 | is a text, never a reference"  # repeated, it would open
    return None


def _problem(held: dict[str, Any], *, about: Collection[str], limit_bytes: int) -> str | None:
    """Return why the text ``held`` cannot be sealed, or None."""
    if not held.keys() <= {"text", "subject"}:
        return "只可有 text 和 subject | has text and subject, nothing else"
    if not isinstance(held["text"], str):
        return "text 须为文字 | text is a string"
    if "subject" in held and not is_id(held["subject"]):
        return "subject 须为编号,不可用姓名 | subject is an id, never a name"
    if "subject" in held and held["subject"] not in about:
        return (
            "subject 只可为本命令所涉的人,否则不写 | "
            "subject is somebody whom the command is about; leave it out otherwise"
        )
    try:
        checked_text(held["text"], limit_bytes=limit_bytes)
    except TextRefusedError as error:
        return str(error)
    return None


def _leaves(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Yield every text, and whatever else is no mapping and no list, with its path."""
    if isinstance(value, dict) and not _is_text(value):
        for name, inner in value.items():
            yield from _leaves(inner, (*path, str(name)))
    elif isinstance(value, list | tuple):
        for number, inner in enumerate(value):
            yield from _leaves(inner, (*path, str(number)))
    else:
        yield path, value


def _replaced(value: Any, sealed: dict[Path, str], path: Path = ()) -> Any:
    if path in sealed:
        return sealed[path]
    if isinstance(value, dict):
        return {k: _replaced(v, sealed, (*path, str(k))) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_replaced(v, sealed, (*path, str(n))) for n, v in enumerate(value)]
    return value


def refused_texts(body: Any, *, about: Collection[str], limit_bytes: int) -> dict[str, str]:
    """Return why texts of ``body`` cannot be kept, by the field's path; nothing is sealed."""
    return {
        ".".join(path): why
        for path, leaf in _leaves(body)
        if (why := _against(leaf, about=about, limit_bytes=limit_bytes))
    }


def seal_texts(
    body: Any, vault: Vault, *, subject: str | Callable[[str], str], about: Collection[str],
    by: str, key: str, limit_bytes: int,
) -> Any:  # fmt: skip
    """Return ``body`` with every text sealed; texts without subject go to ``subject``.

    ``subject`` is one for all, or gives each its own, by the path of its field.

    A text names no other subject than one of ``about``: under any other key it could be
    destroyed with what it has nothing to do with.

    ``key`` is the command's id and its sender: sealing the same command again gives the
    same references, and nobody else's meets them.

    Raises:
        TextsRefusedError: every text that cannot be kept, before any is sealed.
    """
    if refused := refused_texts(body, about=about, limit_bytes=limit_bytes):
        raise TextsRefusedError(refused)
    sealed: dict[Path, str] = {}
    with taken_back(vault, sealed.values(), VaultError):
        for path, held in _leaves(body):
            if _is_text(held):
                field = ".".join(path)
                own = subject if isinstance(subject, str) else subject(field)
                sealed[path] = vault.seal(
                    held["text"], subject=held.get("subject", own), by=by, key=f"{key}|{field}"
                )
    return _replaced(body, sealed)


@contextmanager
def taken_back(
    vault: Vault, contents: Iterable[str], *refusals: type[Exception]
) -> Iterator[None]:
    """Withdraw ``contents`` when what they were sealed for ends in one of ``refusals``."""
    try:
        yield
    except refusals:
        vault.withdraw(contents)
        raise


def references(value: Any) -> Iterator[str]:
    """Yield every reference anywhere inside ``value``."""
    if isinstance(value, dict):
        yield from chain.from_iterable(map(references, value.values()))
    elif isinstance(value, list | tuple):
        yield from chain.from_iterable(map(references, value))
    elif is_content(value):
        yield value


def without_texts(value: Any) -> Any:
    """Return ``value`` with a placeholder reference where a text will be sealed."""
    if _is_text(value):
        return PLACEHOLDER
    if isinstance(value, dict):
        return {k: without_texts(v) for k, v in value.items()}
    return [without_texts(v) for v in value] if isinstance(value, list | tuple) else value
