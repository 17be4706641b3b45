"""Two sheets come in whole or not at all, and every row says what is wrong with it."""

from __future__ import annotations

import dataclasses
from datetime import date

import pytest

from engine.opinions.shutting import originals
from engine.people.importing import take
from engine.people.organisation import Changed, Membership, Organisation
from engine.people.sheets import SheetsRefusedError
from engine.people.titles import TITLES
from engine.vault.memory import InMemoryVault

TREE = """单位,类别,名称,上级
hb,省,湖北,
nz,县,南漳,hb
b2,支部,财政局第二党支部,nz
"""
PEOPLE = """人员,姓名,单位,角色,起,止
m01,张三,b2,支部书记;党员,2021-01-04,
m02,李四,b2,committee_member,2021/1/4,
m05,王五,b2,党员,20210104,2021年7月30日

sup,赵六,nz,上级党组织,2021.1.4,
"""


class Desk:
    """An organisation, a vault, and sheets on a desk."""

    def __init__(self, database, clock, folder):
        self.organisation = Organisation(database, clock)
        self.vault = InMemoryVault(clock)
        self.folder = folder

    def take(self, tree=TREE, people=PEOPLE, *, encoding="utf-8", dry_run=False):
        paths = []
        for name, text in (("tree.csv", tree), ("people.csv", people)):
            paths.append(self.folder / name)
            raw = text if isinstance(text, bytes) else text.encode(encoding)
            paths[-1].write_bytes(raw)
        return take(self.organisation, self.vault, *paths, by="sup", dry_run=dry_run)

    def refused(self, **sheets):
        with pytest.raises(SheetsRefusedError) as refused:
            self.take(**sheets)
        assert self.organisation.units() == {}
        assert not self.vault._texts
        return [(p.file, p.row, p.column, p.en) for p in refused.value.problems]


