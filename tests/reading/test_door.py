"""P23: every reading is on record, with a purpose, before the text comes out."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from plan.samples import offer, step
from reading.conftest import CYCLE, MASTER, SAID, Clock, also
from streams import Told, ledger_of

from engine.cycle import events as c
from engine.cycle.parse import enveloped
from engine.ledger.sql import open_ledger
from engine.people.organisation import Change, Membership, Named
from engine.people.units import Unit
from engine.plan.merge import merge
from engine.plan.steps import Stage
from engine.policy.roles import Person
from engine.reading.anchor import anchor, anchored
from engine.reading.door import Door
from engine.reading.glass import Glass
from engine.refusal import Refused
from engine.vault.port import PurposeMissingError
from engine.vault.purposes import PURPOSES
from engine.vault.schema import opened
from engine.vault.sql import SqlVault

ROOT = Path(__file__).parent.parent.parent
DOORS = {
    "engine/reading/door.py",
    "engine/reading/glass.py",
    "engine/opinions/coding.py",  # originals: no event carries them, only coding reads them
    "workflows/notifying.py",  # the greeting of a notice
    "engine/publication/members.py",  # names: compared with a public notice, shown to nobody
}


def code(refused) -> set[str]:
    return {reason.code for reason in refused.value.reasons}


def opened_to(door, content, persons) -> tuple[str, ...]:
    """Who of ``persons`` gets to read ``content``."""
    found = []
    for person in persons:
        try:
            door.read(content, reader=person, purpose="reply")
        except Refused:
            continue
        found.append(person)
    return tuple(found)


def test_p23_a_reading_is_on_record_with_reader_and_purpose(house):
    text = house.room.door.read(house.texts["issue"], reader="m02", purpose="rectify")

    assert text.startswith(SAID)
    reads = [(read.reader, read.purpose, read.outcome) for read in house.vault.reads()]
    assert reads == [("m02", "rectify", "opened")]
    assert house.vault.verify_reads().ok


def test_p23_no_reading_without_its_row(house):
    """The row is written first: what cannot be put on record is not read."""
    with house.vault.engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER full BEFORE INSERT ON vault_read "
            "BEGIN SELECT RAISE(ABORT, 'disk full'); END"
        )
    with pytest.raises(Exception, match="disk full"):
        house.room.door.read(house.texts["issue"], reader="m02", purpose="rectify")


def test_p23_a_purpose_off_the_list_opens_nothing(house):
    with pytest.raises(PurposeMissingError):
        house.room.door.read(house.texts["issue"], reader="m02", purpose="好奇")
    assert house.vault.reads() == []


@pytest.mark.parametrize(
    ("text", "may", "may_not"),
    [
        ("criticism", ("m02", "m03", "m01"), ("sup", "v1", "arch", "stranger")),
        ("verdict", ("m03", "m01"), ("m02", "v1", "sup")),
        ("issue", ("m01", "m02", "m03", "v1", "sup"), ("arch", "stranger")),
        ("talk", (), ("m01", "m02", "m03", "sup", "arch")),
    ],
)
def test_p05_to_p08_each_text_is_for_those_it_is_for(house, text, may, may_not):
    assert opened_to(house.room.door, house.texts[text], (*may, *may_not)) == may


def test_p05_a_superior_who_asks_for_a_criticism_is_refused_and_that_is_logged(house):
    with pytest.raises(Refused) as refused:
        house.room.door.read(house.texts["criticism"], reader="sup", purpose="report")

    assert code(refused) == {"role_may_never"}
    assert [(r.reader, r.outcome) for r in house.vault.reads()] == [("sup", "refused")]


@pytest.mark.parametrize("reader", ["m01", "m02", "sup"])
def test_p06_a_talk_that_is_somebody_elses_is_read_by_nobody(house, reader):
    with pytest.raises(Refused):
        house.room.door.read(house.texts["talk"], reader=reader, purpose="reply")


def required(house, talker, *confirmed, to=("m03", "m01", "m02")):
    """The reason of a talk required of m03 on the 21st of July, and what was said since."""
    why = house.vault.seal(f"{SAID} 困难", subject=CYCLE, by="m02")
    told = Told(CYCLE, "u.1").on(2021, 7, 21)
    before = len(told.events)
    told.cycle(c.TalkRequired, "m02", member="m03", talker=talker, content=why, to=to)
    for by, other, held_on in confirmed:
        told.cycle(c.TalkConfirmed, by, talk="t", other=other, held_on=held_on)
    also(house, told.events[before:])
    return why


def readers(house, content):
    """Everybody to whom ``content`` is opened."""
    everybody = ("m01", "m02", "m03", "v1", "sup", "arch", "stranger")
    return {who for who in everybody if not house.room.door.against(content, who)}


def test_p06_why_a_talk_is_due_is_read_by_its_two_and_by_whoever_required_it(house):
    why = required(house, "secretary", to=("m03", "m01"))

    assert readers(house, why) == {"m01", "m02", "m03"}


def test_p06_why_a_talk_is_due_is_not_read_by_all_who_may_hold_it(house):
    why = required(house, "committee")

    assert readers(house, why) == {"m02", "m03"}, "m01 has not held it"


def test_p06_a_talk_with_somebody_who_may_not_hold_it_opens_nothing(house):
    held = date(2021, 7, 22)
    both = [("m01", "m03", held), ("m03", "m01", held)]

    assert readers(house, required(house, "committee", *both, to=("m03", "m02"))) == {
        "m02", "m03",
    }  # fmt: skip


def test_p06_repeating_a_reference_in_a_talk_of_ones_own_opens_nothing(house):
    why = required(house, "secretary", to=("m03", "m01"))
    talk = {"talk": "x", "other": "m03", "held_on": date(2021, 7, 22), "content": why}
    also(house, Told(CYCLE).on(2021, 7, 22).cycle(c.TalkConfirmed, "v1", **talk).events[-1:])

    assert readers(house, why) == {"m01", "m02", "m03"}


HELD, BEFORE = date(2021, 7, 22), date(2021, 7, 20)


@pytest.mark.parametrize(
    ("confirmed", "reads"),
    [
        ([("m01", "m03", HELD), ("m03", "m01", HELD)], {"m01", "m02", "m03"}),
        ([("m01", "m03", HELD)], {"m02", "m03"}),
        ([("m01", "m03", BEFORE), ("m03", "m01", BEFORE)], {"m02", "m03"}),
        ([("m01", "v1", HELD), ("v1", "m01", HELD)], {"m02", "m03"}),
        ([("v1", "m03", HELD), ("m03", "v1", HELD)], {"m02", "m03"}),
    ],
    ids=["held", "half", "before", "with another", "by another"],
)
def test_p06_whoever_of_the_committee_held_the_talk_reads_why(house, confirmed, reads):
    assert readers(house, required(house, "committee", *confirmed)) == reads


def test_p07_what_is_kept_of_a_member_is_for_the_member_and_the_secretary(house):
    portrait = house.vault.seal("肖像", subject=CYCLE, by="m01")
    shown = c.MemberStepRecorded(
        at=house.clock(), by="m01", step="judgement_portrait.portraits",
        origin="local", member="m03", stage="shown", evidence=portrait,
    )  # fmt: skip
    also(house, [shown])

    everybody = ("m01", "m02", "m03", "sup", "arch", "v1")
    assert opened_to(house.room.door, portrait, everybody) == ("m01", "m03")


def test_p07_the_committee_that_the_plan_names_reads_it_until_the_meeting_is_over(tmp_path):
    clock, told = Clock(), Told(CYCLE, "u.1")
    opening = told.events[0]
    com = Person(id="com", roles=("committee_member",))
    told.events[0] = opening.model_copy(update={"people": (*opening.people, com)})
    stages = (
        Stage(name="drafted", by=("committee_member",)),
        Stage(name="confirmed", by=("subject",)),
    )
    each = step("portrait.each", "filing", shape="each_member", stages=stages)
    told.cycle(c.PlanPinned, by="engine", plan=merge([offer("portrait", each)]))
    vault = SqlVault(opened(f"sqlite:///{tmp_path}/vault.db"), MASTER, clock)
    portrait = vault.seal("肖像", subject=CYCLE, by="com")
    told.cycle(
        c.MemberStepRecorded, by="com", step="portrait.each", origin="local", member="m03",
        stage="drafted", evidence=portrait,
    )  # fmt: skip
    ledger = ledger_of(told, into=open_ledger(f"sqlite:///{tmp_path}/ledger.db"))
    everybody = ("m01", "m02", "m03", "com", "sup", "v1")
    door = Door(vault, ledger, Glass(vault, ledger, clock))
    assert opened_to(door, portrait, everybody) == ("m01", "m03", "com")

    told.cycle(c.MeetingClosed, meeting=1, invited=0, spoke=0, full_session=0)
    known = len(ledger.read(stream=f"cycle/{CYCLE}"))
    ended = enveloped(told.events[-1], cycle=CYCLE, version=known + 1, command="t")
    ledger.append([ended])
    door = Door(vault, ledger, Glass(vault, ledger, clock))
    assert opened_to(door, portrait, everybody) == ("m01", "m03")


def test_p08_what_a_guest_said_is_for_the_guest_and_the_recorder(tmp_path):
    roles = {"g1": "guest_rep", "g2": "guest_rep", "rec": "recorder", "res": "resident",
        "pub": "publisher"}  # fmt: skip
    clock, told = Clock(), Told(CYCLE, "u.1")
    more = tuple(Person(id=p, roles=(role,)) for p, role in roles.items())
    opening = told.events[0]
    told.events[0] = opening.model_copy(update={"people": (*opening.people, *more)})
    vault = SqlVault(opened(f"sqlite:///{tmp_path}/vault.db"), MASTER, clock)
    said = vault.seal("窗口少", subject=CYCLE, by="rec")
    told.cycle(c.GuestSpoke, by="rec", step="door.speeches", guest="g1", content=said)
    ledger = ledger_of(told, into=open_ledger(f"sqlite:///{tmp_path}/ledger.db"))
    door = Door(vault, ledger, Glass(vault, ledger, clock))

    everybody = ("g1", "g2", "rec", "m01", "m02", "sup", "v1", "res", "pub")
    assert opened_to(door, said, everybody) == ("g1", "rec")


def on_record(house, *held, names=()):
    """Put persons on record: each of ``held`` with a role in the unit, or above it."""
    tree = (
        Unit(id="nz", kind="county", name="南漳"),
        Unit(id="u.1", kind="branch", name="第一党支部", parent="nz"),
    )
    roles = tuple(
        Membership(person=person, unit=unit, role=role, first=date(2020, 1, 1), last=last)
        for person, unit, role, last in held
    )
    others = {person for person, *_ in held} - {named.id for named in names}
    persons = (*names, *(Named(id=person, name=house.texts["talk"]) for person in others))
    change = Change(units=tree, persons=persons, memberships=roles)
    house.organisation.apply(change, by="root")


def kept(house, person):
    """The name of ``person``, who is on record in the unit that ``boss`` keeps."""
    name = house.vault.seal("张三", subject=person, by="sup")
    held = [("boss", "nz", "superior_officer", None), (person, "u.1", "member", None)]
    on_record(house, *held, names=[Named(id=person, name=name)])
    return name


LEFT = date(2021, 7, 31)
"""Two days before the house's today."""


