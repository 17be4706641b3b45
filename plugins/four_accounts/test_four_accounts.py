"""建、交、查、销: four days in order, and nothing is cleared that was not checked."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise

import pytest

from engine import Delivered, DeliveryContext

from . import on_event
from .__main__ import main
from .accounts import tally
from .kept import accounts

THROUGH = ("IssueClaimed", "SignOffApplied", "VerdictGiven", "IssueClosed")


class Ledger:
    """Delivers events of one cycle, one a day, as the host does."""

    def __init__(self, folder):
        self.folder = folder
        self.position = 0

    def tell(self, kind: str, issue: int = 1, **data) -> Delivered:
        self.position += 1
        event = Delivered(
            event_id=f"issue/c1/{issue}@{self.position}", position=self.position,
            stream=f"issue/c1/{issue}", version=self.position, kind=kind,
            at=datetime(2021, 7, self.position, 18, tzinfo=UTC), data={"issue": issue, **data},
        )  # fmt: skip
        self.hear(event)
        return event

    def hear(self, event: Delivered) -> None:
        context = DeliveryContext(
            plugin="four_accounts", cycle="c1", unit="u1", folder=self.folder,
            key=f"four_accounts/{event.event_id}",
        )  # fmt: skip
        on_event(context, event)

    def through(self, *kinds: str) -> None:
        for kind in kinds:
            self.tell(kind)

    def days(self) -> list[int]:
        (account,) = accounts(self.folder)
        return [day.day for day in account.days]


@pytest.fixture
def ledger(tmp_path):
    return Ledger(tmp_path)


def test_an_issue_has_four_local_days_in_order(ledger):
    ledger.through(*THROUGH)

    assert ledger.days() == [2, 3, 4, 5]


@pytest.mark.parametrize("taken_back", ["IssueReturned", "MassRejected", "RedoNoticeIssued"])
def test_what_goes_back_to_work_is_handed_in_and_checked_anew(ledger, taken_back):
    ledger.through(*THROUGH[:3], taken_back)
    assert ledger.days() == [2]

    ledger.through(*THROUGH[1:])
    assert ledger.days() == [2, 6, 7, 8]


def test_an_upheld_objection_takes_back_the_check_and_a_rejected_one_nothing(ledger):
    ledger.through(*THROUGH[:3])
    ledger.tell("ObjectionDecided", outcome="rejected")
    assert ledger.days() == [2, 3, 4]

    ledger.tell("ObjectionDecided", outcome="upheld")
    assert ledger.days() == [2, 3]


def test_an_issue_that_comes_back_is_open_again(ledger):
    ledger.through(*THROUGH, "IssueReopened")

    assert ledger.days() == [2]


def test_nothing_is_cleared_before_it_is_checked(ledger):
    ledger.through("IssueClaimed", "SignOffApplied", "IssueClosed")
    (account,) = accounts(ledger.folder)

    assert account.irregular
    assert account.cleared is None
    assert "未查即销" in main([str(ledger.folder)])


def test_late_is_late_for_ever_even_when_cleared(ledger):
    ledger.tell("IssueClaimed")
    ledger.tell("SignOffApplied", late=True)
    ledger.through("VerdictGiven", "IssueReturned", *THROUGH[1:])

    assert "迟交" in main([str(ledger.folder)])
    assert tally(accounts(ledger.folder)).late == 1


def test_a_transfer_or_a_second_claim_opens_no_second_account(ledger):
    ledger.through("IssueClaimed", "IssueReopened", "IssueClaimed")

    assert ledger.days() == [2]


def test_days_never_decrease_and_the_counts_never_grow_from_stage_to_stage(ledger):
    for issue, steps in enumerate((4, 3, 2, 1, 4), 1):
        for kind in THROUGH[:steps]:
            ledger.tell(kind, issue)
    found = accounts(ledger.folder)
    count = tally(found)

    assert all(a <= b for account in found for a, b in pairwise(account.days))
    assert (count.opened, count.handed_in, count.checked, count.cleared) == (5, 4, 3, 2)
    assert main([str(ledger.folder)]).endswith("建账 5 交账 4 查账 3 销账 2 迟交 0")


def test_an_event_that_comes_again_changes_nothing(ledger):
    first = ledger.tell("IssueClaimed")
    ledger.through(*THROUGH[1:])
    ledger.hear(first)

    assert ledger.days() == [2, 3, 4, 5]