@pytest.fixture
def desk(database, clock, tmp_path):
    return Desk(database, clock, tmp_path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_sheet_comes_in_whatever_a_spreadsheet_saved_it_as(desk, encoding):
    done = desk.take(encoding=encoding)

    assert (done.units, done.persons, done.memberships) == (3, 4, 5)
    assert done.done == Changed(new=12)
    assert desk.organisation.units()["b2"].name == "财政局第二党支部"
    assert desk.organisation.memberships(person="m05") == (
        Membership(
            person="m05", unit="b2", role="member", first=date(2021, 1, 4),
            last=date(2021, 7, 30),
        ),
    )  # fmt: skip


@pytest.mark.parametrize("word", ["督导组", "巡回指导组", "督导组/巡回指导组"])
def test_a_title_with_a_slash_is_written_whole_or_by_half(desk, word):
    desk.take(people=PEOPLE + f"gg,钱七,nz,{word};党员,2021-01-04,\n")

    held = desk.organisation.memberships(person="gg")
    assert {m.role for m in held} == {"guidance_group", "member"}


def test_an_unknown_role_is_answered_with_every_title_there_is(desk):
    with pytest.raises(SheetsRefusedError) as refused:
        desk.take(people=PEOPLE + "m02,李四,b2,班长,2021-01-04,\n")

    (said,) = refused.value.problems
    listed = said.zh.removeprefix("须为 ").partition(";")[0].split("、")
    assert listed == list(TITLES)
    assert {"督导组", "巡回指导组", "支部书记"} <= set(listed)


def test_names_are_in_the_vault_and_nowhere_else(desk):
    desk.take()
    name = desk.organisation.person("m01").name

    assert desk.vault.open(name, reader="sup", purpose="people") == "张三"
    assert desk.vault.reads(subject="m01")


def test_a_second_run_changes_nothing(desk):
    desk.take()

    assert desk.take().done == Changed(same=12)
    assert desk.take(encoding="gb18030").done == Changed(same=12)


def test_a_second_run_takes_what_changed(desk):
    desk.take()
    before = desk.organisation.person("m02").name
    people = PEOPLE.replace("李四", "李思").replace("2021/1/4,", "2021/1/4,2022-01-01")

    assert desk.take(people=people).done == Changed(changed=2, same=10)
    assert desk.organisation.person("m02").name != before


def test_a_dry_run_says_what_would_change_and_writes_nothing(desk):
    assert desk.take(dry_run=True).done == Changed(new=12)
    assert desk.organisation.units() == {}
    assert not desk.vault._texts


def test_every_row_says_what_is_wrong_with_it_at_once(desk):
    tree = TREE + "X 1,县,,nowhere\nb2,党组织,又一个,hb\nb4,村,村,hb\nc1,市,市,nz\n"
    people = (
        PEOPLE
        + "李四,,b2,党员,2021-02-30,\nm09,,b9,班长,,\nm02,李斯,b2,党员,2022-1-1,2021-1-1\n"
    )

    assert [(row, column) for _, row, column, _ in desk.refused(tree=tree, people=people)] == [
        (7, "from"), (7, "person"), (8, "from"), (8, "name"), (8, "role"), (8, "unit"),
        (9, "name"), (9, "to"), (5, "name"), (5, "unit"), (6, "unit"), (7, "kind"),
        (8, "parent"),
    ]  # fmt: skip


def test_what_is_wrong_between_rows_is_said_at_the_row(desk):
    people = (
        PEOPLE
        + "m01,张三,b2,党员,2021-03-01,\nm02,,b2,支委,2021-01-04,\nm02,,b7,党员,2021-01-04,\n"
    )

    assert desk.refused(people=people) == [
        ("people.csv", 7, "from", "holds this role since 2021-01-04 already: end that first"),
        ("people.csv", 8, "role", "the same as row 3: delete one"),
        ("people.csv", 9, "unit", "no such unit: list it in the tree"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "taken", [originals("f3"), "glass.g-1", "appeal.a.b", "root", "engine", "appellant"]
)
def test_p04_nobody_is_called_like_what_the_engine_seals_texts_for(desk, taken):
    people = PEOPLE + f"{taken},冒名,b2,党员,2021-01-04,\n"

    assert desk.refused(people=people) == [
        ("people.csv", 7, "person", "an id beginning with opinions. or glass. or appeal., or "
            "one of root, engine, appellant, publication, is the engine's own: take another"),
    ]  # fmt: skip


def test_a_row_of_too_few_cells_hides_no_other_row(desk):
    people = PEOPLE + "m08,王八,b2\nm09,,b2,班长,2021-01-04,\n"

    refused = desk.refused(tree=TREE + "X 1,县,村,\n", people=people)
    assert [(row, column) for _, row, column, _ in refused] == [
        (7, ""),
        (8, "role"),
        (5, "unit"),
    ]


def test_a_column_is_named_in_the_language_of_the_sentence(desk):
    with pytest.raises(SheetsRefusedError) as refused:
        desk.take(people=PEOPLE + "m02,李四,b2,班长,2021-01-04,\n")

    (said,) = map(str, refused.value.problems)
    assert "第 7 行 角色:" in said
    assert "row 7 role:" in said


def test_a_problem_never_quotes_a_cell(desk):
    with pytest.raises(SheetsRefusedError) as refused:
        desk.take(people="人员,姓名,单位,角色,起\n张三,张三,张三,张三,张三\n")

    assert "张三" not in str(refused.value)
    assert len(refused.value.problems) == 4
    assert dataclasses.asdict(refused.value.problems[0])["row"] == 2


@pytest.mark.parametrize(
    ("people", "problem"),
    [
        ("", "the file is empty"),
        ("人员;姓名\n", "column missing: person (人员)"),
        ("人员,姓名,单位,角色,起,民族\n", "the heading of column 6 is unknown"),
        ("人员,姓名,单位,角色,起,起\n", "column from is there twice"),
        ("人员,姓名,单位,角色,起\nm01,张三\n", "has 2 cells, the heading has 5"),
        ('人员,姓名,单位,角色,起\n"m01\n', "quotes do not match"),
        ("人员,姓名,单位,角色,起\nm01,\x00,b2,党员,2021-01-04\n", "contains U+0000, remove it"),
        ("人员".encode("utf-16"), "neither UTF-8 nor GB18030: save it as CSV UTF-8"),
        (b"\xff\xff\xff", "neither UTF-8 nor GB18030: save it as CSV UTF-8"),
    ],
)
def test_a_sheet_that_cannot_be_read_says_why(desk, people, problem):
    assert any(problem in en for *_, en in desk.refused(people=people))


def test_a_row_that_cannot_be_read_hides_nothing_that_is_wrong_with_the_others(desk):
    people = "人员,姓名,单位,角色,起\nm01,张三,b-none,党员,2021-01-04\nm02\n" + (
        "m03,李四,b2,党员,2021-13-04\n"
    )
    rows = {(row, column) for _, row, column, *_ in desk.refused(people=people)}

    assert {(2, "unit"), (3, ""), (4, "from")} <= rows


def test_a_quote_without_its_other_is_told_by_the_row_in_which_it_opens(desk):
    people = '人员,姓名,单位,角色,起\nm01,张三,b-none,党员,2021-01-04\nm02,"李四,b2\n' + (
        "m03,王五,b2,党员,2021-01-04\n"
    )
    told = [(row, column) for _, row, column, *_ in desk.refused(people=people)]

    assert told == [(2, "unit"), (3, "")]


def test_the_name_of_somebody_whose_key_is_destroyed_is_refused_at_the_row(desk):
    desk.vault.destroy("m05", by="sup", reason="left")

    with pytest.raises(SheetsRefusedError) as refused:
        desk.take()

    assert [(p.row, p.column) for p in refused.value.problems] == [(4, "name")]
    assert desk.organisation.units() == {}
