"""A notice names nobody of the unit but who is responsible; names are compared, never shown."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from cycle.stages import SEALED, closed
from inprocess import InProcessGateway
from people.conftest import TREE, member

from engine.gateway import CommandRefused, CycleNotFound
from engine.issue.state import Issue
from engine.people.organisation import Change, Named, Organisation
from engine.people.tables import opened
from engine.publication.desk import Desk
from engine.publication.members import Members, names_in
from engine.vault.memory import InMemoryVault

NOW = datetime(2021, 8, 1, tzinfo=UTC)
PEOPLE = {"m05": "张建军", "m06": "高明"}
BODY = {
    "by": "m09", "issue": 3, "audience": "public", "first": "2021-08-02", "last": "2021-08-09",
    "problem": {"text": "窗口等候时间过长"}, "measures": {"text": "增设一个综合窗口"},
    "responsible": {"text": "支部委员会"},
}  # fmt: skip


class Ground:
    """A desk over a branch of two, both in the vault by name, and an issue of each kind."""

    def __init__(self, folder) -> None:
        self.vault = InMemoryVault()
        organisation = Organisation(opened(f"sqlite:///{folder}/people.db"))
        persons = tuple(
            Named(id=id_, name=self.vault.seal(name, subject=id_, by="root", key="name"))
            for id_, name in PEOPLE.items()
        )
        here = (member("m05", unit="b1"), member("m06", unit="b1", last=date(2021, 2, 1)))
        organisation.apply(Change(units=TREE, persons=persons, memberships=here), by="root")
        issues = (issue(3, "branch"), issue(4, "member"))
        cycle = replace(closed(), unit="b1", issues=issues)

        @asynccontextmanager
        async def reached():
            yield InProcessGateway()

        self.desk = Desk(
            reached, lambda: self.vault, limit_bytes=4096, cycle_of={"c": cycle}.get,
            members=Members(lambda: organisation, lambda: self.vault),
        )  # fmt: skip

    def draft(self, number=3, **texts):
        said = {name: {"text": text} for name, text in texts.items()}
        body = {**BODY, "issue": number, **said}
        asyncio.run(self.desk.submit("c", "draft_notice", body, command_id="x"))


def issue(number: int, kind: str) -> Issue:
    return Issue(
        number=number, content=SEALED, category="xue", sources=("form",), subject_kind=kind,
        subject="m05" if kind == "member" else None, critics=(), severity="normal",
        found_at=NOW, status="noticed",
    )  # fmt: skip


@pytest.fixture
def ground(tmp_path):
    return Ground(tmp_path)


def refused(ground, number=3, **texts) -> list[tuple[str, object]]:
    try:
        ground.draft(number, **texts)
    except CommandRefused as told:
        return [(reason.code, reason.facts["row"]) for reason in told.reasons]
    except CycleNotFound:  # it got through the door
        return []


def test_p19_a_notice_that_names_a_member_is_refused_by_its_field(ground):
    texts = {"problem": "张建军不下社区", "measures": "由 高　明 督促,电话 13800138000"}

    assert refused(ground, **texts) == [
        ("notice_not_fit", "3.measures"),
        ("notice_names_a_member", "3.problem"), ("notice_names_a_member", "3.measures"),
    ]  # fmt: skip


def test_p19_who_is_responsible_is_named_unless_the_issue_is_a_members_own(ground):
    assert refused(ground, responsible="张建军") == []
    assert refused(ground, 4, responsible="张建军") == [
        ("notice_names_a_member", "4.responsible")
    ]


def test_p19_the_refusal_says_what_to_write_and_not_the_name(ground):
    with pytest.raises((CommandRefused, CycleNotFound)) as told:
        ground.draft(problem="张建军不下社区")

    assert isinstance(told.value, CommandRefused)
    (reason,) = told.value.reasons
    assert "改写职务" in reason.zh
    assert "branch level" in reason.en
    assert "张建军" not in repr(reason)


def test_a_notice_that_names_nobody_goes_on_and_the_comparing_is_on_record(ground):
    with pytest.raises(CycleNotFound):
        ground.draft(measures="提高明年的指标")

    read = {(r.subject, r.reader, r.purpose) for r in ground.vault.reads()}
    assert read == {(id_, "publication", "publication") for id_ in PEOPLE}


def test_an_erased_name_stops_nothing(ground):
    ground.vault.destroy("m05", by="arc", reason="asked")

    with pytest.raises(CycleNotFound):
        ground.draft(problem="张建军不下社区")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("群众反映张建军态度生硬", "张建军"), ("张 建 军不在岗", "张建军"),
        ("高明不在岗", "高明"),
        ("请王丽、高明整改", "高明"), ("买买提·艾力缺席", "买买提艾力"),
        ("Ann Lee 缺席", "ANN LEE"),
        ("欧阳志远没来", "欧阳志远"),
    ],
)  # fmt: skip
def test_p19_a_name_is_found_as_people_write_it(text, name):
    assert names_in(text, (name,))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("提高明年的指标", "高明"), ("安全生产检查", "全生"), ("加强学习", "强学"),
        ("the annual plan", "Ann"), ("窗口", "窗"), ("", "高明"),
    ],
)  # fmt: skip
def test_signs_that_only_meet_are_no_name(text, name):
    assert not names_in(text, (name,))
