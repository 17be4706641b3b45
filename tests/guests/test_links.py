"""A guest's link: one meeting, one device, their own part and nothing else."""

from __future__ import annotations

import base64
from dataclasses import replace

import pytest
import sqlalchemy as sa
from cycle.stages import DOOR, SEALED, cycle as planned

from engine.cycle import events as e
from engine.cycle.parse import enveloped
from engine.cycle.state import Guest, Meeting
from engine.guests.links import Guests
from engine.guests.refusals import (
    LinkBroken,
    LinkReplaced,
    MeetingOver,
    NoSuchGuest,
    NotTheSecretary,
    OtherDevice,
)
from engine.ledger.database import connect
from engine.ledger.memory import InMemoryLedger

MASTER = bytes(range(32))
OTHERS = f"sealed:{'3' * 32}:{'4' * 64}"


class House:
    """A cycle that a test moves on, and the links over it."""

    def __init__(self, url: str) -> None:
        self.cycle = planned(DOOR)
        self.ledger = InMemoryLedger()
        self.engine = connect(url)
        self.guests = Guests(self.engine, MASTER, self.ledger, self._found)

    def _found(self, name: str):
        return self.cycle if name == self.cycle.id else None

    def link(self, guest: str = "g1", by: str = "m01") -> str:
        return self.guests.issue(self.cycle, guest, by=by)

    def convene(self, **more) -> None:
        meeting = Meeting(number=len(self.cycle.meetings) + 1, due=("m01",), present=("m01",),
            leave=(), chair="m01", recorder="m03", **more)  # fmt: skip
        meetings = (*self.cycle.meetings, meeting)
        self.cycle = replace(self.cycle, status="convened", meetings=meetings)

    def spoke(self, guest: str, content: str) -> None:
        said = e.GuestSpoke(step="door.speeches", guest=guest, content=content, by="m03",
            at=self.cycle.opened_at)  # fmt: skip
        self._tell(said)
        known = {guest: Guest(spoke_in=("door.speeches",))}
        self.cycle = replace(self.cycle, guests={**self.cycle.guests, **known})

    def _tell(self, event) -> None:
        version = len(self.ledger.read(limit=99)) + 1
        told = enveloped(event, cycle=self.cycle.id, version=version, command="x")
        self.ledger.append([told])

    def rerun(self) -> None:
        ordered = e.RerunOrdered(meeting_on=self.cycle.meeting_on, reason=SEALED, by="sup",
            at=self.cycle.opened_at)  # fmt: skip
        self._tell(ordered)
        self.cycle = replace(self.cycle, status="rerun_ordered", guests={})


@pytest.fixture(params=["sqlite", "postgresql"])
def house(request, tmp_path):
    url = f"sqlite:///{tmp_path}/ledger.db"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres_url")
    lived = House(url)
    yield lived
    lived.engine.dispose()


def test_p08_a_guest_sees_agenda_place_and_own_speech_and_nothing_else(house):
    link = house.link("g2")
    house.convene(item="door.speeches", ended=("opening",))
    house.spoke("g1", OTHERS)
    opened = house.guests.open(link)
    said = opened.view.model_dump()

    assert set(said) == {"agenda", "places", "speech"}
    assert said["places"] == ({"number": 2, "of": 2, "ahead": 0, "spoke": False},)
    assert said["speech"] is None
    stands = {item["zh"]: item["stands"] for item in said["agenda"]}
    assert stands["服务对象代表发言"] == "now"
    assert sorted(set(stands.values())) == ["done", "now", "to_come"]
    assert OTHERS not in str(said)
    assert "g1" not in str(said)

    house.spoke("g2", SEALED)
    again = house.guests.open(link, device=opened.device).view
    assert (again.speech, again.places[0].spoke) == (SEALED, True)


def test_a_guest_reads_every_item_in_words_and_no_id(house):
    house.convene(item="door.speeches")
    agenda = house.guests.open(house.link()).view.agenda
    (now,) = (item for item in agenda if item.stands == "now")

    assert (now.zh, now.en) == ("服务对象代表发言", "Representatives speak")
    assert not any("." in item.zh + item.en or "_" in item.zh + item.en for item in agenda)


def test_a_second_device_is_refused_until_the_secretary_gives_a_new_link(house):
    first = house.link()
    opened = house.guests.open(first)

    for device in (None, "another", "\udcff"):
        with pytest.raises(OtherDevice):
            house.guests.open(first, device=device)
    assert house.guests.open(first, device=opened.device).device == opened.device

    second = house.link()
    with pytest.raises(LinkReplaced):
        house.guests.open(first, device=opened.device)
    assert house.guests.open(second).device != opened.device


def test_a_link_ends_with_its_meeting(house):
    link = house.link()
    house.convene()
    device = house.guests.open(link).device
    house.cycle = replace(
        house.cycle, status="rectifying",
        meetings=(replace(house.cycle.meetings[0], closed=True),),
    )  # fmt: skip

    with pytest.raises(MeetingOver):
        house.guests.open(link, device=device)
    with pytest.raises(MeetingOver):
        house.link()


def test_a_meeting_held_again_needs_new_links_and_forgets_the_first_speech(house):
    link = house.link()
    house.convene()
    device = house.guests.open(link).device
    house.spoke("g1", OTHERS)
    house.rerun()

    with pytest.raises(LinkReplaced):
        house.guests.open(link, device=device)
    view = house.guests.open(house.link()).view
    assert view.speech is None
    assert {item.stands for item in view.agenda} == {"to_come"}


@pytest.mark.parametrize("place", [0, 20, 40, 60, -2])
def test_a_link_with_one_byte_changed_is_broken(house, place):
    raw = bytearray(base64.urlsafe_b64decode(house.link() + "=="))
    raw[place] ^= 1
    changed = base64.urlsafe_b64encode(bytes(raw)).decode()

    with pytest.raises(LinkBroken):
        house.guests.open(changed)


@pytest.mark.parametrize("link", ["", "x", "张三", "\ud800", "A" * 200])
def test_what_is_no_link_is_broken(house, link):
    with pytest.raises(LinkBroken):
        house.guests.open(link)


def test_a_link_of_another_installation_is_broken(house):
    other = Guests(house.engine, bytes(32), house.ledger, lambda _: house.cycle)

    with pytest.raises(LinkBroken):
        house.guests.open(other.issue(house.cycle, "g1", by="m01"))


def test_only_the_secretary_gives_links_and_only_to_the_invited(house):
    for person in ("m03", "sup", "g1", "nobody"):
        with pytest.raises(NotTheSecretary):
            house.link(by=person)
    for guest in ("m05", "nobody"):
        with pytest.raises(NoSuchGuest):
            house.link(guest)


def test_neither_link_nor_device_lies_in_the_database(house):
    link = house.link()
    device = house.guests.open(link).device
    with house.engine.connect() as connection:
        rows = str(connection.execute(sa.text("SELECT * FROM guest_link")).all())

    assert "g1" in rows
    assert device not in rows
    assert link not in rows
