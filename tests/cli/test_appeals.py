"""An appeal at the terminal: filed past the secretary, listed for its reviewer alone."""

from __future__ import annotations

import json

import pytest

OPENED = "nanzhang-2021"
APPEAL = json.dumps({"about": "verdict", "content": {"text": "评定与事实不符"}})


@pytest.fixture
def appealed(taizhang):
    """A cycle in which m06 has appealed."""
    assert taizhang("cycle", "open", "nanzhang").exit_code == 0
    done = taizhang("cycle", "do", OPENED, "file_appeal", "--by", "m06", "--json", APPEAL)
    assert (done.exit_code, done.stdout[:8]) == (0, "已受理:已申诉("), done.stderr
    return taizhang


def test_the_reviewer_sees_the_appeal_with_its_day(appealed):
    (row,) = appealed.data("appeal", "list", OPENED, "--by", "sup")

    assert (row["appeal"], row["about"], row["light"]) == (1, "verdict", "green")
    assert row["due"]
    assert "by" not in row


def test_the_secretary_sees_none_and_nothing_of_it_in_the_cycle(appealed):
    assert appealed.data("appeal", "list", OPENED, "--by", "m01") == []
    for words in (("history", OPENED), ("show", OPENED), ("list",)):
        assert "appeal" not in json.dumps(appealed.data("cycle", *words)).replace(
            '"appeals": []', ""
        )


def test_the_table_is_in_words(appealed):
    shown = appealed("appeal", "list", OPENED, "--by", "sup")

    assert "评定" in shown.stdout
    assert "绿" in shown.stdout


def test_the_ledger_names_no_appellant(appealed):
    records = appealed.parts.ledger().read(prefix=f"appeal/{OPENED}/", limit=9)

    assert [r.event.kind for r in records] == ["AppealFiled"]
    assert all("m06" not in r.event.model_dump_json() for r in records)
