"""P24: two persons, a reason, a time limit, one target, and the subject is told."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from reading.conftest import CYCLE, also, appealed
from reading.test_door import on_record
from streams import Told, ledger_of

from engine.cycle import events as c
from engine.notices.filed import FilePost
from engine.notices.notifier import Notifier
from engine.policy.roles import Person
from engine.reading.events import GlassAgreed, GlassAsked, enveloped
from engine.refusal import Refused
from engine.vault.port import UnknownContentError

WHY = "信访核查,须当日答复 REASON-3f"


def codes(act, *args, **kwargs) -> set[str]:
    with pytest.raises(Refused) as refused:
        act(*args, **kwargs)
    return {reason.code for reason in refused.value.reasons}


@pytest.fixture
def asked(house):
    content = house.texts["criticism"]
    return house.room.glass.ask(by="sup", reason=WHY, hours=4, content=content)


@pytest.fixture
def agreed(house, asked):
    return house.room.glass.agree(asked.id, by="m01")


def opened(house, content="criticism", reader="sup"):
    return house.room.door.read(house.texts[content], reader=reader, purpose="break_glass")


def test_p24_one_person_alone_opens_nothing(house, asked):
    assert codes(opened, house) == {"glass_needed"}
    assert "second_is_the_asker" in codes(house.room.glass.agree, asked.id, by="sup")
    assert codes(opened, house) == {"glass_needed"}
    assert [r.outcome for r in house.vault.reads()] == ["refused", "refused"]


def test_p24_two_persons_open_exactly_what_was_asked_for(house, agreed):
    assert "CANARY" in opened(house)

    assert codes(opened, house, "talk") == {"glass_needed"}
    assert codes(opened, house, reader="v1") == {"glass_needed"}
    assert house.vault.reads()[0].glass == agreed.id


def test_p24_it_is_over_by_itself(house, agreed):
    house.clock.later(hours=3, minutes=59)
    assert opened(house)
    house.clock.later(minutes=1)

    assert codes(opened, house) == {"glass_needed"}
    assert house.room.glass.get(agreed.id).state(house.clock()) == "over"


def test_p24_nobody_agrees_late_or_twice(house, asked):
    house.room.glass.agree(asked.id, by="m01")
    assert codes(house.room.glass.agree, asked.id, by="arch") == {"glass_settled"}
    late = house.room.glass.ask(by="sup", reason=WHY, hours=1, subject="m03")
    house.clock.later(hours=24)

    assert codes(house.room.glass.agree, late.id, by="m01") == {"glass_settled"}


@pytest.mark.parametrize("hours", [0, 25])
def test_p24_the_time_is_at_most_a_day(house, hours):
    asked = {"by": "sup", "reason": WHY, "hours": hours, "subject": "m03"}

    assert codes(house.room.glass.ask, **asked) == {"glass_too_long"}
    assert "GlassAsked" not in house.kinds()


def test_p24_who_may_not_ask_or_agree(house, asked):
    content = house.texts["criticism"]
    ask = house.room.glass.ask

    assert codes(ask, by="m03", reason=WHY, hours=1, content=content) == {"second_is_concerned"}
    stranger = codes(ask, by="stranger", reason=WHY, hours=1, content=content)
    assert stranger == {"may_not_ask"}
    assert codes(house.room.glass.agree, asked.id, by="m02") == {"may_not_agree"}
    assert codes(house.room.glass.agree, "g-none", by="m01") == {"glass_unknown"}
    both = {"subject": CYCLE, "content": content}
    assert "glass_target_unclear" in codes(ask, by="sup", reason=WHY, hours=1, **both)
    with pytest.raises(UnknownContentError):
        ask(by="sup", reason=WHY, hours=1, content=f"sealed:{'0' * 32}:{'0' * 64}")


def test_p24_anonymous_opinions_stay_shut(house):
    ask = house.room.glass.ask

    assert "never_under_glass" in codes(
        ask, by="sup", reason=WHY, hours=1, subject="opinions.b1"
    )


def test_p11_no_two_persons_open_an_appeal(house):
    appeal = house.texts["appeal"] = appealed(house, subject="m03")
    for asker in ("m01", "sup"):
        with pytest.raises(UnknownContentError):
            house.room.glass.ask(by=asker, reason=WHY, hours=1, content=appeal)
    grant = house.room.glass.ask(by="m01", reason=WHY, hours=1, subject="m03")
    house.room.glass.agree(grant.id, by="arch")

    assert opened(house, "verdict", reader="m01")
    assert codes(opened, house, "appeal", reader="m01") == {"glass_needed"}


def test_p24_a_secretary_who_reads_what_is_about_nobody_tells_the_superior(house):
    for reader in ("m01", "sup"):
        content = house.texts["issue"]
        grant = house.room.glass.ask(by=reader, reason=WHY, hours=1, content=content)
        house.room.glass.agree(grant.id, by="arch")
        opened(house, "issue", reader=reader)
    told = [r.event.data for r in house.ledger.read(limit=99) if "Read" in r.event.kind]

    assert [(one["by"], one["to"]) for one in told] == [("m01", ["sup"]), ("sup", ["m01"])]


def test_p24_the_second_person_knows_what_there_is_to_agree_to(house, asked):
    glass = house.room.glass
    knowing = [who for who in ("m01", "arch", "m02", "m03", "x") if glass.known_to(who)]

    assert knowing == ["m01", "arch"]
    assert glass.reason(asked.id, reader="m01") == WHY
    assert (house.vault.reads()[-1].reader, house.vault.reads()[-1].outcome) == (
        "m01",
        "opened",
    )
    assert codes(glass.reason, asked.id, reader="m03") == {"glass_unknown"}


def test_p24_a_grant_on_a_person_opens_what_is_about_the_person(house):
    grant = house.room.glass.ask(by="sup", reason=WHY, hours=1, subject="m03")
    house.room.glass.agree(grant.id, by="arch")

    assert opened(house, "criticism")
    assert opened(house, "verdict")
    assert codes(opened, house, "issue") == {"glass_needed"}


def another(house, cycle, *, rehearsal=False, unit="u.2", **roster):
    """Another cycle of some unit with ``roster``."""
    told = Told(cycle, unit)
    people = tuple(Person(id=person, roles=(role,)) for person, role in roster.items())
    said = {"people": people, "rehearsal": rehearsal}
    told.events[0] = told.events[0].model_copy(update=said)
    ledger_of(told, into=house.ledger)


def both(house, *, by, second, hours=1, **target):
    """Ask and agree; return the grant."""
    grant = house.room.glass.ask(by=by, reason=WHY, hours=hours, **target)
    return house.room.glass.agree(grant.id, by=second)


OTHERS = {"s2": "branch_secretary", "a2": "archivist", "m03": "resident"}


def test_p24_two_persons_of_another_cycle_read_nothing_of_this_one(house):
    another(house, "k9", **OTHERS)
    grant = both(house, by="s2", second="a2", subject="m03")

    assert grant.cycle == "k9"
    for content in ("criticism", "verdict"):
        assert codes(opened, house, content, reader="s2") == {"glass_needed"}
    asked = {"reason": WHY, "hours": 1, "content": house.texts["verdict"]}
    assert codes(house.room.glass.ask, by="s2", **asked) == {"may_not_ask"}


def test_p24_two_persons_of_another_cycle_neither_see_nor_agree_to_a_grant_of_this_one(house):
    another(house, "k9", **OTHERS)
    asked = house.room.glass.ask(by="sup", reason=WHY, hours=1, subject="m03")

    assert house.room.glass.known_to("s2") == house.room.glass.known_to("a2") == ()
    assert codes(house.room.glass.agree, asked.id, by="a2") == {"may_not_agree"}


def test_p24_whoever_shares_two_cycles_with_the_subject_says_for_which_it_is(house):
    another(house, "k9", sup="superior_officer", m03="member", m01="branch_secretary")
    asked = {"by": "sup", "second": "m01", "subject": "m03"}
    with pytest.raises(Refused) as refused:
        both(house, **asked)
    assert refused.value.facts["cycles"] == (CYCLE, "k9")

    both(house, **asked, cycle="k9")
    assert codes(opened, house, "verdict") == {"glass_needed"}
    both(house, **asked, cycle=CYCLE)
    assert "CANARY" in opened(house, "verdict")


def test_p24_a_cycle_is_nobody_to_break_the_glass_on(house):
    asked = {"by": "sup", "reason": WHY, "hours": 1}

    assert codes(house.room.glass.ask, **asked, subject=CYCLE) == {"no_shared_cycle"}
    assert codes(house.room.glass.ask, **asked, subject="x") == {"no_shared_cycle"}


def test_p24_a_grant_on_a_whole_cycle_from_before_opens_nothing(house):
    """They are in the ledger for ever; the last of them ran out a day after."""
    at = house.clock()
    why = house.vault.seal(WHY, subject="glass.g-0", by="m01")
    for version, event in enumerate((
        GlassAsked(at=at, by="m01", subject=CYCLE, reason=why, hours=9),
        GlassAgreed(at=at, by="arch", until=at + timedelta(hours=9)),
    ), 1):  # fmt: skip
        stream = f"glass/{CYCLE}/g-0"
        said = enveloped(event, stream=stream, version=version, command="t")
        house.ledger.append([said])

    assert house.room.glass.get("g-0").state(at) == "in_force"
    for content in house.texts:
        assert codes(opened, house, content, reader="m01") == {"glass_needed"}


def test_p24_neither_of_the_two_is_whom_a_text_is_about_when_it_is_read(house):
    """A talk of m03's with m01 is about m01, too, whom nobody was asked about."""
    house.texts["why"] = house.vault.seal("困难", subject=CYCLE, by="m02")
    told = Told(CYCLE).on(2021, 7, 21)
    told.cycle(c.TalkRequired, "m02", member="m03", talker="secretary",
        content=house.texts["why"], to=("m03", "m01"))  # fmt: skip
    also(house, told.events[-1:])
    both(house, by="sup", second="m01", subject="m03")
    assert codes(opened, house, "why") == {"glass_needed"}
    both(house, by="sup", second="arch", subject="m03")

    assert opened(house, "why") == "困难"


