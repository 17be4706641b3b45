"""What a desk leaves of a command that was refused: no text, whoever has the master key."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import asynccontextmanager

import pytest
from inprocess import InProcessGateway
from reading.conftest import MASTER, readable
from rehearsal import NANZHANG

from engine.gateway import (
    CommandRefused,
    CycleClosed,
    RefusedLater,
    ServerUnreachable,
)
from engine.ledger.sql import open_ledger
from engine.people.delegations import Delegations
from engine.people.organisation import Organisation
from engine.people.tables import opened
from engine.publication.desk import Desk
from engine.reading.room import reading
from engine.refusal import Refused
from engine.vault.sealing import references
from engine.vault.sql import open_vault
from engine.views.projector import Projector

CYCLE = NANZHANG.cycle
SAID = "调研不够深入 PLANTED"
CRITICISM = {
    "by": "m04", "critic": "m02", "of": "m05", "aspect": "xue", "problem": {"text": SAID},
    "suggestion": {"text": f"{SAID} 建议", "subject": "m05"},
}  # fmt: skip
APPEAL = {"by": "m06", "about": "verdict", "content": {"text": SAID}}


class Ground(InProcessGateway):
    """Takes commands by the rules, or answers ``instead``, having taken them or not."""

    instead: Exception | None = None
    after = False

    async def submit(self, cycle, kind, body, *, command_id):
        if self.instead and not self.after:
            raise self.instead
        receipt = await super().submit(cycle, kind, body, command_id=command_id)
        if self.instead:
            raise self.instead
        return receipt


class Counter:
    def __init__(self, folder) -> None:
        self.folder, self.ground = folder, Ground()
        self.vault = open_vault(f"sqlite:///{folder}/vault.db", MASTER)
        asyncio.run(self.ground.open(NANZHANG.opening().model_copy(update={"plugins": ()})))

        @asynccontextmanager
        async def reached():
            yield self.ground

        self.desk = Desk(
            reached, lambda: self.vault, limit_bytes=4096, ledger=lambda: self.ground.ledger
        )

    def hand_in(self, kind, body, command_id="x"):
        return asyncio.run(self.desk.submit(CYCLE, kind, body, command_id=command_id))

    def left(self) -> int:
        return readable(self.folder).count("PLANTED")


@pytest.fixture
def counter(tmp_path):
    return Counter(tmp_path)


def refused(counter, kind, body, **more) -> set[str]:
    with pytest.raises(CommandRefused) as told:
        counter.hand_in(kind, body, **more)
    return {reason.code for reason in told.value.reasons}


def test_p22_nothing_opens_what_was_said_in_a_command_that_was_refused(counter):
    assert refused(counter, "record_criticism", CRITICISM) == {"wrong_status"}

    assert counter.left() == 0
    assert SAID.encode() not in (counter.folder / "vault.db").read_bytes()


def test_p22_a_second_try_with_the_same_id_and_text_works(counter):
    counter.ground.instead = CommandRefused(())
    refused(counter, "file_appeal", APPEAL)
    refused(counter, "file_appeal", APPEAL)
    assert counter.left() == 0
    counter.ground.instead = None
    receipt = counter.hand_in("file_appeal", APPEAL)

    assert receipt.events == ("AppealFiled",)
    assert counter.left() == 1


def test_p22_a_text_that_was_taken_stays_whatever_is_sent_under_its_id_after_it(counter):
    first = counter.hand_in("file_appeal", APPEAL)
    assert counter.hand_in("file_appeal", APPEAL) == first
    other = {**APPEAL, "about": "procedure"}

    assert refused(counter, "file_appeal", other) == {"command_id_reused"}
    counter.ground.instead = CycleClosed(CYCLE)
    with pytest.raises(CycleClosed):
        counter.hand_in("file_appeal", APPEAL)
    assert counter.left() == 1


@pytest.mark.parametrize(
    "answer", [ServerUnreachable("x"), RefusedLater(()), CycleClosed(CYCLE)], ids=repr
)
def test_p22_a_text_stays_where_the_command_was_taken_and_another_answer_came(counter, answer):
    counter.ground.instead, counter.ground.after = answer, True
    with pytest.raises(type(answer)):
        counter.hand_in("file_appeal", APPEAL)

    assert counter.left() == 1


def test_p22_nothing_is_left_of_what_came_after_the_end_and_all_where_nobody_knows(counter):
    counter.ground.instead = CycleClosed(CYCLE)
    with pytest.raises(CycleClosed):
        counter.hand_in("file_appeal", APPEAL)
    assert counter.left() == 0
    counter.ground.instead = ServerUnreachable("127.0.0.1:1")
    with pytest.raises(ServerUnreachable):
        counter.hand_in("file_appeal", APPEAL)

    assert counter.left() == 1


def test_p22_of_two_who_send_the_same_the_one_refused_takes_nothing_from_the_other(counter):
    """Both sealed it before either was answered."""
    taken = counter.ground.submit

    async def overtaken(cycle, kind, body, *, command_id):
        counter.ground.submit = taken
        await counter.desk.submit(cycle, kind, APPEAL, command_id=command_id)
        raise CommandRefused(())

    counter.ground.submit = overtaken
    refused(counter, "file_appeal", APPEAL)

    assert counter.left() == 1


def rows(folder, words) -> list[str]:
    """Every row of every table of every database that has one of ``words``."""
    found = []
    for path in sorted(folder.glob("*.db")):
        with sqlite3.connect(path) as raw:
            names = raw.execute("SELECT name FROM sqlite_master WHERE type='table'").fetchall()
            for (table,) in names:
                said = (repr(row) for row in raw.execute(f"SELECT * FROM {table}"))
                found += [f"{table} {row}" for row in said if any(w in row for w in words)]
        raw.close()
    return found


COMPLAINT = {
    "by": "m06", "content": {"text": SAID}, "copy_for_superior": {"text": f"{SAID} 存底"}
}  # fmt: skip


def filed(counter) -> tuple[list[str], set[str]]:
    """The references of an appeal and a complaint of m06's, and all that leads to them."""
    counter.hand_in("file_appeal", APPEAL, "first-id")
    counter.hand_in("report_retaliation", COMPLAINT, "second-id")
    events = [r.event for r in counter.ground.ledger.read(limit=999)]
    ledger = open_ledger(f"sqlite:///{counter.folder}/ledger.db")
    ledger.append(events)
    Projector(ledger, ledger.engine).catch_up()
    own = (e for e in events if e.kind in ("AppealFiled", "RetaliationReported"))
    contents = [c for event in own for c in references(event.data)]
    subjects = {counter.vault.subject_of(c) for c in contents}
    return contents, {*(c.split(":")[1] for c in contents), *subjects, "first-id", "second-id"}


