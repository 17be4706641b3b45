"""P30: overdue work names its unit to that unit and to the one directly above, no further."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, date, datetime
from importlib import import_module
from typing import get_args

import pytest
from cli.conftest import contributions, terminal
from hypothesis import example, given, strategies as st
from inprocess import WALL as INSIDE
from pydantic import SecretStr
from rights.test_p15_to_p17_no_ranking import PARTS, RECORDS, options
from streams import SEALED, Told, ledger_of
from typer.main import get_command
from views.conftest import story

from engine.campaign.commands import CampaignCommand
from engine.campaign.events import CampaignEvent, CampaignOpened
from engine.cli.app import application
from engine.host.discovery import discover
from engine.host.loading import load
from engine.issue.commands import DraftNotice, PostNotice
from engine.issue.events import IssueEvent, NoticeDrafted, NoticePosted
from engine.people.door import Door
from engine.people.organisation import Change, Membership, Named
from engine.people.units import Unit
from engine.refusal import Refused
from engine.views.naming import Seat, shown, unnamed
from engine.views.statistics import Child, Tally, added, summed, tally_of_nothing

WALL = datetime(2021, 9, 25, tzinfo=UTC)
READER = "reader"


def tally(overdue: int, closed: int = 0) -> Tally:
    nothing = tally_of_nothing()
    return Tally(
        counts={**nothing.counts, "found": overdue + closed, "overdue": overdue},
        standings={**nothing.standings, "overdue": overdue, "closed": closed},
        opinions={"form": {"issued": closed}}, longest_overdue=overdue * 3,
    )  # fmt: skip


def child(number: int, unit: str, overdue: int, closed: int = 0) -> Child:
    return Child(
        cycle=f"cycle-{number}", unit=unit, position=number + 1, at=WALL, day=WALL.date(),
        status="rectifying", rehearsal=False, tally=tally(overdue, closed),
    )  # fmt: skip


def whole(*children: Child):
    return added(children, {}, units="")


def line(tree, unit: str) -> list[str]:
    """The units above ``unit``, nearest first."""
    above = tree.get(unit)
    return [] if above is None else [above, *line(tree, above)]


def told(tree, places, unit: str) -> bool:
    """Whether overdue work of ``unit`` may be told by its name to whoever is in ``places``."""
    return any(s.unit == unit or (s.below and s.unit == tree.get(unit)) for s in places)


def reached(tree, places, unit: str) -> bool:
    return any(s.unit == unit or (s.below and s.unit in line(tree, unit)) for s in places)


@st.composite
def situations(draw, most_seats: int = 3):
    """A tree, cycles of its units and of a stranger to it, and where a reader stands.

    Trees are rather deep, and readers rather high up: that is where something is hidden.
    """
    ids = [f"{draw(st.sampled_from('ab'))}{n}" for n in range(draw(st.integers(3, 9)))]
    tree = {
        u: draw(st.sampled_from([*ids[:n][-1:], *ids[:n], None])) for n, u in enumerate(ids)
    }
    unit = st.sampled_from([*ids, *ids, "stranger"])
    row = st.tuples(unit, st.sampled_from([0, 0, 1, 2]), st.integers(0, 3))
    rows = draw(st.lists(row, min_size=2, max_size=12))
    high = st.sampled_from([ids[0], ids[0], ids[1], *ids])
    place = st.builds(Seat, unit=high, below=st.sampled_from([True, True, False]))
    places = draw(st.lists(place, min_size=1, max_size=most_seats))
    return tree, whole(*(child(n, *row) for n, row in enumerate(rows))), places


def hides():
    """The smallest thing there is to hide: somebody two levels up, and a sibling on time."""
    tree = {"a0": None, "a1": "a0", "a2": "a1", "b3": "a1"}
    everything = whole(child(0, "a2", 1), child(1, "b3", 0, 1), child(2, "a1", 2))
    return tree, everything, [Seat(unit="a0", below=True)]


def names(report) -> set[str]:
    """Every unit and cycle a roll-up names, wherever in it."""
    text = report.model_dump_json(exclude={"units", "reader"})
    words = {w for w in text.split('"') if w}
    return {w for w in words if w[0] in "ab" and w[1:].isdecimal()} | {
        w for w in words if w.startswith(("cycle-", "stranger"))
    }


@given(situations())
@example(hides())
def test_p30_no_overdue_unit_is_named_but_to_itself_and_the_one_directly_above(situation):
    tree, everything, places = situation
    told_of = names(shown(everything, tree, places, reader=READER))

    for one in everything.children:
        hidden = any(c.unit == one.unit and c.tally.counts["overdue"]
                     for c in everything.children)  # fmt: skip
        if hidden and not told(tree, places, one.unit):
            assert told_of.isdisjoint({one.unit, one.cycle})


@given(situations())
@example(hides())
def test_p30_the_total_is_the_sum_of_everything_at_and_below_the_reader(situation):
    tree, everything, places = situation
    report = shown(everything, tree, places, reader=READER)
    below = [c.tally for c in everything.children if reached(tree, places, c.unit)]
    parts = [*(c.tally for c in report.children), *(g.tally for g in report.gathered)]

    assert report.total == summed(below) == summed(parts)
    assert len(report.children) + sum(g.cycles for g in report.gathered) == len(below)


@given(situations())
@example(hides())
def test_p30_nobody_sees_what_lies_beside_or_above(situation):
    tree, everything, places = situation
    report = shown(everything, tree, places, reader=READER)

    assert all(reached(tree, places, unit) for unit in names(report) if unit in tree)
    assert "stranger" not in names(report)


@given(situations(most_seats=1))
@example(hides())
def test_p30_a_missing_name_gives_nothing_away_for_all_beside_it_are_missing_too(situation):
    tree, everything, (place,) = situation
    report = shown(everything, tree, [place], reader=READER)
    late = {c.unit for c in everything.children if c.tally.counts["overdue"]}
    named = {c.unit for c in report.children}

    for head in (unit for unit in tree if place.below and tree[unit] == place.unit):
        below = {unit for unit in tree if head in line(tree, unit)}
        with_cycles = below & {c.unit for c in everything.children}
        assert named & below == (set() if late & below else with_cycles)


@given(situations())
@example(hides())
def test_p30_without_a_reader_nobody_is_named_and_the_sum_is_of_all(situation):
    tree, everything, _ = situation
    report = unnamed(everything, tree)

    assert names(report) == set()
    assert report.total == everything.total


@given(situations(), st.sampled_from(["", "a", "b", "a0", "a1", "b2", "a3", "b4"]))
@example(hides(), "a")
@example(hides(), "b")
def test_p30_a_prefix_shows_nothing_that_the_whole_does_not(situation, units):
    tree, everything, places = situation
    complete = shown(everything, tree, places, reader=READER)
    with suppress(Refused):
        part = shown(everything, tree, places, reader=READER, units=units)
        assert all(sum_ in complete.gathered for sum_ in part.gathered)
        assert part.children == tuple(c for c in complete.children if c.unit.startswith(units))
    with suppress(Refused):
        assert unnamed(everything, tree, units=units).total in (
            everything.total, tally_of_nothing(),
        )  # fmt: skip


def test_p30_units_on_time_are_named_to_everybody_above():
    tree = {"a": None, "b": "a", "c": "b", "d": "b"}
    report = shown(
        whole(child(1, "c", 0), child(2, "d", 0)), tree, [Seat(unit="a", below=True)],
        reader=READER,
    )  # fmt: skip

    assert ([c.unit for c in report.children], report.gathered) == (["c", "d"], ())


def test_p30_a_circle_in_the_tree_ends_the_line():
    tree = {"a": "b", "b": "a"}
    report = shown(whole(child(1, "a", 1)), tree, [Seat(unit="x", below=True)], reader=READER)

    assert (report.children, report.gathered) == ((), ())


TREE = (
    Unit(id="hb", kind="province", name="湖北"),
    Unit(id="xy", kind="city", name="襄阳", parent="hb"),
    Unit(id="nz", kind="county", name="南漳", parent="xy"),
    Unit(id="nz.late", kind="branch", name="财政局第一党支部", parent="nz"),
    Unit(id="nz.on-time", kind="branch", name="财政局第二党支部", parent="nz"),
    Unit(id="gc", kind="county", name="谷城", parent="xy"),
    Unit(id="gc.on-time", kind="branch", name="税务局党支部", parent="gc"),
)
STAFF = {
    "m-late": ("nz.late", "member"), "m-on-time": ("nz.on-time", "branch_secretary"),
    "s-nz": ("nz", "superior_officer"), "m-nz": ("nz", "member"),
    "s-gc": ("gc", "superior_officer"), "s-xy": ("xy", "superior_officer"),
    "s-hb": ("hb", "superior_officer"), "g-hb": ("hb", "guidance_group"),
    "op": ("hb", "operator"), "res": ("nz.late", "resident"),
}  # fmt: skip
FIRST = date(2020, 1, 1)
EVERY = {"c-late", "c-on-time", "c-other"}


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    """A command line over the cycles of three branches, one of them overdue."""
    made = terminal(tmp_path_factory.mktemp("p30"), contributions())
    ledger_of(
        story("c-late", "nz.late"),
        Told("c-on-time", "nz.on-time").on(2021, 7, 12).found(1, content=SEALED),
        Told("c-other", "gc.on-time").on(2021, 7, 12).found(1, content=SEALED),
        into=made.parts.ledger(),
    )
    return made.but(clock=lambda: WALL)


@pytest.fixture(scope="module")
def shell(bare, tmp_path_factory):
    """The same with units and people on record."""
    made = terminal(tmp_path_factory.mktemp("people"), contributions())
    made.parts.people().organisation.apply(
        Change(
            units=TREE, persons=tuple(Named(id=p, name=SEALED) for p in STAFF),
            memberships=tuple(
                Membership(person=p, unit=unit, role=role, first=FIRST)
                for p, (unit, role) in STAFF.items()
            ),
        ),
        by="op",
    )  # fmt: skip
    return bare.but(people=made.parts.people)


def said(shell, words, form, file) -> str:
    """What the terminal shows or saves."""
    if form == "save":
        done = shell("report", *words, "--save", str(file), "--by", "op", "-o", "json")
        return done.stdout + file.read_text("utf-8")
    return shell("report", *words, "-o", form, "--by", "op").stdout


@pytest.mark.parametrize("form", ["table", "json", "markdown", "save"])
@pytest.mark.parametrize(
    ("reader", "named", "found"),
    [
        ("s-nz", {"c-late", "c-on-time"}, 10), ("m-late", {"c-late"}, 9),
        ("m-on-time", {"c-on-time"}, 1), ("s-gc", {"c-other"}, 1), ("m-nz", set(), 0),
        ("s-xy", {"c-other"}, 11), ("s-hb", set(), 11), ("g-hb", set(), 11), (None, set(), 11),
    ],
)  # fmt: skip
def test_p30_the_terminal_names_units_by_where_the_reader_stands(
    shell, tmp_path, form, reader, named, found
):
    words = ("--all", *(("--reader", reader) if reader else ()))
    text = said(shell, words, form, tmp_path / "r.json")
    total = shell.data("report", *words)["total"]["counts"]["found"]

    assert {cycle for cycle in EVERY if cycle in text} == named
    assert [u.id for u in TREE[3:5] if u.id in text] == [
        unit for unit, cycle in (("nz.late", "c-late"), ("nz.on-time", "c-on-time"))
        if cycle in named
    ]  # fmt: skip
    assert total == found


def test_p30_what_is_gathered_says_below_whom_and_how_much(shell):
    (sum_,) = shell.data("report", "--all", "--reader", "s-xy")["gathered"]

    assert (sum_["below"], sum_["units"], sum_["cycles"]) == ("nz", 2, 2)
    assert sum_["tally"]["counts"]["overdue"] == 2
    assert shell.data("report", "--all", "--reader", "s-xy")["reader"] == "s-xy"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--units", "nz.late", "--reader", "s-xy"), "cuts_through"),
        (("--units", "nz.late"), "reader_needed"), (("--units", "nz."), "reader_needed"),
        (("--all", "--reader", "nobody"), "no_place_in_the_tree"),
        (("--all", "--reader", "op"), "role_may_not"),
        (("--all", "--reader", "res"), "role_may_not"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_p30_what_would_single_out_a_unit_is_refused(shell, words, code, lang):
    done = shell("report", *words, "--lang", lang)

    assert (done.exit_code, done.stdout) == (1, "")
    assert f"[{code}]" in done.stderr


@pytest.mark.parametrize(
    ("reader", "cycles", "sums"),
    [("s-nz", ["c-late"], 0), ("m-on-time", [], 0), ("s-gc", [], 0)],
)
def test_p30_a_prefix_takes_what_the_reader_sees_by_name(shell, reader, cycles, sums):
    found = shell.data("report", "--units", "nz.late", "--reader", reader)

    assert [c["cycle"] for c in found["children"]] == cycles
    assert len(found["gathered"]) == sums


def test_p30_a_prefix_that_takes_a_whole_sum_is_one(shell):
    found = shell.data("report", "--units", "nz", "--reader", "s-xy")

    assert ([g["below"] for g in found["gathered"]], found["children"]) == (["nz"], [])


def test_p30_where_no_units_are_on_record_the_report_names_every_cycle(bare):
    assert {c["cycle"] for c in bare.data("report", "--all")["children"]} == EVERY


PUBLIC = {DraftNotice, PostNotice, NoticeDrafted, NoticePosted}


@pytest.fixture
def held(shell):
    """The command line behind the door, for whoever's token it is."""
    people = shell.parts.people()
    door = Door(
        people.accounts, people.tokens, people.delegations, lambda _: None, clock=lambda: INSIDE
    )

    def of(person):
        with suppress(Refused):
            people.accounts.open(person, by="root")
        token = SecretStr(people.tokens.make(person, ["read"], days=9, by="root"))
        settings = shell.parts.settings.model_copy(update={"token": token})
        return shell.but(settings=settings, door=lambda: door)

    return of


