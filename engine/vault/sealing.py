"""Seal every text of a command: ``{"text": ..., "subject": ...}`` becomes a reference."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

from engine.text import TextRefusedError, checked_text
from engine.vault.door import is_id
from engine.vault.port import Vault

Path: TypeAlias = tuple[str, ...]
SCHEME = "sealed:"
PLACEHOLDER = f"{SCHEME}{'0' * 32}:{'0' * 64}"
"""Stands for a text that is not sealed yet."""

ABOUT = ("author", "of", "member", "guest", "subject")
"""Fields of a command that name whom it is about: a text goes under that key or the cycle's.

Under any other key it could be destroyed with what it has nothing to do with.
"""


class TextsRefusedError(ValueError):
    """Texts that cannot be kept: ``reasons`` maps each field's path to its reason."""

    def __init__(self, reasons: dict[str, str]) -> None:
        super().__init__("\n".join(f"{path}: {why}" for path, why in reasons.items()))
        self.reasons = reasons


def _is_text(value: Any) -> bool:
    return isinstance(value, dict) and "text" in value


def _problem(held: dict[str, Any], *, about: set[str], limit_bytes: int) -> str | None:
    """Return why ``held`` cannot be sealed, or None."""
    if not held.keys() <= {"text", "subject"}:
        return "只可有 text 和 subject | has text and subject, nothing else"
    if not isinstance(held["text"], str):
        return "text 须为文字 | text is a string"
    if "subject" in held and not is_id(held["subject"]):
        return "subject 须为编号,不可用姓名 | subject is an id, never a name"
    if held.get("subject", "") not in {*about, ""}:
        named = "、".join(ABOUT)
        return (
            f"subject 只可为本命令 {named} 所写的人 | "
            f"subject is whom the command names as {', '.join(ABOUT)}"
        )
    try:
        checked_text(held["text"], limit_bytes=limit_bytes)
    except TextRefusedError as error:
        return str(error)
    return None


def _texts(value: Any, path: Path = ()) -> Iterator[tuple[Path, dict[str, Any]]]:
    if _is_text(value):
        yield path, value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _texts(inner, (*path, str(name)))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _texts(inner, (*path, str(number)))


def _replaced(value: Any, sealed: dict[Path, str], path: Path = ()) -> Any:
    if path in sealed:
        return sealed[path]
    if isinstance(value, dict):
        return {k: _replaced(v, sealed, (*path, str(k))) for k, v in value.items()}
    if isinstance(value, list):
        return [_replaced(v, sealed, (*path, str(n))) for n, v in enumerate(value)]
    return value


def _written(value: Any, path: Path = ()) -> Iterator[Path]:
    """Yield where a reference is written out; one that is repeated would open what it names."""
    if isinstance(value, str) and value.startswith(SCHEME):
        yield path
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _written(inner, (*path, str(name)))
    elif isinstance(value, list | tuple):
        for number, inner in enumerate(value):
            yield from _written(inner, (*path, str(number)))


def refused_texts(body: Any, *, limit_bytes: int) -> dict[str, str]:
    """Return why texts of ``body`` cannot be kept, by the field's path; nothing is sealed."""
    about = {body[name] for name in ABOUT if isinstance(body.get(name), str)}
    problems = {
        path: _problem(held, about=about, limit_bytes=limit_bytes)
        for path, held in _texts(body)
    } | dict.fromkeys(_written(body), "写文字,不写引用 | is a text, never a reference")
    return {".".join(path): problem for path, problem in problems.items() if problem}


def seal_texts(
    body: Any, vault: Vault, *, subject: str, by: str, key: str, limit_bytes: int
) -> Any:
    """Return ``body`` with every text sealed; texts without subject go to ``subject``.

    ``key`` is the command's id: sealing the same command again gives the same
    references.

    Raises:
        TextsRefusedError: every text that cannot be kept, before any is sealed.
    """
    found = list(_texts(body))
    if refused := refused_texts(body, limit_bytes=limit_bytes):
        raise TextsRefusedError(refused)
    sealed = {
        path: vault.seal(
            held["text"], subject=held.get("subject", subject), by=by,
            key=f"{key}|{'.'.join(path)}",
        )
        for path, held in found
    }  # fmt: skip
    return _replaced(body, sealed)


def without_texts(value: Any) -> Any:
    """Return ``value`` with a placeholder reference where a text will be sealed."""
    if _is_text(value):
        return PLACEHOLDER
    if isinstance(value, dict):
        return {k: without_texts(v) for k, v in value.items()}
    return [without_texts(v) for v in value] if isinstance(value, list) else value
