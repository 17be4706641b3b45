"""What may not stand on a public notice: numbers that name a person, addresses, illness.

Every hit names its row and the kind of thing found, never the text itself. How each looks
is in ``looks``.

Source: domain P18 and P19.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar, TypeAlias

from engine.publication import looks
from engine.refusal import Refused

FIELDS = ("problem", "measures", "responsible")
"""The texts of a notice; with the deadline they are the four columns, and all there is."""

Look: TypeAlias = Callable[[str], bool]
NUMBERS: dict[str, Look] = {
    "id_number": looks.id_number,
    "mobile": looks.mobile,
    "landline": looks.landline,
    "bank_card": looks.bank_card,
}
KINDS: dict[str, Look] = {**NUMBERS, "address": looks.address, "health": looks.health}
"""Kind of thing to how it is found once the text is folded: full-width digits, gaps, dashes."""

NAMES = {
    "id_number": ("身份证号", "an identity number"),
    "mobile": ("手机号", "a mobile number"),
    "landline": (
        "没有写明是办公、监督等公用的座机号码",
        "a landline that is not said to be an office's",
    ),
    "bank_card": ("银行卡号", "a bank card number"),
    "address": ("住址", "an address"),
    "health": ("健康信息", "words about health"),
}
"""Kind to what a person calls it, in Chinese and in English."""


@dataclass(eq=False)
class NoticeNotFit(Refused):
    """A notice holds what may not be public."""

    row: str
    what: str
    what_en: str
    zh: ClassVar[str] = "公示稿 {row} 含有{what},请删去后再起草"
    en: ClassVar[str] = "the draft has {what_en} in {row}; take it out and draft again"


def folded(text: str) -> str:
    """Return ``text`` with full-width signs made plain and gaps inside numbers closed."""
    plain = unicodedata.normalize("NFKC", text)
    plain = "".join(sign for sign in plain if unicodedata.category(sign) != "Cf")
    return re.sub(r"(?<=\d)[\s\-\u2010-\u2015.·_]+(?=\d)", "", plain)


def found_in(text: str) -> tuple[str, ...]:
    """Return the kinds of things in ``text`` that may not be public.

    Numbers are looked for as they are read out, too: 一三八零零一三八零零零.
    """
    plain, read_out = folded(text), folded(text.translate(looks.SPOKEN))
    return tuple(
        kind for kind, look in KINDS.items()
        if look(plain) or (kind in NUMBERS and look(read_out))
    )  # fmt: skip


def screened(rows: Mapping[str, str], *, issue: object = "") -> Iterator[NoticeNotFit]:
    """Yield every reason why ``rows`` (field to text) of an issue may not be posted."""
    for field, text in rows.items():
        for kind in found_in(text):
            zh, en = NAMES[kind]
            yield NoticeNotFit(row=f"{issue}.{field}" if issue else field, what=zh, what_en=en)