def test_p30_a_token_shows_what_its_holder_may_see_and_nobody_elses(held):
    for reader, named in (("s-nz", ["c-late", "c-on-time"]), ("m-late", ["c-late"])):
        found = held(reader).data("report", "--all")
        assert (found["reader"], [c["cycle"] for c in found["children"]]) == (reader, named)
        assert found == held(reader).data("report", "--all", "--reader", reader)

    done = held("m-late")("report", "--all", "--reader", "s-nz")
    assert (done.exit_code, done.stdout, "[denied]" in done.stderr) == (1, "", True)


def test_p30_without_a_token_nobody_sees_as_much_as_a_sum_once_tokens_are_asked_for(held):
    behind = held("m-late")
    settings = behind.parts.settings.model_copy(update={"token": None})
    done = behind.but(settings=settings)("report", "--all")

    assert (done.exit_code, done.stdout) == (1, "")


def literals(annotation) -> set[object]:
    """Every value an annotation spells out, however deep."""
    inner = get_args(annotation)
    return set().union({a for a in inner if isinstance(a, str)}, *map(literals, inner))


def test_p30_notices_are_all_there_is_for_the_public_and_carry_no_unit_and_no_standing():
    for_all = {
        kind for kind in (*RECORDS, *get_args(IssueEvent))
        if any("public" in literals(f.annotation) for f in kind.model_fields.values())
    }  # fmt: skip
    fields = {name for kind in PUBLIC for name in kind.model_fields}

    assert for_all == PUBLIC
    assert fields == {
        "kind", "by", "at", "issue", "audience", "problem", "measures", "responsible",
        "first", "last",
    }  # fmt: skip


