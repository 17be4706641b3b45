"""Signing in, staying signed in, and what whoever guesses is up against."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher

from engine.people.accounts import Accounts
from engine.people.noted import recorded
from engine.people.passwords import Passwords
from engine.people.refusals import (
    LoginTaken,
    NoSuchAccount,
    NoSuchPerson,
    PasswordTooWeak,
    SessionOver,
    SignInRefused,
    TooManyTries,
)
from engine.people.tables import FAILURE, SESSION, WINDOW
from engine.people.throttle import Limits
from engine.people.tokens import is_token

GOOD, OTHER = "correct horse battery", "staple, again staple"
HERE, THERE = "10.0.0.1", "10.0.0.2"
LOOSE = Limits(per_login=1000, per_address=1000)


class Counting(PasswordHasher):
    """A light hasher that counts how often it worked."""

    def __init__(self, **more):
        super().__init__(time_cost=1, memory_cost=8, parallelism=1, **more)
        self.verified = 0

    def verify(self, hash, password):
        self.verified += 1
        return super().verify(hash, password)


@pytest.fixture
def hasher():
    return Counting()


@pytest.fixture
def made(organisation, clock, hasher):
    def make(limits=None, hasher=hasher):
        return Accounts(
            organisation.engine, b"p" * 32, clock=clock, passwords=Passwords(hasher),
            limits=limits,
        )  # fmt: skip

    return make


@pytest.fixture
def accounts(made):
    """An account for m05 with a password, and rates nobody reaches."""
    accounts = made(LOOSE)
    accounts.open("m05", login="wang", by="ops")
    accounts.set_password("m05", GOOD, by="ops")
    return accounts


def fail(accounts, times, *, login="wang"):
    for _ in range(times):
        with pytest.raises(SignInRefused):
            accounts.sign_in(login, OTHER, address=HERE)


def test_who_signs_in_gets_a_session_of_which_only_a_hash_is_kept(accounts):
    token = accounts.sign_in("wang", GOOD, address=HERE)

    assert accounts.whose(token) == "m05"
    with accounts.engine.connect() as connection:
        assert token not in str(connection.execute(sa.select(SESSION)).all())


def test_a_full_width_password_is_the_same_password(accounts):
    wide = "".join(chr(ord(c) + 0xFEE0) if c != " " else "\u3000" for c in GOOD)

    assert accounts.whose(accounts.sign_in("wang", wide, address=HERE)) == "m05"


@pytest.mark.parametrize("lead", ["known", "unknown", "no_password", "closed", "locked"])
def test_answer_and_work_are_the_same_whatever_is_wrong(accounts, hasher, lead):
    accounts.open("m07", by="ops")
    if lead == "closed":
        accounts.close("m05", by="ops")
    if lead == "locked":
        fail(accounts, 5)
    login = {"unknown": "nobody", "no_password": "m07"}.get(lead, "wang")
    password = GOOD if lead in ("closed", "locked") else OTHER
    before = hasher.verified

    with pytest.raises(SignInRefused) as refused:
        accounts.sign_in(login, password, address=HERE)

    assert hasher.verified - before == 1
    assert str(refused.value) == str(SignInRefused())


@pytest.mark.parametrize("password", ["", "\ud800" * 20, "x" * 600, "a\x00" * 9])
def test_what_cannot_be_a_password_costs_the_same_and_is_refused_alike(
    accounts, hasher, password
):
    before = hasher.verified

    with pytest.raises(SignInRefused):
        accounts.sign_in("wang", password, address=HERE)
    assert hasher.verified - before == 1


def test_five_failures_lock_out_and_each_further_one_longer(accounts, clock):
    fail(accounts, 5)
    fail(accounts, 3)  # while locked out nothing is counted
    clock.pass_(seconds=29)
    with pytest.raises(SignInRefused):
        accounts.sign_in("wang", GOOD, address=HERE)
    clock.pass_(seconds=1)
    fail(accounts, 1)
    clock.pass_(seconds=59)
    with pytest.raises(SignInRefused):
        accounts.sign_in("wang", GOOD, address=HERE)
    clock.pass_(seconds=1)

    assert accounts.sign_in("wang", GOOD, address=HERE)
    fail(accounts, 4)
    assert accounts.sign_in("wang", GOOD, address=HERE)


def test_a_lock_out_never_grows_beyond_its_longest_and_is_forgotten_in_a_day(accounts, clock):
    limits = Limits()

    assert limits.lock(4) is None
    assert limits.lock(5) == timedelta(seconds=30)
    assert limits.lock(7) == timedelta(minutes=2)
    assert limits.lock(10_000) == timedelta(minutes=15)
    fail(accounts, 4)
    clock.pass_(hours=25)
    fail(accounts, 4)
    assert accounts.sign_in("wang", GOOD, address=HERE)


def test_a_login_that_does_not_exist_locks_out_as_well(accounts):
    fail(accounts, 6, login="nobody")

    with accounts.engine.connect() as connection:
        (row,) = connection.execute(sa.select(FAILURE)).all()
    assert row.failures == 5
    assert "nobody" not in str(row)


def test_guesses_at_the_same_moment_are_counted_one_by_one(accounts):
    def guess(_):
        with pytest.raises(SignInRefused):
            accounts.sign_in("wang", OTHER, address=HERE)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(guess, range(12)))

    with accounts.engine.connect() as connection:
        assert connection.execute(sa.select(FAILURE)).one().failures == 5


def test_a_login_is_tried_ten_times_in_five_minutes_then_told_to_wait(made, accounts, clock):
    limited = made(Limits(failures=1000))
    for _ in range(10):
        with pytest.raises(SignInRefused):
            limited.sign_in("wang", OTHER, address=HERE)
    with pytest.raises(TooManyTries) as refused:
        limited.sign_in("wang", GOOD, address=THERE)

    clock.pass_(seconds=refused.value.retry_s - 2)
    with pytest.raises(TooManyTries):
        limited.sign_in("wang", GOOD, address=HERE)
    clock.pass_(seconds=2)
    assert limited.sign_in("wang", GOOD, address=HERE)


def test_the_window_slides(made, accounts, clock):
    limited = made(Limits(failures=1000))
    clock.pass_(seconds=299)
    for _ in range(10):
        with pytest.raises(SignInRefused):
            limited.sign_in("wang", OTHER, address=HERE)
    clock.pass_(seconds=2)

    with pytest.raises(TooManyTries) as refused:
        limited.sign_in("wang", GOOD, address=HERE)
    clock.pass_(seconds=refused.value.retry_s)
    assert limited.sign_in("wang", GOOD, address=HERE)


def test_an_address_is_held_back_whatever_logins_it_tries(made, accounts, clock):
    limited = made(Limits())
    for n in range(30):
        with pytest.raises(SignInRefused):
            limited.sign_in(f"login-{n}", OTHER, address=HERE)

    with pytest.raises(TooManyTries):
        limited.sign_in("wang", GOOD, address=HERE)
    assert limited.sign_in("wang", GOOD, address=THERE)
    with limited.engine.connect() as connection:
        kept = str(connection.execute(sa.select(WINDOW)).all())
    assert HERE not in kept
    assert "login-1" not in kept


def test_a_session_ends_after_half_an_hour_unused_and_twelve_hours_in_all(accounts, clock):
    idle = accounts.sign_in("wang", GOOD, address=HERE)
    used = accounts.sign_in("wang", GOOD, address=HERE)
    for _ in range(25):
        clock.pass_(minutes=28)
        assert accounts.whose(used) == "m05"
    with pytest.raises(SessionOver):
        accounts.whose(idle)
    clock.pass_(minutes=20)
    with pytest.raises(SessionOver):
        accounts.whose(used)


def test_a_session_can_be_ended_and_an_unknown_one_is_over(accounts):
    token = accounts.sign_in("wang", GOOD, address=HERE)
    accounts.sign_out(token)

    for gone in (token, "", "\ud800"):
        with pytest.raises(SessionOver):
            accounts.whose(gone)


def test_chance_makes_no_session_look_like_an_api_token(accounts, monkeypatch):
    monkeypatch.setattr("secrets.token_urlsafe", lambda _: "tz_0_0")
    token = accounts.sign_in("wang", GOOD, address=HERE)

    assert not is_token(token)
    assert accounts.whose(token) == "m05"


def test_a_changed_password_ends_the_other_sessions_and_keeps_this_one(accounts):
    mine, other = (accounts.sign_in("wang", GOOD, address=HERE) for _ in range(2))
    with pytest.raises(SignInRefused):
        accounts.change_password(mine, OTHER, OTHER, address=HERE)
    with pytest.raises(PasswordTooWeak):
        accounts.change_password(mine, GOOD, "short", address=HERE)
    assert accounts.whose(other) == "m05"

    assert accounts.change_password(mine, GOOD, OTHER, address=HERE) == 1
    assert accounts.whose(mine) == "m05"
    with pytest.raises(SessionOver):
        accounts.whose(other)
    with pytest.raises(SignInRefused):
        accounts.sign_in("wang", GOOD, address=HERE)
    assert accounts.sign_in("wang", OTHER, address=HERE)


def test_a_password_set_anew_lifts_the_lock_out_and_ends_every_session(accounts):
    token = accounts.sign_in("wang", GOOD, address=HERE)
    fail(accounts, 5)

    assert accounts.set_password("m05", OTHER, by="ops") == 1
    with pytest.raises(SessionOver):
        accounts.whose(token)
    assert accounts.sign_in("wang", OTHER, address=HERE)


def test_a_password_changed_while_the_old_one_is_checked_lets_nobody_in(made, accounts):
    class Meanwhile(Counting):
        def verify(self, hash, password):
            accounts.set_password("m05", OTHER, by="ops")
            return super().verify(hash, password)

    with pytest.raises(SignInRefused):
        made(LOOSE, hasher=Meanwhile()).sign_in("wang", GOOD, address=HERE)


def test_a_closed_account_has_no_session_until_it_is_opened_again(accounts):
    token = accounts.sign_in("wang", GOOD, address=HERE)
    accounts.close("m05", by="ops")
    with pytest.raises(SessionOver):
        accounts.whose(token)
    with pytest.raises(SignInRefused):
        accounts.admit("m05", "oidc")
    accounts.reopen("m05", by="ops")
    with pytest.raises(SessionOver):
        accounts.whose(token)

    assert accounts.sign_in("wang", GOOD, address=HERE)
    acts = [noted.act for noted in recorded(accounts.engine, "m05")]
    assert acts == ["account_opened", "password_set", "account_closed", "account_reopened"]


@pytest.mark.parametrize(
    "weak", ["elevenchars", "aaaaaaaaaaaaaaaa", "wang-is-my-name", "x" * 513, "a\x00" + GOOD]
)
def test_a_weak_password_is_refused(accounts, weak):
    with pytest.raises(PasswordTooWeak):
        accounts.set_password("m05", weak, by="ops")
    assert accounts.sign_in("wang", GOOD, address=HERE)


def test_a_hash_made_by_older_parameters_is_renewed_when_its_owner_signs_in(made, accounts):
    stronger = made(LOOSE, hasher=Counting(hash_len=48))
    before = kept(accounts)
    assert stronger.sign_in("wang", GOOD, address=HERE)

    assert kept(accounts) != before
    assert stronger.sign_in("wang", GOOD, address=HERE)


def kept(accounts):
    with accounts.engine.connect() as connection:
        return connection.scalar(sa.text("SELECT hash FROM people_account"))


def test_an_account_is_for_a_known_person_under_a_free_login(accounts):
    with pytest.raises(NoSuchPerson):
        accounts.open("ghost", by="ops")
    with pytest.raises(LoginTaken):
        accounts.open("m07", login="wang", by="ops")
    with pytest.raises(NoSuchAccount):
        accounts.set_password("m07", GOOD, by="ops")
    with pytest.raises(NoSuchAccount):
        accounts.close("m07", by="ops")
    accounts.open("m05", by="ops")


def test_the_parameters_in_use_are_no_weaker_than_rfc_9106_asks():
    hasher = Passwords()._hasher

    assert (hasher.type.name, hasher.memory_cost, hasher.time_cost) == ("ID", 65536, 3)