def test_p05_whoever_left_reads_no_more_than_what_is_the_own(house):
    on_record(
        house, ("m01", "u.1", "branch_secretary", LEFT), ("m03", "u.1", "member", LEFT),
        ("m02", "u.1", "member", None), ("sup", "nz", "superior_officer", None),
    )  # fmt: skip

    assert readers(house, house.texts["verdict"]) == {"m03"}
    assert readers(house, house.texts["criticism"]) == {"m02", "m03"}
    assert readers(house, house.texts["issue"]) == {"m02", "sup"}


def test_p07_a_secretary_who_was_replaced_reads_as_the_member_he_is(house):
    on_record(
        house, ("m01", "u.1", "branch_secretary", LEFT), ("m01", "u.1", "member", None),
        ("m03", "u.1", "member", None), ("m02", "u.1", "branch_secretary", None),
    )  # fmt: skip

    assert readers(house, house.texts["verdict"]) == {"m02", "m03"}
    assert readers(house, house.texts["criticism"]) == {"m01", "m02", "m03"}, "m01 was there"


@pytest.mark.parametrize("bars", ["superior_officer", "operator"])
def test_p05_what_one_role_may_never_read_no_other_role_opens(house, bars):
    on_record(
        house, ("boss", "nz", bars, None), ("boss", "u.1", "recorder", None),
        ("rec", "u.1", "recorder", None),
    )  # fmt: skip
    door, said = house.room.door, house.texts["criticism"]

    assert opened_to(door, said, ("boss", "rec")) == ("rec",)
    assert "role_may_never" in {reason.code for reason in door.against(said, "boss")}


