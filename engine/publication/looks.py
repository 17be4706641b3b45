"""How what may not be public looks in a text: numbers, addresses, words about health.

Every function takes a text that ``screen.folded`` made plain. Signs that also part the
items of a list (1、2、3) close a number only where its groups or its date of birth say so.

Source: domain P18.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

GAP = r"[\s\-\u2010-\u2015.·_,/、()\[\]:;|*~]"
"""What people write between the parts of a number."""

NUMERAL = "[0-9零〇一二三四五六七八九十百]+"
SPOKEN = str.maketrans("零〇○一幺二三四五六七八九壹贰叁肆伍陆柒捌玖", "0001123456789123456789")
"""Signs of Chinese for digits, as numbers are read out."""

UNITS = "元|万|户|人|件|个|条|米|亩|平|名|次|项|处|份|天|号|册|吨|盏|株|年|月|日|分|%"
"""What follows a figure that counts something, and no number that somebody is known by."""

ID_NUMBER = re.compile(
    r"(?<!\d)\d{17}[\dXx](?!\d)"
    r"|(?<!\d)[1-9]\d{7}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}(?!\d)|(?<!\d)"
    + f"{GAP}*".join(
        [r"[1-9]", *[r"\d"] * 5, f"(?:1{GAP}*[89]|2{GAP}*0)", r"\d", r"\d",
         f"(?:0{GAP}*[1-9]|1{GAP}*[0-2])", f"(?:0{GAP}*[1-9]|[12]{GAP}*\\d|3{GAP}*[01])",
         *[r"\d"] * 3, r"[\dXx](?!\d)"]
    )
)  # fmt: skip
MOBILE = re.compile(
    rf"(?<!\d)(?:\+?86)?1[3-9]\d{{9}}(?!\d)"
    rf"|(?<!\d)(?:\+?86{GAP}*)?1[3-9]\d{GAP}+(?:\d{{4}}{GAP}+\d{{4}}|\d{{8}})(?!\d|{UNITS})"
    rf"|(?<!\d)1{GAP}+[3-9](?:{GAP}+\d){{9}}(?!\d)"
)
CARD = re.compile(r"(?<!\d)(?:\d{16,17}|\d{19})(?!\d)")
KNOWN_CARD = re.compile(r"[3-6](?:\d{15,16}|\d{18})|9558\d{15}")
PARTED_CARD = re.compile(
    rf"(?<!\d)[3-69]\d{{3}}(?:{GAP}+\d{{4}}){{3}}(?:{GAP}*\d{{1,3}})?(?!\d)"
)
LANDLINE = rf"(?<!\d)\(?0(?:10|2\d|[3-9]\d\d){GAP}*[2-8]\d{{6,7}}(?!\d)"
OFFICE = re.compile(
    r"(?:办公|值班|监督|举报|咨询|投诉|服务|热线|报修|受理|传真|总机|信访|窗口)"
    r"(?:室|处|台|科|中心|大厅)?(?:监督|举报|投诉|电话|热线|专线|座机|号码)*(?:\([^)\d]{0,12}\))?"
    r"(?:请打|请拨|拨打|为|是)?(?::[\u4e00-\u9fff]{2,6})?[:\s]*"
    rf"{LANDLINE}(?:[、,/或和及\s]*{LANDLINE})*"
)
"""Numbers that are said to be an office's: a notice tells where to complain."""

ADDRESS = re.compile(
    r"\d+\s*(?:号楼|栋|幢|单元|号院|号\s*\d+\s*室|室)|(?:路|街|巷|弄|胡同)\s*\d+\s*号"
    rf"|(?:路|街|巷|弄|胡同|大道)\s*{NUMERAL}\s*号(?!线|桥|井|泵|工程|标段|令|文|公告|热线|门店)"
    rf"|{NUMERAL}\s*(?:号楼|栋|幢|单元)\s*{NUMERAL}\s*(?:号|单元|室|\d)"
    rf"|(?<![全每各两驻])(?:村|屯|寨|庄|湾)\s*第?{NUMERAL}\s*(?:村民)?小?组"
    r"(?![织成建合长片]|路|道路|公路|水渠|公厕|河|桥|党员)"
    rf"|(?:村|社区|居委会|街道|镇|场|队)\s*第?{NUMERAL}\s*(?:居民|村民)?小?组\s*{NUMERAL}\s*号"
    r"|[A-Za-z]\s*座\s*\d{3,4}(?!\d|\s*号?(?:办公|会议|窗口|大厅))"
)


def id_number(plain: str) -> bool:
    """Say whether there is an identity number, its parts run together or not."""
    return bool(ID_NUMBER.search(plain))


def mobile(plain: str) -> bool:
    """Say whether there is a mobile number: 138/0013/8000, yet no list of figures."""
    return bool(MOBILE.search(plain))


def landline(plain: str) -> bool:
    """Say whether there is a landline that is not said to be an office's."""
    return bool(re.search(LANDLINE, OFFICE.sub("", plain)))


def bank_card(plain: str) -> bool:
    """Say whether there is a card: of a known length and beginning, or with its check digit.

    A number that begins with 0, 1 or 2 is none: so do days and the years of a list.
    """
    whole = (match.group() for match in CARD.finditer(plain))
    parted = (re.sub(r"\D", "", match.group()) for match in PARTED_CARD.finditer(plain))
    return any(
        KNOWN_CARD.fullmatch(number) or (number[0] > "2" and checked(number))
        for number in whole
    ) or any(checked(number) or len(number) > 18 for number in parted)


def checked(number: str) -> bool:
    """Say whether the last digit of ``number`` is the one that Luhn's rule asks for."""
    doubled = (divmod(2 * int(digit), 10) for digit in number[-2::-2])
    return (sum(map(int, number[::-2])) + sum(map(sum, doubled))) % 10 == 0


def address(plain: str) -> bool:
    """Say whether there is a door, a flat, or a group of a village; a community is none."""
    return bool(ADDRESS.search(plain))


def health(plain: str) -> bool:
    """Say whether there is a word of ``health.toml``; a Latin one stands by itself."""
    told, of_nobody = _words()
    return bool(told.search(of_nobody.sub("", plain)))


@cache
def _words() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return what tells of somebody's health, and what only looks so."""
    raw = files("engine.publication").joinpath("health.toml").read_text("utf-8")
    lists = {name: words.split() for name, words in tomllib.loads(raw).items()}
    of_nobody = lists.pop("of_nobody")
    return _any([word for words in lists.values() for word in words]), _any(of_nobody)


def _any(words: list[str]) -> re.Pattern[str]:
    alone = (rf"(?<![a-z]){w}(?![a-z])" if w.isascii() else w for w in map(re.escape, words))
    return re.compile("|".join(alone), re.IGNORECASE)
