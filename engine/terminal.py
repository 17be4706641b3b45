"""What people wrote, as it may go to a terminal: no character acts, each is seen.

Control characters move the cursor, colour and rename a window; overrides of the direction
make a line read otherwise than it is. In their place stands a sign.
"""

from __future__ import annotations

PICTURES = 0x2400
"""Where Unicode has the pictures of the first 32 control characters, in their order."""

BIDI = (*range(0x202A, 0x202F), *range(0x2066, 0x206A))
BREAKS = (0x2028, 0x2029)
HALVES = range(0xD800, 0xE000)
DELETE, C1 = 0x7F, range(0x80, 0xA0)
NAMED = (*C1, *BIDI, *BREAKS, *HALVES)

_ONE_LINE = {
    **{code: chr(PICTURES + code) for code in range(0x20)}, DELETE: "\u2421",
    **{code: f"<U+{code:04X}>" for code in NAMED},
}  # fmt: skip
_LINES = {code: sign for code, sign in _ONE_LINE.items() if chr(code) not in "\n\t"}
_ESCAPES = {code: f"\\u{code:04x}" for code in (DELETE, *NAMED)}


def visible(text: str) -> str:
    """Return ``text`` with a sign for what would act on a terminal; lines and tabs stay."""
    return text.replace("\r\n", "\n").translate(_LINES)


def one_line(text: str) -> str:
    """Return ``text`` on one line: a break or a tab is a sign too."""
    return text.translate(_ONE_LINE)


def escaped(json: str) -> str:
    """Return the same JSON without what its own escapes leave out: C1, overrides, halves."""
    return json.translate(_ESCAPES)
