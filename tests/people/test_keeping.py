"""Who keeps people and accounts by the command line, once anybody has an account."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from cli.conftest import terminal
from inprocess import WALL
from pydantic import SecretStr

from engine.people.door import Door
from engine.people.organisation import Change, Named
from engine.policy.calendar import local_day

from .conftest import SEALED, TREE, member

DENIED = "not permitted, or there is no such thing [denied]\n"
NAME_OF_NOTHING = f"sealed:{'3' * 32}:{'4' * 64}"
STAFF = ("op1", "op2", "sup", "m01", "m02")


class Machine:
    """A command line over people on record; ``as_(person)`` is who holds that token."""

    def __init__(self, folder, unit_of=lambda cycle: None) -> None:
        self.folder = folder
        self.made = terminal(folder, ())
        people = self.made.parts.people()
        change = Change(
            units=TREE,
            persons=tuple(Named(id=p, name=SEALED) for p in STAFF),
            memberships=(
                member("op1", unit="nz", role="operator"),
                member("op2", unit="b1", role="operator"),
                member("sup", unit="nz", role="superior_officer"),
                member("m01", unit="b1", role="branch_secretary"),
                member("m02", unit="b2"),
            ),
        )
        people.organisation.apply(change, by="root")
        self.door = Door(
            people.accounts, people.tokens, people.delegations, unit_of,
            clock=lambda: WALL,
        )  # fmt: skip

    def token(self, person, *scopes) -> str:
        people = self.made.parts.people()
        people.accounts.open(person, by="root")
        return people.tokens.make(person, scopes, days=9, by="root")

    def session(self, person) -> str:
        people = self.made.parts.people()
        people.accounts.open(person, by="root")
        return people.accounts.admit(person, "oidc")

    def __call__(self, token, *words, stdin=None):
        parts, secret = self.made.parts, SecretStr(token) if token else None
        settings = parts.settings.model_copy(update={"token": secret})
        there = replace(parts, settings=settings, door=lambda: self.door)
        return type(self.made)(there)(*words, "--lang", "en", stdin=stdin)

    def sheets(self, *rows, tree="单位,类别,名称,上级\n") -> tuple[str, str]:
        (self.folder / "tree.csv").write_text(tree)
        lines = "\n".join(("人员,姓名,单位,角色,起,止", *rows))
        (self.folder / "people.csv").write_text(f"{lines}\n")
        return str(self.folder / "tree.csv"), str(self.folder / "people.csv")


@pytest.fixture
def machine(tmp_path):
    return Machine(tmp_path)


def password(machine, token, person, by):
    words = ("people", "password", person, "--by", by, "--stdin")
    return machine(token, *words, stdin="一个够长的口令一二三四五六\n")


def test_accounts_are_kept_by_the_operator_of_every_unit_of_the_person(machine):
    county, branch = machine.session("op1"), machine.session("op2")

    assert password(machine, county, "m01", "op1").exit_code == 0
    assert password(machine, branch, "m01", "op2").exit_code == 0
    for token, person in ((branch, "m02"), (county, "m01"), (branch, "x9")):
        assert password(machine, token, person, "op2").stderr == DENIED


def test_no_other_role_and_no_lesser_token_keeps_accounts(machine):
    secretary, reader = machine.token("m01", "act", "read"), machine.token("op1", "read")

    for token, by in ((secretary, "m01"), (reader, "op1"), (machine.session("m01"), "m01")):
        assert password(machine, token, "m01", by).stderr == DENIED
    assert "TAIZHANG_TOKEN" in password(machine, None, "m01", "op1").stderr


def test_the_owner_of_the_machine_is_never_locked_out(machine):
    machine.token("m01", "read")

    assert password(machine, None, "op1", "root").exit_code == 0
    done = machine(
        None, "people", "token", "make", "op1", "--scope", "manage_accounts", "--by", "root"
    )
    closed = ("people", "account", "m01", "--close", "--by", "op1")
    assert machine(done.stdout.strip(), *closed).exit_code == 0


def test_root_is_whoever_owns_the_data_folder(machine, monkeypatch):
    machine.token("m01", "read")
    monkeypatch.setattr("os.geteuid", lambda: machine.folder.stat().st_uid + 4321)

    assert password(machine, None, "op1", "root").stderr == DENIED


def test_a_token_makes_no_stronger_token(machine):
    token = machine.token("m02", "read", "file_appeal")

    def make(*scopes, by="m02"):
        words = [word for scope in scopes for word in ("--scope", scope)]
        return machine(token, "people", "token", "make", "m02", *words, "--by", by)

    assert make("read").exit_code == 0
    assert make("read_lists", "file_appeal").exit_code == 0
    assert make("read", "act").stderr == DENIED
    assert make("read", by="m01").stderr == DENIED


def test_what_is_made_with_a_token_ends_with_it(machine):
    mine = machine.token("m02", "act", "read")

    def make(token, by, *days):
        return machine(
            token, "people", "token", "make", "m02", "--scope", "read", "--by", by, *days
        )

    refused = make(mine, "m02", "--days", "366")
    assert (refused.exit_code, "[token_outlives]" in refused.stderr) == (1, True)
    assert "--days 9 at most" in refused.stderr
    made = [make(mine, "m02"), make(mine, "m02", "--days", "3")]
    assert f"its last day is {local_day(WALL) + timedelta(days=9)}" in made[0].stderr
    assert make(None, "root", "--days", "366").exit_code == 0

    prefix = mine.split("_")[1]
    done = machine(mine, "people", "token", "revoke", prefix, "--by", "m02")
    assert done.stdout.splitlines() == [
        f"token {prefix} is revoked", "with it those made with it: 2",
    ]  # fmt: skip
    tokens = machine.made.parts.people().tokens
    assert [t.made_with for t in tokens.of("m02") if t.revoked_on is None] == [None]


def test_p28_nobody_makes_a_token_of_somebody_else(machine):
    """Else whoever keeps accounts would read as anybody, and the audit would name that one."""
    machine.token("m02", "act", "read")
    for credential in (machine.token("op1", "manage_accounts"), machine.session("op1")):
        for person in ("m02", "x-nobody"):
            make = ("people", "token", "make", person, "--scope", "read", "--by", "op1")
            assert machine(credential, *make).stderr == DENIED


def test_a_way_in_that_lasts_takes_a_session_and_is_somebody_elses(machine):
    machine.token("m02", "read")
    token, session = machine.token("op1", "manage_accounts"), machine.session("op1")
    link = ("people", "link", "{}", "--issuer", "https://id.example", "--subject", "1",
            "--by", "op1")  # fmt: skip

    def linked(credential, person):
        return machine(credential, *(word.format(person) for word in link)).stderr

    assert "[not_a_session]" in password(machine, token, "m02", "op1").stderr
    assert "[not_a_session]" in linked(token, "m02")
    assert "[own_password]" in password(machine, session, "op1", "op1").stderr
    assert "[own_password]" in linked(session, "op1")
    assert password(machine, session, "m02", "op1").exit_code == 0
    assert linked(session, "m02") == ""


def test_p28_a_password_set_by_somebody_else_opens_nothing_until_it_is_changed(machine):
    told, own = "一个够长的口令一二三四五六", "自己想的够长的口令一二三"
    assert password(machine, machine.session("op1"), "m02", "op1").exit_code == 0
    signed_in = machine(None, "people", "sign-in", "m02", "--stdin", stdin=f"{told}\n")
    assert "choose your own" in signed_in.stderr
    session = signed_in.stdout.strip()
    show = ("people", "show", "m02")
    change = ("people", "change-password", "--stdin")

    assert "[password_given]" in machine(session, *show).stderr
    assert "[password_unchanged]" in machine(session, *change, stdin=f"{told}\n{told}\n").stderr
    assert "[password_given]" in machine(session, *show).stderr
    assert machine(session, *change, stdin=f"{told}\n{own}\n").exit_code == 0
    assert machine(session, *show).exit_code == 0
    again = machine(None, "people", "sign-in", "m02", "--stdin", stdin=f"{own}\n")
    assert machine(again.stdout.strip(), *show).exit_code == 0


def test_p28_signing_in_tells_what_others_lately_did_to_the_account(machine):
    own = "自己想的够长的口令一二三"
    people = machine.made.parts.people()
    people.accounts.give("m02", own, login=None, by="m02")

    def told_to_m02():
        done = machine(None, "people", "sign-in", "m02", "--stdin", stdin=f"{own}\n")
        return [line for line in done.stderr.splitlines() if "did to this account" in line]

    assert told_to_m02() == []
    link = ("people", "link", "m02", "--issuer", "https://id.example", "--subject", "1")
    assert machine(machine.session("op1"), *link, "--by", "op1").exit_code == 0
    (line,) = told_to_m02()
    assert "op1 did to this account: identity linked" in line
    assert password(machine, machine.session("op1"), "m02", "op1").exit_code == 0
    session = people.accounts.admit("m02", "oidc")
    people.accounts.set_password("m02", own, by="m02", keep=session)
    assert ["password set" in line for line in told_to_m02()] == [False, True]


def test_what_is_made_with_a_session_stands_by_itself(machine):
    session = machine.session("m02")
    make = ("people", "token", "make", "m02", "--scope", "read", "--days", "366", "--by", "m02")

    assert machine(session, *make).exit_code == 0
    (made,) = machine.made.parts.people().tokens.of("m02")
    assert made.made_with is None


def test_a_token_is_revoked_by_its_bearer_or_the_keeper_of_the_account(machine):
    mine, keeper = machine.token("m02", "act"), machine.token("op1", "manage_accounts")
    other, prefix = machine.token("m01", "act"), mine.split("_")[1]

    def revoke(token, by, what=prefix):
        return machine(token, "people", "token", "revoke", what, "--by", by)

    assert revoke(other, "m01").stderr == DENIED
    assert revoke(other, "m01", "00000000").stderr == DENIED
    assert revoke(mine, "m02").exit_code == 0
    assert revoke(keeper, "op1", other.split("_")[1]).exit_code == 0


def test_people_are_imported_by_whoever_keeps_every_unit_the_sheets_are_about(machine):
    county = machine.token("sup", "manage_people")
    branch = machine.token("m01", "manage_people")
    ours, theirs = "n1,甲,b1,党员,2026-01-05,", "n2,乙,b2,党员,2026-01-05,"

    def take(token, by, *rows, **more):
        return machine(token, "people", "import", *machine.sheets(*rows, **more), "--by", by)

    assert take(branch, "m01", ours).exit_code == 0
    assert take(branch, "m01", ours, theirs).stderr == DENIED
    assert take(county, "sup", ours, theirs).exit_code == 0
    below = "单位,类别,名称,上级\nb3,支部,三支部,nz\n"
    above = "单位,类别,名称,上级\nother,县,别的县,\n"
    assert take(branch, "m01", ours, tree=below).stderr == DENIED
    assert take(county, "sup", ours, tree=below).exit_code == 0
    assert take(county, "sup", ours, tree=above).stderr == DENIED
    assert take(None, "root", ours, tree=above).exit_code == 0


def test_nobody_renames_a_person_of_another_unit(machine):
    token = machine.token("m01", "manage_people")
    sheets = machine.sheets("m02,改名,b1,党员,2026-01-05,")

    assert machine(token, "people", "import", *sheets, "--by", "m01").stderr == DENIED


def test_offices_are_lent_and_people_leave_by_themselves_alone(machine):
    token = machine.token("m02", "act", "manage_people")
    words = ("--unit", "b1", "--role", "branch_secretary", "--by", "m01")
    days = ("--from", "2021-07-26", "--to", "2021-07-30")

    assert machine(token, "people", "delegate", "m01", "m02", *words, *days).stderr == DENIED
    done = machine(token, "people", "leave", "m01", "--unit", "b1", "--last", "2021-12-31",
                   "--by", "m01")  # fmt: skip
    assert done.stderr == DENIED
    assert machine(token, "people", "return", "d-1", "--by", "m01").stderr == DENIED


def test_to_let_somebody_else_leave_takes_the_scope_for_keeping_people(machine):
    machine.made.parts.people().organisation.apply(
        Change(memberships=(member("m02", unit="b1"),)), by="root"
    )
    lesser, keeper = machine.token("m01", "act", "read"), machine.token("m01", "manage_people")
    leave = ("people", "leave", "m02", "--unit", "b1", "--last", "2099-12-31", "--by", "m01")

    assert machine(lesser, *leave).stderr == DENIED
    assert machine(keeper, *leave).exit_code == 0


def test_people_are_listed_for_whoever_may_count_them_and_shown_to_themselves(machine):
    own, keeper = machine.token("m02", "read"), machine.token("op2", "manage_accounts")

    listed = machine(own, "people", "list", "-o", "ids").stdout.split()
    assert listed == ["m02"]
    assert machine(keeper, "people", "list", "-o", "ids").stdout.split() == ["m01", "op2"]
    assert machine(own, "people", "list", "--unit", "b1").stderr == DENIED
    assert machine(own, "people", "list", "--unit", "nowhere").stderr == DENIED
    assert machine(own, "people", "show", "m02").exit_code == 0
    for person in ("m01", "nobody"):
        assert machine(own, "people", "show", person).stderr == DENIED
    assert machine(own, "people", "token", "list", "--person", "m01").stderr == DENIED
    assert machine(own, "people", "token", "list").stderr == DENIED


def test_what_was_done_to_a_person_is_told_to_the_person_and_to_whoever_keeps_people(machine):
    tokens = {"m01": machine.token("m01", "read")}
    tokens["sup"] = machine.token("sup", "read", "manage_people")
    machine.made.parts.people().organisation.apply(
        Change(
            memberships=(member("m03", unit="b1"),), persons=(Named(id="m03", name=SEALED),)
        ),
        by="root",
    )
    tokens["m03"] = machine.token("m03", "read")
    show = ("people", "show", "m01", "-o", "json")
    noted = {p: json.loads(machine(t, *show).stdout)["recorded"] for p, t in tokens.items()}

    assert {person: bool(rows) for person, rows in noted.items()} == {
        "m01": True, "sup": True, "m03": False,
    }  # fmt: skip


def test_a_campaign_is_for_its_own_people(machine):
    token = machine.token("sup", "act", "read")
    done = machine(token, "campaign", "show", "spring-2021")
    assert done.stderr == DENIED
    assert machine(token, "campaign", "list", "-o", "ids").stdout == ""


def test_what_concerns_more_than_one_unit_is_for_whoever_reaches_it(machine):
    operator, member = machine.token("op1", "read"), machine.token("m02", "read")

    assert machine(member, "notices", "list", "--person", "m02").exit_code == 0
    assert machine(operator, "notices", "list", "--person", "m01").exit_code == 0
    for token, *words in (
        (member, "notices", "list"),
        (member, "notices", "list", "--person", "m01"),
        (member, "plan", "explain", "c-nowhere"),
        (member, "exports", "list"),
        (operator, "exports", "list"),
        (operator, "ledger", "export", "--by", "op1"),
    ):
        assert machine(token, *words).stderr == DENIED, words
    assert "TAIZHANG_TOKEN" in machine(None, "exports", "check", "x").stderr


def test_what_may_not_be_read_is_denied_like_what_is_not_there(machine):
    vault = machine.made.parts.vault()
    sealed = vault.seal("谈话要点", subject="m02", by="m02")
    token = machine.token("m01", "read")
    words = ("--as", "m01", "--purpose", "review")

    for content in (sealed, NAME_OF_NOTHING):
        assert machine(token, "vault", "read", content, *words).stderr == DENIED
    assert [read.outcome for read in vault.reads()] == ["refused"]
    keeper = machine.token("op1", "manage_accounts", "read", "act")
    name = ("people", "show", "m02", "--purpose", "people", "--by", "op1")
    assert machine(keeper, *name).stderr == DENIED
    assert machine(keeper, "vault", "glass", "agree", "g-0", "--by", "op1").stderr == DENIED


def test_an_opening_gives_nobody_an_office_and_nobody_a_clean_slate(machine):
    token = machine.token("m01", "act", "read")
    roster = [("m01", "branch_secretary"), ("m02", "member"), ("sup", "superior_officer")]

    def open_(*more, **fields):
        people = [{"id": i, "roles": [r]} for i, r in (*roster, *more)]
        opening = {"cycle": f"c{len(more)}", "unit": "b1", "meeting_on": "2021-07-30",
                   "by": "m01", "people": people, **fields}  # fmt: skip
        (machine.folder / "cycle.json").write_text(json.dumps(opening))
        return machine(token, "cycle", "open", str(machine.folder / "cycle.json"))

    wrong = open_(("m03", "archivist"), ("op1", "appeal_reviewer"))
    assert wrong.stderr.count("office_not_held") == 2
    day, lend = WALL.date(), machine.made.parts.people().delegations.lend
    lend("sup", "m02", "b1", ["superior_officer"], first=day, last=day, by="sup")
    assert open_(("m02", "superior_officer")).stderr.count("office_not_held") == 1
    joined = Change(
        memberships=(member("m04", unit="b1"),), persons=(Named(id="m04", name=SEALED),)
    )
    machine.made.parts.people().organisation.apply(joined, by="root")
    within = open_(("m04", "guidance_group"))
    assert within.stderr.count("office_not_held") == within.stderr.count("member_left_out") == 1
    roster.pop()
    assert open_().stderr.count("nobody_from_outside") == 1
    roster.append(("sup", "superior_officer"))
    assert open_(shields=[]).exit_code == 0


def test_a_plugin_is_retired_in_nobodys_name_but_ones_own(machine, monkeypatch):
    token = machine.token("op1", "act")

    def retire(by):
        return machine(token, "plugins", "retire", "four_accounts", "--by", by, "--yes")

    assert retire("op2").stderr == DENIED
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr("os.geteuid", lambda: machine.folder.stat().st_uid + 4321)
        assert retire("root").stderr == DENIED
    assert retire("op1").exit_code == 0


def test_p05_a_superior_of_every_unit_exports_no_ledger_and_the_machines_owner_does(machine):
    """It says by ids who criticised whom; only counts go upward."""
    above = member("sup", unit="hb", role="superior_officer")
    machine.made.parts.people().organisation.apply(Change(memberships=(above,)), by="root")
    superior = machine.token("sup", "read")

    assert machine(superior, "vault", "audit", "list").exit_code == 0
    done = machine(superior, "ledger", "export", "--by", "sup")
    assert (done.exit_code, done.stdout, done.stderr) == (1, "", DENIED)
    assert machine(superior, "ledger", "export", "--by", "root").exit_code == 0