def test_p11_no_row_of_any_store_joins_an_appeal_to_who_filed_it(counter):
    _, leads = filed(counter)
    found = rows(counter.folder, leads)
    tables = {row.split(" ", 1)[0] for row in found}

    assert {"vault_object", "vault_key", "event"} <= tables
    assert [r for r in found if "m06" in r] == [r for r in found if "m05" in r] == []


def test_p13_an_appeal_a_complaint_and_its_copy_have_a_key_each(counter):
    contents, _ = filed(counter)
    subjects = [counter.vault.subject_of(content) for content in contents]
    assert len({CYCLE, *subjects}) == 4
    counter.vault.destroy(CYCLE, by="arch", reason="erasure")
    counter.vault.destroy(subjects[1], by="arch", reason="erasure")

    assert counter.left() == 2


def test_p11_an_appeal_with_a_key_of_its_own_is_read_as_before(counter):
    contents, _ = filed(counter)
    ledger = open_ledger(f"sqlite:///{counter.folder}/ledger.db")
    organisation = Organisation(opened(f"sqlite:///{counter.folder}/people.db"))
    room = reading(counter.vault, ledger, organisation, Delegations(organisation))
    for content in contents:
        assert SAID in room.door.read(content, reader="sup", purpose="appeal")
        for person in ("m01", "m06"):
            with pytest.raises(Refused):
                room.door.read(content, reader=person, purpose="appeal")
        assert room.door.untold([content], "m01") == {content}
        assert room.door.untold([content], "sup") == frozenset()
