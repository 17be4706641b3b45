"""What every vault refuses at its door, before anything is written."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import TypeAdapter, ValidationError

from engine.record import Content, Id
from engine.text import TextRefusedError, checked_text
from engine.vault.port import NotAnIdError, PurposeMissingError, UnknownContentError

LARGEST_TEXT_BYTES = 1024 * 1024
LONGEST_PURPOSE_BYTES = 200
_ID: TypeAdapter[str] = TypeAdapter(Id)
_CONTENT: TypeAdapter[str] = TypeAdapter(Content)


def is_id(value: object) -> bool:
    """Say whether ``value`` is an opaque id; a name or a sentence is none."""
    try:
        _ID.validate_python(value, strict=True)
    except ValidationError:
        return False
    return True


def opaque(ids: Mapping[str, str]) -> None:
    """Refuse what is no opaque id; the message names the field, never its value."""
    for field, value in ids.items():
        if not is_id(value):
            raise NotAnIdError(f"{field} 须为编号,不可用姓名 | {field} is an id, never a name")


def stated(purpose: str) -> str:
    """Return ``purpose`` when it says something and fits its column."""
    try:
        return checked_text(purpose, limit_bytes=LONGEST_PURPOSE_BYTES)
    except TextRefusedError:
        raise PurposeMissingError(
            f"请说明查阅目的,不超过 {LONGEST_PURPOSE_BYTES} 字节 | "
            f"say for what purpose you read, in at most {LONGEST_PURPOSE_BYTES} bytes"
        ) from None


def object_id(content: str) -> str:
    """Return the object's id in a reference."""
    try:
        return _CONTENT.validate_python(content).split(":")[1]
    except ValidationError:
        raise UnknownContentError("不是内容引用 | this is no reference to content") from None