def test_p05_a_roster_that_gives_the_superior_another_role_opens_no_criticism(house):
    on_record(house, ("sup", "u.1", "recorder", None), ("m02", "u.1", "member", None))

    assert readers(house, house.texts["criticism"]) == {"m02", "m03"}


def test_p05_a_superior_reads_what_is_said_of_the_own_self_as_a_member(house):
    """Leading cadres are members of a branch, too: 双重组织生活."""
    said = house.vault.seal(SAID, subject=CYCLE, by="m02")
    told = Told(CYCLE).on(2021, 7, 10).cycle(
        c.CriticismRecorded, item=9, critic="m02", of="boss", aspect="xue", problem=said,
    )  # fmt: skip
    also(house, told.events[-1:])
    on_record(house, ("boss", "nz", "superior_officer", None), ("boss", "u.1", "member", None))

    assert opened_to(house.room.door, said, ("boss",)) == ("boss",)
    assert opened_to(house.room.door, house.texts["criticism"], ("boss",)) == ()


@pytest.mark.parametrize("taken", ["opinions.forms-1", CYCLE])
def test_p04_whoever_is_called_like_a_batch_or_a_cycle_reads_a_name_and_nothing_else(
    house, taken
):
    said = house.vault.seal(SAID, subject=taken, by="col")
    name = kept(house, taken)

    everybody = ("boss", taken, "m01", "sup")
    assert opened_to(house.room.door, said, everybody) == ()
    assert opened_to(house.room.door, name, everybody) == ("boss", taken)


