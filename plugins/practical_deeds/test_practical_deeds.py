"""An issue and the deed that answers it show each other's state."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from engine import ClosingContext, Delivered, DeliveryContext, Objection

from . import on_event, review_closing
from .__main__ import main
from .store import kept

TODAY = date(2021, 7, 20)
KEY = ("c1", 1)


class Desk:
    """Delivers events and types commands."""

    def __init__(self, folder):
        self.folder = folder
        self.position = 0

    def tell(self, kind: str, issue: int = 1, **data) -> Delivered:
        self.position += 1
        event = Delivered(
            event_id=f"issue/c1/{issue}@{self.position}", position=self.position,
            stream=f"issue/c1/{issue}", version=self.position, kind=kind,
            at=datetime(2021, 7, self.position, 18, tzinfo=UTC),
            data={"issue": issue, "by": "m02", **data},
        )  # fmt: skip
        self.hear(event)
        return event

    def hear(self, event: Delivered) -> None:
        context = DeliveryContext(
            plugin="practical_deeds", cycle="c1", unit="u1", folder=self.folder,
            key=f"practical_deeds/{event.event_id}",
        )  # fmt: skip
        on_event(context, event)

    def typed(self, line: str) -> str:
        return main([str(self.folder), *line.split()], today=TODAY)

    def objections(self, issue: int = 1) -> list[Objection]:
        return review_closing(
            ClosingContext(
                plugin="practical_deeds", cycle="c1", unit="u1", issue=issue, round=1,
                folder=self.folder,
            )
        )  # fmt: skip

    def together(self) -> str:
        return kept(self.folder).state().together(KEY)


@pytest.fixture
def desk(tmp_path):
    """An issue that m02 owns, linked to the deed ``lamps``."""
    desk = Desk(tmp_path)
    desk.tell("IssueClaimed", owner="m02")
    desk.typed("add by=m02 deed=lamps due=2021-08-31")
    desk.typed("link by=m02 deed=lamps cycle=c1 issue=1")
    return desk


def test_the_completion_of_a_deed_is_shown_on_both(desk):
    assert desk.typed("issues") == "c1/1 实事在办: lamps 在办,2021-08-31 前"
    assert desk.typed("deeds") == "lamps 在办,2021-08-31 前 c1/1 整改中"

    desk.typed("complete by=m02 deed=lamps")
    assert desk.typed("issues") == "c1/1 实事已办结,可以销号: lamps 2021-07-20 办结"

    desk.tell("IssueClosed", round=1)
    assert desk.typed("deeds") == "lamps 2021-07-20 办结 c1/1 2021-07-03 销号"
    assert desk.together() == "both_done"


def test_an_issue_whose_deed_is_open_is_not_signed_off(desk):
    assert desk.objections() == [Objection(severity="deny", code="deed_open")]

    desk.typed("complete by=m02 deed=lamps")
    assert desk.objections() == []


def test_every_deed_of_an_issue_holds_it_and_none_of_another(desk):
    desk.typed("add by=m02 deed=benches due=2021-08-31")
    desk.typed("link by=m02 deed=benches cycle=c1 issue=1")
    desk.typed("complete by=m02 deed=lamps")

    assert [one.code for one in desk.objections()] == ["deed_open"]
    assert desk.objections(issue=2) == []


def test_an_issue_closed_while_its_deed_is_open_is_named(desk):
    desk.tell("IssueClosed", round=1)

    assert desk.together() == "closed_before_deed"
    assert "请核实" in desk.typed("issues")


def test_an_issue_that_comes_back_is_open_on_both(desk):
    desk.typed("complete by=m02 deed=lamps")
    desk.tell("IssueClosed", round=1)
    desk.tell("IssueReopened", round=2)

    assert desk.together() == "deed_done"


def test_all_deeds_of_an_issue_have_to_be_done(desk):
    desk.typed("add by=m02 deed=benches due=2021-08-31")
    desk.typed("link by=m02 deed=benches cycle=c1 issue=1")
    desk.typed("complete by=m02 deed=lamps")

    assert desk.together() == "open"


def test_a_new_owner_links_and_the_old_one_no_longer(desk):
    desk.typed("add by=m02 deed=benches due=2021-08-31")
    desk.tell("IssueTransferred", owner="m03")

    with pytest.raises(SystemExit, match="only its owner m03"):
        desk.typed("link by=m02 deed=benches cycle=c1 issue=1")
    desk.typed("link by=m03 deed=benches cycle=c1 issue=1")
    desk.tell("IssueHandedOver", successor="m04")
    assert kept(desk.folder).state().issues[KEY].owner == "m04"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("add by=m02 deed=lamps due=2021-08-31", "listed already"),
        ("link by=m02 deed=lamps cycle=c1 issue=1", "linked to lamps already"),
        ("link by=m02 deed=lamps cycle=c1 issue=9", "unclaimed or closed"),
        ("link by=m02 deed=other cycle=c1 issue=1", "no deed other"),
        ("complete by=m02 deed=other", "no deed other"),
        ("complete by=m02", "is missing"),
        ("paint", "python -m practical_deeds"),
    ],
)
def test_what_makes_no_sense_is_refused_with_the_reason(desk, line, said):
    with pytest.raises(SystemExit, match=said):
        desk.typed(line)


def test_a_completed_deed_stays_completed(desk):
    desk.typed("complete by=m02 deed=lamps")

    with pytest.raises(SystemExit, match="is completed"):
        desk.typed("complete by=m02 deed=lamps")


def test_an_event_that_comes_again_changes_nothing(desk):
    closed = desk.tell("IssueClosed", round=1)
    desk.tell("IssueReopened", round=2)
    desk.hear(closed)

    assert kept(desk.folder).state().issues[KEY].closed is None
