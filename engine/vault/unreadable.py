"""Why a payload cannot be read, in words; pure, for workflow code imports it."""

from __future__ import annotations

from typing import Literal

Why = Literal["destroyed", "unknown", "refused", "plain"]
"""Why a payload cannot be read: its key is gone, is not here, or the payload is not whole;
or anybody could have written it."""

WORDS: dict[Why, str] = {
    "destroyed": "已销毁,密钥 {key} 不复存在 | destroyed: key {key} is gone",
    "unknown": "缺少载荷密钥 {key},请从另一台机器复制到 TAIZHANG_PAYLOAD_KEYS | payload key "
    "{key} is not here: copy it from another machine into TAIZHANG_PAYLOAD_KEYS",
    "refused": "载荷不完整或属于别的流程,已拒绝(密钥 {key}) | the payload was altered or "
    "belongs to another workflow, refused (key {key})",
    "plain": "载荷没有加密,谁都写得出来,已拒绝;确有加密之前开启的周期,请设 "
    "TAIZHANG_PAYLOADS=migrating | the payload is in clear, as anybody can write it, refused; "
    "with cycles from before encryption set TAIZHANG_PAYLOADS=migrating",
}


class PayloadUnreadableError(Exception):
    """A payload was met that cannot be read; says why and what to do, never content."""

    def __init__(self, why: Why, key: str) -> None:
        super().__init__(WORDS[why].format(key=key))
        self.why = why
        self.key = key