def test_p28_nobody_outside_the_cycle_reads_and_a_name_is_its_bearers(house):
    name = kept(house, "m03")

    assert house.room.door.read(name, reader="m03", purpose="reply") == "张三"
    assert house.room.door.read(name, reader="boss", purpose="people") == "张三"
    with pytest.raises(Refused) as refused:
        house.room.door.read(name, reader="m02", purpose="people")
    assert code(refused) == {"not_for_reading"}


def test_a_text_no_event_carries_is_not_read_as_part_of_its_cycle(house):
    """A refused criticism was sealed before it was refused: nobody reads it by his role."""
    lost = house.vault.seal("被拒的批评", subject=CYCLE, by="m01")

    with pytest.raises(Refused):
        house.room.door.read(lost, reader="m01", purpose="rectify")


def test_the_ledger_notes_the_head_of_the_audit_and_a_cut_tail_shows(house):
    for reader in ("m01", "m02"):
        house.room.door.read(house.texts["issue"], reader=reader, purpose="rectify")
    anchor(house.ledger, house.vault, now=house.clock())
    anchor(house.ledger, house.vault, now=house.clock())
    assert house.kinds().count("ReadingsAnchored") == 1
    with house.vault.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER vault_read_no_delete")
        connection.exec_driver_sql("DELETE FROM vault_read WHERE number = 2")

    assert house.vault.verify_reads().ok
    assert not house.vault.verify_reads(expected=anchored(house.ledger)).ok


