"""What marks a minor in a Chinese text: an age, a class at school, whose child it is.

Source: domain P26.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.opinions.names import named
from engine.publication.screen import folded

OF_AGE = 18
ONES = "零一二三四五六七八九"
NUMERAL = "零〇一二两三四五六七八九十百"

AGE = re.compile(
    rf"(?P<under>未满|不满|未到|不到|不足)?(?P<years>(?<![\d.])\d{{1,3}}|[{NUMERAL}]+|半)"
    r"(?:个半|多|来)?周?岁"
)
MONTHS = re.compile(rf"[\d{NUMERAL}]+个?月大")
PUPIL = re.compile(
    r"[一二三四五六七八九1-9初高]年级|[初高][一二三123](?=的?(?:学生|孩子|男生|女生)|[(]?\d+[)]?班)"
    r"|(?<![共不一相大])同学(?!会|录|聚会|习|历|科|期|校)|小朋友"
)
KIN = r"孩子|小孩|儿子|女儿|孙子|孙女|外孙女|外孙|侄子|侄女|外甥女|外甥|娃娃|男孩|女孩|婴儿"


def minors(text: str) -> tuple[str, ...]:
    """Return what marks a minor in ``text``, in its order, as it stands there.

    ``minors("王丽的儿子十二岁")`` is ``("王丽的儿子", "十二岁")``.
    """
    plain = folded(text)
    found = [*_ages(plain), *MONTHS.finditer(plain), *PUPIL.finditer(plain), *_kin(plain)]
    marks = (match.group() for match in sorted(found, key=re.Match.start))
    return tuple(dict.fromkeys(marks))


def years(numeral: str) -> int:
    """Return the fewest years ``numeral`` may mean: 十七八 is 17, 七八 is 7, 半 is 0."""
    if numeral.isdecimal():
        return int(numeral)
    digits = [ONES.find(sign) for sign in numeral.translate({0x3007: "零", 0x4E24: "二"})]
    if "百" in numeral:
        return 100
    if "十" not in numeral:
        return max(digits[0], 0)
    at = numeral.index("十")
    return 10 * (digits[0] if at else 1) + (digits[at + 1] if at + 1 < len(digits) else 0)


def _ages(plain: str) -> Iterator[re.Match[str]]:
    for match in AGE.finditer(plain):
        if years(match["years"]) < OF_AGE + bool(match["under"]):
            yield match


def _kin(plain: str) -> Iterator[re.Match[str]]:
    """Yield a name beside a word for a child; a child without a name is nobody's yet."""
    for name in named(plain):
        whose = re.escape(name)
        yield from re.finditer(rf"{whose}(?:家)?的?(?:{KIN})|(?:{KIN}){whose}", plain)
