"""For what sealed content may be read: a closed list, so that no name slips into the audit."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

PURPOSES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "reply": ("本人查阅与答复", "read what concerns oneself, and reply"),
        "meeting": ("准备与召开会议", "prepare and hold the meeting"),
        "review": ("审核材料", "review material"),
        "coding": ("意见归纳", "code opinions"),
        "rectify": ("整改与核查", "rectify and verify"),
        "report": ("情况报告", "report the situation"),
        "guidance": ("巡回指导", "guide from above"),
        "publication": ("公示审核", "clear a public notice"),
        "appeal": ("办理申诉", "handle an appeal"),
        "people": ("维护机构与人员", "keep units and people"),
        "archive": ("归档", "archive"),
        "notice": ("称呼收件人", "address a notice"),
        "break_glass": ("应急查阅", "break-glass"),
    }
)
"""Purpose to its words in Chinese and in English."""
