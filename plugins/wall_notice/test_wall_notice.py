"""The wall shows four columns, screens each row again, and takes down what is over."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest

from engine import Delivered, DeliveryContext

from . import on_event
from .__main__ import main
from .kept import wall
from .page import COLUMNS, SUSPENDED, render
from .wall import hanging

TEXTS = {"problem": "路灯不亮", "measures": "更换灯具", "responsible": "李书记"}
FIRST, LAST = "2021-08-02", "2021-08-06"
DAY = date(2021, 8, 4)
NOTICE = {"audience": "public", "first": FIRST, "last": LAST}


def sealed(name: str) -> str:
    return f"sealed:{name}"


class Street:
    """Delivers events of one cycle to the plugin as the host does."""

    def __init__(self, folder):
        self.folder = folder
        self.position = 0

    def tell(self, kind: str, issue: int = 1, **data) -> Delivered:
        self.position += 1
        event = Delivered(
            event_id=f"issue/c1/{issue}@{self.position}", position=self.position,
            stream=f"issue/c1/{issue}", version=self.position, kind=kind,
            at=datetime(2021, 8, 1, tzinfo=UTC), data={"issue": issue, **data},
        )  # fmt: skip
        self.hear(event)
        return event

    def hear(self, event: Delivered) -> None:
        key = f"wall_notice/{event.event_id}"
        on_event(
            DeliveryContext(
                plugin="wall_notice", cycle="c1", unit="u1", key=key, folder=self.folder
            ),
            event,
        )

    def post(self, issue: int = 1, subject_kind: str = "organisation", **notice) -> None:
        self.tell("IssueFound", issue, subject_kind=subject_kind)
        self.tell("DeadlineSet", issue, due="2021-08-31")
        texts = {name: sealed(name) for name in TEXTS}
        self.tell("NoticeDrafted", issue, **texts, **{**NOTICE, **notice})
        self.tell("NoticePosted", issue, **{**NOTICE, **notice})

    def rows(self, day: date = DAY):
        return hanging(wall(self.folder), day)

    def page(self, day: date = DAY, **texts: str):
        known = {sealed(name): text for name, text in {**TEXTS, **texts}.items()}
        return render(self.rows(day), known.get, day=day)


@pytest.fixture
def street(tmp_path):
    return Street(tmp_path)


def cells(html: str, tag: str = "td") -> list[str]:
    return re.findall(f"<{tag}>(.*?)</{tag}>", html)


def test_the_page_has_exactly_the_four_columns(street):
    street.post()
    page = street.page()

    assert tuple(cells(page.html, "th")) == COLUMNS == ("问题", "措施", "时限", "负责人")
    assert cells(page.html) == ["路灯不亮", "更换灯具", "2021-08-31", "李书记"]


@pytest.mark.parametrize("field", TEXTS)
@pytest.mark.parametrize("number", ["420300199001011234", "13800138000"])
def test_a_row_with_an_identity_or_mobile_number_is_blocked_and_named(street, field, number):
    street.post(1)
    page = street.page(**{field: f"联系 {number}"})

    assert cells(page.html) == []
    assert number not in page.html
    assert page.blocked
    assert all(f"c1.1.{field}" in sentence for sentence in page.blocked)


def test_a_blocked_row_takes_no_other_row_along(street):
    street.post(1)
    street.post(2)
    known = iter(["路灯 13800138000", "换灯", "李书记", "井盖松动", "换井盖", "王书记"])
    page = render(street.rows(), lambda _: next(known), day=DAY)

    assert cells(page.html)[0] == "井盖松动"
    assert [sentence.split()[1] for sentence in page.blocked] == ["c1.1.problem"]


def test_an_objection_is_shown_as_suspended_until_it_is_rejected(street):
    street.post()
    street.tell("ObjectionRaised", content=sealed("x"))
    assert SUSPENDED in street.page().html

    street.tell("ObjectionDecided", outcome="rejected", reason=sealed("x"))
    assert SUSPENDED not in street.page().html
    assert len(street.rows()) == 1


@pytest.mark.parametrize(
    "taken_down", [("NoticeExpired", {}), ("NoticeTakenDown", {}),
                   ("ObjectionDecided", {"outcome": "upheld"}), ("IssueReopened", {})],
)  # fmt: skip
def test_a_notice_that_is_over_is_taken_down(street, taken_down):
    kind, data = taken_down
    street.post()
    street.tell(kind, **data)

    assert street.rows() == ()


def test_a_notice_hangs_on_its_days_only_even_when_no_event_comes(street):
    street.post()

    assert not street.rows(date(2021, 8, 1))
    assert street.rows(date(2021, 8, 2))
    assert street.rows(date(2021, 8, 6))
    assert not street.rows(date(2021, 8, 7))


def test_internal_notices_and_issues_about_a_person_never_hang(street):
    street.post(1, audience="internal")
    street.post(2, subject_kind="member")

    assert street.rows() == ()


def test_a_granted_extension_moves_the_deadline_and_a_refused_one_does_not(street):
    street.post()
    street.tell("ExtensionDecided", outcome="refused", due="2021-09-30")
    street.tell("ExtensionDecided", outcome="granted", due="2021-09-15")

    assert cells(street.page().html)[2] == "2021-09-15"


def test_a_text_whose_key_is_destroyed_keeps_its_row_off_the_wall(street):
    street.post()
    page = render(street.rows(), lambda _: None, day=DAY)

    assert cells(page.html) == []
    assert "c1.1.problem 没有内容" in page.blocked[0]


def test_what_people_wrote_cannot_become_part_of_the_page(street):
    street.post()

    assert "<script>" not in street.page(problem="<script>").html


def test_an_event_that_comes_again_changes_nothing(street):
    street.post()
    raised = street.tell("ObjectionRaised", content=sealed("x"))
    street.tell("ObjectionDecided", outcome="rejected", reason=sealed("x"))
    street.hear(raised)

    assert SUSPENDED not in street.page().html


def test_a_unit_nothing_was_posted_for_has_an_empty_wall(street):
    assert street.rows() == ()


def test_the_command_lists_what_hangs_today_without_a_text(street):
    street.post()
    street.tell("ObjectionRaised", content=sealed("x"))
    folder = str(street.folder)
    said = main([folder], today=DAY)

    assert said.splitlines()[0].startswith("c1/1 2021-08-02 — 2021-08-06")
    assert (SUSPENDED in said, "sealed" in said) == (True, False)
    assert said.endswith("墙上 1 件,暂缓 1 件")
    assert main([folder], today=date(2021, 8, 7)).endswith("墙上 0 件,暂缓 0 件")
    with pytest.raises(SystemExit, match="FOLDER"):
        main([], today=DAY)