def test_nothing_opens_the_vault_beside_the_doors():
    found = set()
    for room in ("engine", "workflows", "plugins"):
        for path in (ROOT / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if (
                    isinstance(node, ast.Call)
                    and isinstance(node.func, ast.Attribute)
                    and node.func.attr == "open"
                    and any(k.arg == "purpose" for k in node.keywords)
                ):
                    found.add(str(path.relative_to(ROOT)))

    assert found == DOORS


def test_p23_a_reader_killed_while_reading_has_left_a_row(house):
    """The process dies the moment it has the text."""
    script = (
        "import os, sys\n"
        "from engine.vault.sql import open_vault\n"
        f"v = open_vault('sqlite:///{house.folder}/vault.db', bytes(range(32)))\n"
        f"t = v.open('{house.texts['issue']}', reader='m02', purpose='rectify')\n"
        "os.write(1, t.encode()); os.kill(os.getpid(), 9)\n"
    )
    house.vault.check_master()
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, cwd=ROOT, env={**os.environ}
    )

    assert done.returncode == -9
    assert SAID.encode() in done.stdout
    assert [r.reader for r in house.vault.reads()] == ["m02"]


def test_every_purpose_written_in_code_is_on_the_list():
    """A purpose off the list would be found by the first reader only."""
    written = set()
    for room in ("engine", "workflows"):
        for path in (ROOT / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "").endswith(
                    "PURPOSE"
                ):
                    written.add(ast.literal_eval(node.value))
                if isinstance(node, ast.FunctionDef):
                    named = node.args.args[-len(node.args.defaults) or len(node.args.args) :]
                    written |= {
                        default.value
                        for arg, default in zip(named, node.args.defaults, strict=True)
                        if arg.arg == "purpose" and isinstance(default, ast.Constant)
                    }

    assert {"reply", "report", "rectify"} <= written
    assert written - {None} <= set(PURPOSES)


def repeated(house, content):
    """The secretary gives ``content`` out for the reason of something of his own."""
    again = Told(CYCLE).on(2021, 7, 22).cycle(c.ReplanOrdered, "m01", reason=content)
    also(house, again.events[-1:])


def test_an_appeal_is_read_above_and_by_nobody_of_the_branch(house, appeal):
    assert readers(house, appeal) == {"sup"}


def test_p11_who_is_of_the_branch_on_record_reads_no_appeal_whatever_the_roster_says(
    house, appeal
):
    b2 = Unit(id="u.1", kind="branch", name="第一党支部")
    held = tuple(
        Membership(person="sup", unit="u.1", role=role, first=date(2020, 1, 1))
        for role in ("superior_officer", "member")
    )
    people = (Named(id="sup", name=house.texts["talk"]),)
    assert readers(house, appeal) == {"sup"}
    house.organisation.apply(
        Change(units=(b2,), persons=people, memberships=held[:1]), by="root"
    )
    assert readers(house, appeal) == {"sup"}
    house.organisation.apply(Change(memberships=held[1:]), by="root")

    assert readers(house, appeal) == set()


def test_p11_the_audit_says_nothing_of_an_appeal_to_the_branch(house, appeal):
    read = {appeal, house.texts["verdict"], f"sealed:{'0' * 32}:{'0' * 64}"}

    for who in ("m01", "arch", "m03"):
        assert house.room.door.untold(read, who) == {appeal}
    assert house.room.door.untold(read, "sup") == set()


def test_p11_a_secretary_who_repeats_an_appeals_reference_is_not_shown_it(house, appeal):
    repeated(house, appeal)

    assert readers(house, appeal) == {"sup"}


def test_p04_whoever_repeats_the_reference_of_an_original_is_not_shown_it(house):
    original = house.vault.seal(SAID, subject="opinions.forms-1", by="col")
    repeated(house, original)

    assert readers(house, original) == set()
