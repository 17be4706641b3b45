"""The door for text: what no store and no wire could carry is refused here.

A byte order mark, right-to-left marks and both normal forms pass unchanged: what a
person wrote is kept letter by letter.
"""

from __future__ import annotations


class TextRefusedError(ValueError):
    """The text cannot be kept; the message says why and never quotes it."""


def checked_text(value: str, *, limit_bytes: int) -> str:
    """Return ``value`` unchanged when every store can keep it.

    Raises:
        TextRefusedError: it is empty, has a lone surrogate or U+0000, or is longer
            than ``limit_bytes`` in UTF-8.
    """
    try:
        size = len(value.encode("utf-8"))
    except UnicodeEncodeError as error:
        raise TextRefusedError(
            f"第 {error.start + 1} 个字符不是有效的 Unicode | "
            f"character {error.start + 1} is half a character (lone surrogate)"
        ) from None
    if not value.strip():
        raise TextRefusedError("内容为空 | the text is empty")
    if "\x00" in value:
        raise TextRefusedError("含有 U+0000,请删除 | contains U+0000, remove it")
    if size > limit_bytes:
        raise TextRefusedError(
            f"长 {size} 字节,上限 {limit_bytes} | {size} bytes long, the limit is {limit_bytes}"
        )
    return value
