"""By an import nobody raises himself, packs the bench, or ends a role before its time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from inprocess import WALL

from engine.people.appointing import Endings
from engine.people.noted import recorded
from engine.people.organisation import Change, Named
from engine.policy.calendar import local_day

from .conftest import SEALED, member
from .test_keeping import DENIED, Machine
from .test_leaving import BRANCHS, account_of

FROM_ABOVE = ("上级党组织", "督导组", "申诉受理人", "档案员", "隐私审核", "运维")
TODAY, BEFORE = local_day(WALL), local_day(WALL) - timedelta(days=1)
NO_TREE = "单位,类别,名称,上级\n"


class Imports:
    """The command line's import, by a person with a token for keeping people."""

    def __init__(self, machine) -> None:
        self.machine = machine
        self.people = machine.made.parts.people()
        self.tokens = {
            person: machine.token(person, "manage_people") for person in ("m01", "sup", "m02")
        }

    def __call__(self, by, *rows, tree=NO_TREE):
        sheets = self.machine.sheets(*rows, tree=tree)
        return self.machine(self.tokens.get(by), "people", "import", *sheets, "--by", by)

    def hold(self, *memberships):
        known = {person.id for person in self.people.organisation.persons()}
        new = {m.person for m in memberships} - known
        persons = tuple(Named(id=person, name=SEALED) for person in sorted(new))
        self.people.organisation.apply(
            Change(persons=persons, memberships=memberships), by="root"
        )


@pytest.fixture
def imports(tmp_path):
    return Imports(Machine(tmp_path))


@pytest.mark.parametrize("role", FROM_ABOVE)
def test_p11_a_secretary_names_nobody_who_oversees_the_branch(imports, role):
    refused = imports("m01", f"x9,某某,b1,{role},2021-01-04,")

    assert (refused.exit_code, "named by whoever keeps" in refused.stderr) == (1, True)
    assert imports("sup", f"x9,某某,b1,{role},2021-01-04,").exit_code == 0


@pytest.mark.parametrize("role", [*FROM_ABOVE, "意见汇总人", "记录人"])
def test_p28_nobody_gives_a_role_to_oneself(imports, role):
    for by, unit in (("m01", "b1"), ("sup", "b1"), ("sup", "nz")):
        refused = imports(by, f"{by},,{unit},{role},2021-01-04,")
        assert refused.exit_code == 1
        assert "nobody changes a role of his or her own" in refused.stderr


def test_who_oversees_the_top_of_the_tree_is_named_by_the_administrator(imports):
    row = "x9,某某,hb,运维,2021-01-04,"
    imports.hold(member("sup", unit="hb", role="superior_officer"))

    assert "(--by root)" in imports("sup", row).stderr
    assert imports("root", row).exit_code == 0


def test_every_role_that_is_not_to_be_given_is_told_with_its_row(imports):
    rows = ("x8,甲,b1,档案员,2021-01-04,", "x9,乙,b1,运维;党员,2021-01-04,")
    said = imports("m01", *rows).stderr

    assert "row 2 role" in said
    assert "row 3 role" in said
    assert imports.people.organisation.person("x8") is None


def test_p10_nobody_is_made_a_member_by_a_unit_they_do_not_belong_to(imports):
    """Else whoever is appealed against keeps every outside judge off."""
    row = "sup,,b1,党员,2021-01-04,"

    assert imports("m01", row).stderr == DENIED
    assert imports("m02", row.replace("b1", "b2")).stderr == DENIED
    assert imports.people.organisation.memberships(person="sup", unit="b1") == ()


def test_who_is_in_the_unit_gets_roles_there_wherever_else_they_have_some(imports):
    imports.hold(member("m09", unit="b1"), member("m09", unit="nz", role="mass_rep"))

    assert imports("m01", "m09,,b1,记录人,2021-01-04,").exit_code == 0


def test_p11_a_branch_does_not_move_out_from_under_its_superior(imports):
    for parent in ("", "hb"):
        moved = f"单位,类别,名称,上级\nb1,支部,一支部,{parent}\n"
        assert imports("m01", tree=moved).stderr == DENIED
        assert imports("sup", tree=moved).stderr == DENIED
        assert imports.people.organisation.units()["b1"].parent == "nz"
    assert imports("root", tree="单位,类别,名称,上级\nb1,支部,一支部,\n").exit_code == 0


def test_a_delegate_of_the_secretary_keeps_no_people(imports):
    imports.hold(member("m02", unit="b1"))
    imports.people.delegations.lend(
        "m01", "m02", "b1", ["branch_secretary"], first=TODAY, last=TODAY, by="m01"
    )

    assert imports("m02", "x9,某某,b1,记录人,2021-01-04,").stderr == DENIED


def test_a_role_ends_by_import_only_as_by_leaving(imports):
    imports.hold(member("m05", unit="b1"))
    first = "2020-01-01"
    past = imports("m01", f"m05,,b1,党员,{first},{BEFORE}")
    leaderless = imports("sup", f"m01,,b1,支部书记,{first},{TODAY}")

    assert f"{BEFORE} is over" in past.stderr
    assert "secretary" in leaderless.stderr
    assert imports("m01", f"m05,,b1,党员,{first},{TODAY}").exit_code == 0
    succeeded = (f"m01,,b1,支部书记,{first},{TODAY}", f"m05,,b1,支部书记,{TODAY},")
    assert imports("sup", *succeeded).exit_code == 0


def test_nobody_is_ended_by_import_whose_issues_are_not_handed_over(organisation):
    organisation.apply(Change(memberships=(member("m05", role="recorder"),)), by="root")
    endings = Endings(organisation, lambda unit: [account_of(BRANCHS)], None)

    def refused(*roles):
        ended = [member("m05", role=role, last=TODAY) for role in roles]
        return [(m.role, why.code) for m, why in endings.against(ended, {})]

    assert refused("member") == [("member", "not_handed_over")]
    assert refused("recorder") == []


def test_a_person_reads_on_the_own_record_which_role_began_or_ended(imports):
    imports.hold(member("m05", unit="b1"))
    imports("m01", "m05,,b1,记录人,2026-01-04,")

    last = recorded(imports.people.organisation.engine, "m05")[-1]
    assert (last.by, last.act, last.detail["role"]) == ("m01", "role_set", "recorder")
