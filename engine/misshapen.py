"""What is wrong with a value of the wrong shape, as ``zh | en``; the value is not quoted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from engine.bilingual import halves

NUMBER = ("应为整数", "must be a whole number")
DATE = ("应为 2021-10-01 这样的日期", "must be a date like 2021-10-01")
MOMENT = (
    "应为 2021-10-01T09:00:00+08:00 这样的时间",
    "must be a moment like 2021-10-01T09:00:00+08:00",
)
TABLE = ("应为一组字段", "must be a table of fields")
LIST = ("应为列表", "must be a list")
REASONS: Mapping[str, tuple[str, str]] = {
    "missing": ("缺少这一项", "is missing"),
    "extra_forbidden": ("没有这一项", "is not a field"),
    "greater_than": ("须大于 {gt}", "must be more than {gt}"),
    "greater_than_equal": ("不能小于 {ge}", "must be at least {ge}"),
    "less_than": ("须小于 {lt}", "must be less than {lt}"),
    "less_than_equal": ("不能大于 {le}", "must be at most {le}"),
    "literal_error": ("只能是 {expected}", "must be {expected}"),
    "int_type": NUMBER,
    "int_parsing": NUMBER,
    "int_from_float": NUMBER,
    "bool_type": ("应为 true 或 false", "must be true or false"),
    "bool_parsing": ("应为 true 或 false", "must be true or false"),
    "string_type": ("应为文字", "must be text"),
    "string_too_short": ("至少 {min_length} 个字", "takes at least {min_length} characters"),
    "string_too_long": ("至多 {max_length} 个字", "takes at most {max_length} characters"),
    "string_pattern_mismatch": ("须合写法 {pattern}", "must match {pattern}"),
    "too_short": ("至少 {min_length} 项", "takes at least {min_length}"),
    "too_long": ("至多 {max_length} 项", "takes at most {max_length}"),
    "tuple_type": LIST,
    "list_type": LIST,
    "model_type": TABLE,
    "model_attributes_type": TABLE,
    "dict_type": TABLE,
    "date_type": DATE,
    "date_parsing": DATE,
    "date_from_datetime_parsing": DATE,
    "datetime_type": MOMENT,
    "datetime_parsing": MOMENT,
    "datetime_from_date_parsing": MOMENT,
    "timezone_aware": MOMENT,
    "union_tag_not_found": ("缺少种类", "its kind is missing"),
    "union_tag_invalid": ("只能是 {expected_tags}", "must be {expected_tags}"),
    "json_invalid": ("不是 JSON", "is no JSON"),
}
"""Kind of a wrong value to what is said about it; facts in braces."""


def reason(error: Mapping[str, Any], reasons: Mapping[str, tuple[str, str]] = REASONS) -> str:
    """Return what is wrong, of one of ``ValidationError.errors()``, as ``reasons`` say it."""
    facts = error.get("ctx", {})
    own = str(facts.get("error", ""))
    if " | " in own:
        return own
    zh, en = reasons.get(error["type"], ("写法不对:{msg}", "{msg}"))
    zh, en = (said.format(msg=error["msg"], **facts) for said in (zh, en))
    if error["type"] in ("literal_error", "union_tag_invalid"):
        zh = zh.replace("'", "").replace(", ", "、").replace(" or ", "、")
    return f"{zh} | {en}"


def lines(wrong: ValidationError) -> Iterator[str]:
    """Yield a line for each field that does not fit: ``field:zh | field: en``."""
    for error in wrong.errors(include_input=False, include_url=False):
        yield at(error["loc"], reason(error))


def too_large(size: int, limit: int) -> str:
    """Return what is said of so many bytes where ``limit`` are taken."""
    return f"{size} 字节,上限 {limit} | {size} bytes, the limit is {limit}"


def at(where: Iterable[int | str], said: str) -> str:
    """Return ``said``, a sentence in both languages, with the field it is about."""
    field = ".".join(map(str, where))
    zh, en = halves(said)
    return f"{field}:{zh} | {field}: {en}" if field else said