def test_p24_what_no_event_carries_is_not_opened(house):
    lost = house.vault.seal("被拒的批评", subject=CYCLE, by="m02")
    asked = {"by": "sup", "reason": WHY, "hours": 1}

    assert codes(house.room.glass.ask, **asked, content=lost) == {"not_for_reading"}
    house.texts["lost"] = house.vault.seal("被拒的材料", subject="m03", by="m03")
    both(house, by="sup", second="arch", subject="m03")
    assert codes(opened, house, "lost") == {"glass_needed"}


def test_p24_whoever_left_neither_asks_nor_agrees_nor_reads_on(house):
    here = ("m01", "u.1", "branch_secretary", None), ("arch", "u.1", "archivist", None)
    on_record(house, *here, ("sup", "nz", "superior_officer", date(2021, 8, 2)))
    both(house, by="sup", second="m01", subject="m03", hours=24)
    waiting = house.room.glass.ask(by="m01", reason=WHY, hours=1, subject="m03")
    assert opened(house, "verdict")
    assert waiting in house.room.glass.known_to("sup")
    house.clock.later(hours=12)  # the next day in China

    asked = {"reason": WHY, "hours": 1, "subject": "m03"}
    assert codes(opened, house, "verdict") == {"glass_needed"}
    assert codes(house.room.glass.ask, by="sup", **asked) == {"no_shared_cycle"}
    assert waiting not in house.room.glass.known_to("sup")
    assert codes(house.room.glass.agree, waiting.id, by="sup") == {"may_not_agree"}