def test_p30_no_command_makes_a_list_for_the_public():
    asked = set(options(get_command(application(PARTS))))

    assert {name for name in asked if name and "public" in name} == set()


def test_p30_the_page_on_the_wall_names_no_unit_and_does_not_say_overdue():
    load(next(f for f in discover(None, None) if f.manifest and f.manifest.id == "wall_notice"))
    wall, page = (import_module(f"taizhang_plugin_wall_notice.{m}") for m in ("wall", "page"))
    hung, texts = {}, {"p": "路灯不亮", "m": "更换灯具", "r": "李书记"}
    for kind, data in (
        ("IssueFound", {"subject_kind": "organisation"}),
        ("DeadlineSet", {"due": "2021-08-01"}),
        ("NoticeDrafted", {"problem": "p", "measures": "m", "responsible": "r",
         "audience": "public", "first": "2021-09-20", "last": "2021-09-30"}),
        ("NoticePosted", {"audience": "public", "first": "2021-09-20", "last": "2021-09-30"}),
    ):  # fmt: skip
        hung = wall.evolve(hung, "c-late", kind, {"issue": 1, **data})
    day = date(2021, 9, 25)
    printed = page.render(wall.hanging(hung, day), texts.get, day=day).html

    assert "路灯不亮" in printed
    assert not [w for w in ("c-late", "nz.late", "逾期", "超期", "overdue") if w in printed]


def test_p30_a_campaign_knows_no_deadline_so_whom_it_waits_for_is_not_overdue():
    kinds = (*get_args(CampaignCommand), *get_args(CampaignEvent), CampaignOpened)
    fields = {name for kind in kinds for name in kind.model_fields}

    assert json.dumps(sorted(fields)).count("due") == 0
