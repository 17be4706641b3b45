"""What every vault refuses at its door, before anything is written."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import TypeAdapter, ValidationError

from engine.record import Content, Id
from engine.vault.port import NotAnIdError, PurposeMissingError, UnknownContentError
from engine.vault.purposes import PURPOSES

LARGEST_TEXT_BYTES = 1024 * 1024
_ID: TypeAdapter[str] = TypeAdapter(Id)
_CONTENT: TypeAdapter[str] = TypeAdapter(Content)


def is_id(value: object) -> bool:
    """Say whether ``value`` is an opaque id; a name or a sentence is none."""
    try:
        _ID.validate_python(value, strict=True)
    except ValidationError:
        return False
    return True


def is_content(value: object) -> bool:
    """Say whether ``value`` is a reference into a vault."""
    try:
        _CONTENT.validate_python(value, strict=True)
    except ValidationError:
        return False
    return True


def opaque(ids: Mapping[str, str]) -> None:
    """Refuse what is no opaque id; the message names the field, never its value."""
    for field, value in ids.items():
        if not is_id(value):
            raise NotAnIdError(f"{field} 须为编号,不可用姓名 | {field} is an id, never a name")


def stated(purpose: str) -> str:
    """Return ``purpose`` when it is on the closed list."""
    if purpose not in PURPOSES:
        known = ", ".join(PURPOSES)
        raise PurposeMissingError(
            f"查阅目的须为其中之一:{known} | the purpose is one of: {known}"
        )
    return purpose


def object_id(content: str) -> str:
    """Return the object's id in a reference."""
    try:
        return _CONTENT.validate_python(content).split(":")[1]
    except ValidationError:
        raise UnknownContentError("不是内容引用 | this is no reference to content") from None