def test_p24_the_letter_is_none_of_a_rehearsals(house):
    another(house, "a-rehearsal", rehearsal=True, sup="superior_officer", m03="member")
    asked = {"by": "sup", "reason": WHY, "hours": 1, "subject": "m03"}
    assert codes(house.room.glass.ask, **asked, cycle="a-rehearsal") == {"no_shared_cycle"}
    grant = both(house, by="sup", second="arch", subject="m03")
    opened(house, "verdict")

    assert grant.cycle == CYCLE
    assert house.ledger.read(stream=f"glass/{CYCLE}/{grant.id}")[-1].event.data["to"] == ["m03"]


def test_p24_the_person_concerned_is_told_of_each_reading(house, agreed):
    opened(house)
    filed = FilePost(house.folder / "notices")
    notifier = Notifier(
        house.ledger, house.ledger.engine, filed, rehearsals=filed,
        clock=lambda: house.clock() + timedelta(days=2),
    )  # fmt: skip
    notifier.send()

    digests = notifier.deliveries.digests(person="m03")
    assert [digest.state for digest in digests] == ["sent"]
    (letter,) = notifier.deliveries.letters(digests[0].key)
    assert "应急查阅" in letter.zh.subject
    assert "break-glass" in letter.en.subject.lower()


def test_p24_a_reading_whose_letter_cannot_be_queued_does_not_happen(house, agreed):
    with house.ledger.engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER full BEFORE INSERT ON event "
            "BEGIN SELECT RAISE(ABORT, 'disk full'); END"
        )
    with pytest.raises(Exception, match="disk full"):
        opened(house)

    assert house.vault.reads() == []


def test_p24_everything_is_an_event_and_the_reason_is_sealed(house, agreed):
    opened(house)
    events = [r.event for r in house.ledger.read(prefix="glass/")]

    assert [e.kind for e in events] == ["GlassAsked", "GlassAgreed", "SealedContentRead"]
    assert events[0].stream == f"glass/{CYCLE}/{agreed.id}"
    assert events[2].data["to"] == ["m03"]
    assert not [e for e in events if "REASON" in str(e.data) or "CANARY" in str(e.data)]
    assert house.ledger.verify().ok
