"""Forums are registered one by one, and their opinions never count as forms."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from engine import Delivered, DeliveryContext
from engine.testing import assert_contract

from . import on_event
from .__main__ import main
from .store import kept

TODAY = date(2021, 7, 20)
PEOPLE = [
    {"id": "m01", "roles": ["branch_secretary", "member"]},
    {"id": "m04", "roles": ["opinion_collector", "member"]},
]
SHA = "a" * 64
FORMS = {"branches": 26 * 4, "units": 16 * 5 + 12 * 6}
"""256 forms to 54 bodies."""


def test_it_keeps_the_contract(plugin_folder):
    assert_contract(plugin_folder)


class Desk:
    """Delivers events of one cycle as the host does, and types commands."""

    def __init__(self, folder):
        self.folder = folder
        self.position = 0
        self.tell("CyclePlanned", "m01", people=PEOPLE)

    def tell(self, kind: str, by: str = "m04", **data) -> Delivered:
        self.position += 1
        event = Delivered(
            event_id=f"cycle/c1@{self.position}", position=self.position, stream="cycle/c1",
            version=self.position, kind=kind, at=datetime(2021, 7, 19, 18, tzinfo=UTC),
            data={"by": by, **data},
        )  # fmt: skip
        self.hear(event)
        return event

    def hear(self, event: Delivered) -> None:
        context = DeliveryContext(
            plugin="site_forum", cycle="c1", unit="u1", folder=self.folder,
            key=f"site_forum/{event.event_id}",
        )  # fmt: skip
        on_event(context, event)

    def batch(self, name: str, channel: str = "forum", **counts: int) -> Delivered:
        return self.tell(
            "OpinionBatchClosed", batch=name, channel=channel,
            **{"issued": 0, "opinions": 0, **counts},
        )  # fmt: skip

    def typed(self, line: str) -> str:
        name, _, rest = line.partition(" ")
        return main([str(self.folder), name, "cycle=c1", *rest.split()], today=TODAY)

    def hold(self, forum: str, opinions: int) -> None:
        self.typed(f"plan by=m04 forum={forum} site={forum}-site day=2021-07-15")
        self.typed(f"hold by=m04 forum={forum} day=2021-07-16 attended=12")
        self.typed(f"minute by=m04 forum={forum} ref=file-{forum} sha256={SHA}")
        self.typed(f"code by=m04 forum={forum} opinions={opinions}")

    def intake(self):
        return kept(self.folder).state()["c1"]

    def remarks(self, forum: str = "beijing") -> list[str]:
        return list(self.intake().remarks(self.intake().forums[forum]))


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path)


def test_two_forums_leave_the_256_forms_and_raise_the_opinions_by_16(desk):
    for kind, issued in FORMS.items():
        desk.batch(kind, "form", issued=issued, opinions=80)
    before = desk.intake().counts()
    assert (before.forms, before.opinions) == (256, 160)

    for forum, opinions in {"beijing": 9, "yunnan": 7}.items():
        desk.hold(forum, opinions)
        desk.batch(forum, opinions=opinions)
    after = desk.intake().counts()
    assert (after.forms, after.opinions - before.opinions) == (256, 16)
    assert desk.typed("counts").splitlines()[:2] == [
        "征求意见表 256 份,意见 160 条", "座谈会 2 场,意见 16 条",
    ]  # fmt: skip


def test_the_core_counts_forums_apart_from_forms_as_the_register_does(
    cycle_without_server, desk
):
    cycle = cycle_without_server.open()
    batches = {
        "branches": ("form", FORMS["branches"], 40), "units": ("form", FORMS["units"], 9),
        "beijing": ("forum", 0, 9), "yunnan": ("forum", 0, 7),
    }  # fmt: skip
    cycle.do("file_plan", by="secretary", content={"text": "方案"})
    for name, (channel, issued, opinions) in batches.items():
        counts = {"issued": issued, "opinions": opinions}
        cycle.do("close_opinion_batch", by="collector", batch=name, channel=channel, **counts)
        desk.batch(name, channel, **counts)

    held = cycle.state.batches.values()
    counted = desk.intake().counts()
    assert counted.forms == sum(batch.issued for batch in held) == 256
    assert counted.opinions == sum(batch.opinions for batch in held) == 65


def test_other_channels_are_neither_forms_nor_forums(desk):
    desk.batch("groups", "group_meeting", opinions=5)
    desk.batch("shift", "pre_shift", opinions=3)

    counts = desk.intake().counts()
    assert (counts.others, counts.forum_opinions, counts.opinions) == (8, 0, 8)


def test_a_forum_goes_from_plan_to_coded_and_says_where_its_minutes_are(desk):
    desk.typed("plan by=m04 forum=beijing site=tongzhou day=2021-07-15")
    assert desk.typed("show") == "beijing tongzhou 2021-07-15 已安排"

    desk.typed("hold by=m04 forum=beijing day=2021-07-16 attended=12")
    desk.typed(f"minute by=m04 forum=beijing ref=file-7 sha256={SHA}")
    assert desk.typed("show") == "beijing tongzhou 2021-07-16 已有记录 12 人 记录 file-7"

    desk.typed("code by=m04 forum=beijing opinions=9")
    desk.batch("beijing", opinions=9)
    assert desk.typed("show").endswith("已编码 12 人 记录 file-7 意见 9 条")


def test_a_forum_and_the_ledger_that_do_not_agree_are_named(desk):
    desk.hold("beijing", 9)
    assert desk.remarks() == ["not_in_ledger"]

    desk.batch("beijing", opinions=8)
    assert desk.remarks() == ["differs"]
    assert desk.typed("show").endswith("与台账条数不符,请核对")


def test_a_batch_that_came_before_the_coding_is_named(desk):
    desk.typed("plan by=m04 forum=beijing site=tongzhou day=2021-07-15")
    desk.batch("beijing", opinions=9)

    assert desk.remarks() == ["ledger_first"]


def test_a_batch_of_the_same_name_on_another_channel_is_named(desk):
    desk.hold("beijing", 9)
    desk.batch("beijing", "form", issued=9, opinions=9)

    assert desk.remarks() == ["other_channel"]


def test_a_forum_of_the_ledger_that_nobody_registered_is_named(desk):
    desk.batch("yunnan", opinions=7)
    desk.batch("branches", "form", issued=104)

    assert desk.intake().unregistered() == ("yunnan",)
    assert desk.typed("show") == "yunnan 台账有,这里没有登记"


def test_when_opinions_are_complete_an_unfinished_forum_is_named_and_none_is_planned(desk):
    desk.typed("plan by=m04 forum=beijing site=tongzhou day=2021-07-15")
    desk.hold("yunnan", 7)
    desk.batch("yunnan", opinions=7)
    desk.tell("OpinionsCompleted")

    assert (desk.remarks(), desk.remarks("yunnan")) == (["unfinished"], [])
    with pytest.raises(SystemExit, match="no forum is planned any more"):
        desk.typed("plan by=m04 forum=xiamen site=siming day=2021-07-25")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("plan by=m01 forum=beijing site=tongzhou day=2021-07-15", "forbidden for m01"),
        ("plan by=m04 forum=yunnan site=kunming day=2021-07-15", "planned already"),
        ("plan by=m04 forum=beijing site=tongzhou", "day.*is missing"),
        ("hold by=m04 forum=beijing day=2021-07-16 attended=12", "no forum beijing"),
        ("hold by=m04 forum=yunnan day=2021-07-21 attended=12", "yet to come"),
        ("hold by=m04 forum=yunnan day=2021-07-16 attended=0", "attended"),
        (f"minute by=m04 forum=yunnan ref=file-7 sha256={SHA}", "this follows held"),
        ("minute by=m04 forum=yunnan ref=file-7 sha256=none", "sha256"),
        ("code by=m04 forum=yunnan opinions=7", "this follows minuted"),
        ("code by=m04 forum=yunnan opinions=-1", "opinions"),
        ("paint", "python -m site_forum"),
    ],
)
def test_what_makes_no_sense_is_refused_with_the_reason(desk, line, said):
    desk.typed("plan by=m04 forum=yunnan site=kunming day=2021-07-15")

    with pytest.raises(SystemExit, match=said):
        desk.typed(line)


def test_what_is_coded_is_coded_once(desk):
    desk.hold("beijing", 9)

    with pytest.raises(SystemExit, match="beijing is coded"):
        desk.typed("code by=m04 forum=beijing opinions=10")


def test_a_cycle_nobody_heard_of_has_no_forums(desk):
    with pytest.raises(SystemExit, match="nothing was heard of cycle c9"):
        desk.typed("plan cycle=c9 by=m04 forum=beijing site=tongzhou day=2021-07-15")


def test_who_says_too_little_is_told_how():
    with pytest.raises(SystemExit, match="python -m site_forum"):
        main([], today=TODAY)


def test_a_folder_that_is_not_there_is_said_so(tmp_path):
    with pytest.raises(SystemExit, match="there is no folder"):
        main([str(tmp_path / "none"), "show"], today=TODAY)


def test_an_event_that_comes_again_changes_nothing(desk):
    closed = desk.batch("yunnan", opinions=7)
    desk.hear(closed)

    assert desk.intake().counts().opinions == 7
