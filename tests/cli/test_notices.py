"""What a terminal says about notices: listed, sent, simulated, tried again."""

from __future__ import annotations

import pytest

from engine.ledger.alone import alone
from engine.notices.deliveries import SEND_LOCK
from engine.notices.notifier import Notifier
from engine.record import EventEnvelope

KEY = "m01/2026-01-05"


@pytest.fixture
def told(taizhang):
    """A ledger with one event that tells two persons."""
    data = {"issue": 4, "at": "2026-01-05T02:00:00Z", "by": "engine", "to": ["m01", "m02"]}
    taizhang.parts.ledger().append(
        [
            EventEnvelope(
                stream="issue/c1/4", version=1, kind="MassRejected", command="c", data=data
            )
        ]
    )
    return taizhang


def failing(told):
    class Broken:
        def deliver(self, **_):
            raise OSError

    engine = told.parts.notifier().deliveries.engine
    post = Broken()
    made = Notifier(told.parts.ledger(), engine, post, rehearsals=post)
    return told.but(notifier=lambda: made)


def test_the_list_is_narrowed_by_person_and_day(told):
    assert [row["key"] for row in told.data("notices", "list")] == [KEY, "m02/2026-01-05"]
    assert told("notices", "list", "--person", "m01", "-o", "ids").stdout == f"{KEY}\n"
    assert told.data("notices", "list", "--day", "2026-01-06") == []
    assert "待发" in told("notices", "list", "--day", "2026-01-05").stdout


def test_simulation_says_what_would_be_sent_and_sends_nothing(told, tmp_path):
    done = told("notices", "send", "--simulate")

    assert done.stdout.splitlines()[0] == (
        f"将发送 {KEY}:【台账】群众不认可,退回再改 · 周期 c1 第 4 号问题"
    )
    assert not (tmp_path / "notices").exists()
    assert {row["state"] for row in told.data("notices", "list")} == {"collected"}


def test_what_is_due_is_sent_once(told, tmp_path):
    assert told("notices", "send").stdout == "已发送 2 份提醒\n"
    assert told("notices", "send", "--lang", "en").stdout == "digests sent: 0\n"
    assert (tmp_path / "notices" / "2026-01-05.jsonl").read_text("utf-8").count("\n") == 2


def test_a_failure_is_said_and_can_be_tried_again_by_hand(told):
    done = failing(told)("notices", "send")

    assert (done.exit_code, len(done.stderr.splitlines())) == (1, 2)
    assert told("notices", "send").stdout == "已发送 0 份提醒\n"
    assert told("notices", "retry", KEY).exit_code == 0
    assert told("notices", "send").stdout == "已发送 1 份提醒\n"
    assert told("notices", "retry", KEY).exit_code == 1


def test_only_one_process_sends_at_a_time(told):
    deliveries = told.parts.notifier().deliveries
    with alone(deliveries.engine, deliveries.lock_file(), SEND_LOCK):
        done = told("notices", "send")

    assert (done.exit_code, done.stderr) == (1, "另一个进程正在发送提醒\n")
