"""Search attributes: ids, states and dates only, for they are never encrypted."""

from __future__ import annotations

from temporalio.common import SearchAttributeKey

UNIT = SearchAttributeKey.for_keyword("TaizhangUnit")
STATUS = SearchAttributeKey.for_keyword("TaizhangStatus")
MEETING_ON = SearchAttributeKey.for_keyword("TaizhangMeetingOn")
OPEN_ISSUES = SearchAttributeKey.for_bool("TaizhangOpenIssues")

TYPES = {
    "TaizhangUnit": "Keyword",
    "TaizhangStatus": "Keyword",
    "TaizhangMeetingOn": "Keyword",
    "TaizhangOpenIssues": "Bool",
}
"""Name to type; deploy/temporal/search-attributes.sh registers the same on a cluster."""
