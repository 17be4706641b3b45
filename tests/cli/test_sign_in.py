"""Signing in by the command line: what it says, what it lets its holder do, how it ends."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from inprocess import WALL
from pydantic import SecretStr

from engine.people.door import Door
from engine.people.everything import open_people
from engine.people.organisation import Change, Membership, Named
from engine.people.units import Unit

BRANCH, CYCLE = "nanzhang-finance-2", "nanzhang-2021"
SEALED = f"sealed:{'1' * 32}:{'2' * 64}"
PASSWORD, OTHER, NEW = (
    "correct horse battery",
    "staple, again staple",
    "一个新的口令,够长够杂了",
)
PLAN = '{"content": {"text": "方案"}}'
REFUSED = (
    "login or password is wrong, or the account is locked for now; "
    "try later, or have the password set anew [sign_in_refused]\n"
)
OVER = "the session is over; sign in again (taizhang people sign-in) [session_over]\n"


class Branch:
    """A command line where the secretary m01 has a password, over a cycle of the branch."""

    def __init__(self, taizhang, folder) -> None:
        assert taizhang("cycle", "open", "nanzhang").exit_code == 0
        self.made, self.now = taizhang, WALL
        self.people = open_people(
            f"sqlite:///{folder}/people.db", b"p" * 32, lambda unit: (), lambda: self.now
        )
        first = date(2021, 1, 4)
        held = (("m01", "branch_secretary"), ("m01", "member"), ("m05", "member"))
        self.people.organisation.apply(
            Change(
                units=(Unit(id=BRANCH, kind="branch", name="第二支部"),),
                persons=tuple(Named(id=p, name=SEALED) for p in ("m01", "m05")),
                memberships=tuple(
                    Membership(person=p, unit=BRANCH, role=r, first=first) for p, r in held
                ),
            ),
            by="root",
        )
        self.accounts = self.people.accounts
        self.accounts.give("m01", PASSWORD, login="wang", by="m01")
        self.door = Door(
            self.accounts, self.people.tokens, self.people.delegations, {CYCLE: BRANCH}.get,
            clock=lambda: self.now,
        )  # fmt: skip

    def __call__(self, *words, token=None, stdin=None):
        parts = self.made.parts
        settings = parts.settings.model_copy(
            update={"token": SecretStr(token) if token else None}
        )
        there = self.made.but(
            settings=settings, people=lambda: self.people, door=lambda: self.door
        )
        return there(*words, "--lang", "en", stdin=stdin)

    def sign_in(self, login="wang", password=PASSWORD):
        return self("people", "sign-in", login, "--stdin", stdin=f"{password}\n")

    def session(self) -> str:
        done = self.sign_in()
        assert done.exit_code == 0, done.stderr
        return done.stdout.removesuffix("\n")


@pytest.fixture
def branch(taizhang, tmp_path):
    return Branch(taizhang, tmp_path)


def ended(done):
    return done.exit_code, done.stdout, done.stderr


def test_standard_output_is_the_token_alone_and_what_to_do_with_it_goes_beside(branch):
    done = branch.sign_in()
    token = done.stdout.removesuffix("\n")

    assert done.exit_code == 0
    assert branch.accounts.whose(token) == "m01"
    assert "TAIZHANG_TOKEN" in done.stderr
    assert "12 hours" in done.stderr
    assert "30 minutes" in done.stderr
    assert token not in done.stderr


def test_a_password_is_asked_for_once_and_never_shown(branch):
    done = branch("people", "sign-in", "wang", stdin=f"{PASSWORD}\n")

    assert branch.accounts.whose(done.stdout.strip()) == "m01"
    assert "password:" in done.stderr
    assert PASSWORD not in done.output


def test_whatever_was_wrong_the_answer_is_one(branch):
    branch.accounts.open("m05", by="root")
    wrong = [
        branch.sign_in(password=OTHER), branch.sign_in("nobody"), branch.sign_in("m05"),
        branch.sign_in("王 五"), branch.sign_in(password=""),
        branch("people", "sign-in", "wang", "--stdin", stdin=b"\xff\xfe\n"),
    ]  # fmt: skip
    branch.accounts.close("m01", by="root")
    wrong.append(branch.sign_in())

    assert {ended(done) for done in wrong} == {(1, "", REFUSED)}


def test_five_wrong_passwords_lock_out_for_half_a_minute(branch):
    for _ in range(5):
        assert ended(branch.sign_in(password=OTHER)) == (1, "", REFUSED)

    assert ended(branch.sign_in()) == (1, "", REFUSED)
    branch.now += timedelta(seconds=30)
    assert branch.accounts.whose(branch.session()) == "m01"


def test_too_many_tries_are_told_how_long_to_wait(branch):
    for _ in range(10):
        branch.sign_in("nobody", OTHER)
    done = branch.sign_in("nobody", OTHER)

    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == "too many tries; try again in 330 s [too_many_tries]\n"


def test_tries_are_counted_for_the_machines_user_whatever_login_is_tried(branch, monkeypatch):
    for number in range(30):
        branch.sign_in(f"login-{number}", OTHER)

    assert "[too_many_tries]" in branch.sign_in().stderr
    monkeypatch.setattr("os.getuid", lambda: 54321)
    assert branch.sign_in().exit_code == 0


def test_a_login_or_single_sign_on_but_not_both_and_not_neither(branch):
    for words in ((), ("wang", "--sso")):
        done = branch("people", "sign-in", *words)

        assert (done.exit_code, done.stdout) == (2, "")
        assert "--sso" in done.stderr


def test_who_is_signed_in_acts_and_reads_and_after_signing_out_does_neither(branch):
    token = branch.session()
    act = ("cycle", "do", CYCLE, "file_plan", "--by", "m01", "--json", PLAN)
    read = ("cycle", "show", CYCLE)

    assert "sign in (taizhang people sign-in)" in branch(*read).stderr
    assert branch(*act, token=token).exit_code == 0
    assert branch(*read, token=token).exit_code == 0
    out = branch("people", "sign-out", token=token)
    assert ended(out) == (0, "signed out\n", "")
    assert ended(branch(*act, token=token)) == (1, "", OVER)
    assert ended(branch(*read, token=token)) == (1, "", OVER)


def test_who_is_signed_in_acts_for_nobody_else(branch):
    act = ("cycle", "do", CYCLE, "file_plan", "--by", "m02", "--json", PLAN)

    assert "[denied]" in branch(*act, token=branch.session()).stderr


def test_a_session_unused_for_half_an_hour_is_over(branch):
    token = branch.session()
    branch.now += timedelta(minutes=30)

    assert ended(branch("cycle", "show", CYCLE, token=token)) == (1, "", OVER)


def test_signing_out_ends_one_session_and_can_be_repeated(branch):
    mine, other = branch.session(), branch.session()

    for _ in range(2):
        assert branch("people", "sign-out", token=mine).exit_code == 0
    assert branch.accounts.whose(other) == "m01"


def test_ones_own_password_is_changed_and_every_other_session_ends(branch):
    mine, other = branch.session(), branch.session()
    change = ("people", "change-password", "--stdin")
    done = branch(*change, token=mine, stdin=f"{PASSWORD}\n{NEW}\n")

    assert ended(done) == (0, "the password is changed; other sessions ended: 1\n", "")
    assert branch.accounts.whose(mine) == "m01"
    assert branch("cycle", "show", CYCLE, token=other).stderr == OVER
    assert ended(branch.sign_in()) == (1, "", REFUSED)
    assert branch.sign_in(password=NEW).exit_code == 0


def test_the_new_password_is_typed_twice_and_no_password_is_shown(branch):
    typed = f"{PASSWORD}\n{NEW}\n{NEW}\n"
    done = branch("people", "change-password", token=branch.session(), stdin=typed)

    assert done.exit_code == 0
    assert done.stderr.split() == ["current", "password:new", "password:once", "more:"]
    assert branch.sign_in(password=NEW).exit_code == 0


@pytest.mark.parametrize(
    ("typed", "code"),
    [(f"{OTHER}\n{NEW}\n", "sign_in_refused"), (f"{PASSWORD}\nshort\n", "password_too_weak")],
)
def test_a_wrong_or_a_weak_password_changes_nothing(branch, typed, code):
    mine, other = branch.session(), branch.session()
    done = branch("people", "change-password", "--stdin", token=mine, stdin=typed)

    assert (done.exit_code, f"[{code}]" in done.stderr) == (1, True)
    assert branch.accounts.whose(other) == "m01"
    assert branch.sign_in().exit_code == 0


@pytest.mark.parametrize("command", ["sign-out", "change-password"])
def test_an_api_token_is_no_session_and_whoever_holds_it_is_told_what_to_do(branch, command):
    token = branch.people.tokens.make("m01", ["act", "read"], days=9, by="root")
    done = branch("people", command, token=token)

    assert (done.exit_code, done.stdout) == (1, "")
    assert "taizhang people token revoke" in done.stderr
    assert token.split("_", 2)[2] not in done.stderr
    assert branch("cycle", "show", CYCLE, token=token).exit_code == 0


def test_without_a_session_there_is_none_to_end_and_no_password_is_asked_for(branch):
    for command in ("sign-out", "change-password"):
        done = branch("people", command)
        assert (done.exit_code, "[credential_missing]" in done.stderr) == (1, True)
    done = branch("people", "change-password", token="s-of-old")
    assert ended(done) == (1, "", OVER)
