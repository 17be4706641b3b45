"""What may not stand on a public notice: numbers that name a person, addresses, illness.

Every hit names its row and the kind of thing found, never the text itself.
Source: domain P18 and P19.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

from engine.refusal import Refused

FIELDS = ("problem", "measures", "responsible")
"""The texts of a notice; with the deadline they are the four columns, and all there is."""

KINDS: dict[str, re.Pattern[str]] = {
    "id_number": re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)|(?<!\d)\d{15}(?!\d)"),
    "mobile": re.compile(r"(?<!\d)(?:\+?86)?1[3-9]\d{9}(?!\d)"),
    "bank_card": re.compile(r"(?<!\d)[3-6](?:\d{15,16}|\d{18})(?!\d)"),
    "address": re.compile(
        r"\d+\s*(?:号楼|栋|幢|单元|号院|号\s*\d+\s*室|室)|(?:路|街|巷|弄|胡同)\s*\d+\s*号"
    ),
    "health": re.compile(
        r"癌|肿瘤|艾滋|乙肝|肝炎|精神病|抑郁症|残疾证|住院号|病历|孕检|HIV", re.IGNORECASE
    ),
}
"""Kind of thing to how it looks once the text is folded: full-width digits, gaps, dashes."""

NAMES = {
    "id_number": ("身份证号", "an identity number"),
    "mobile": ("手机号", "a mobile number"),
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
    """Return the kinds of things in ``text`` that may not be public."""
    plain = folded(text)
    return tuple(kind for kind, looks in KINDS.items() if looks.search(plain))


def screened(rows: Mapping[str, str], *, issue: object = "") -> Iterator[NoticeNotFit]:
    """Yield every reason why ``rows`` (field to text) of an issue may not be posted."""
    for field, text in rows.items():
        for kind in found_in(text):
            zh, en = NAMES[kind]
            yield NoticeNotFit(row=f"{issue}.{field}" if issue else field, what=zh, what_en=en)
