"""An API token reaches as far as its scopes, until its day, and its secret is not kept."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from engine.people.accounts import Accounts
from engine.people.noted import recorded
from engine.people.refusals import NoSuchAccount, NoSuchToken, ScopeMissing, TokenRefused
from engine.people.tables import TOKEN
from engine.people.tokens import Tokens
from engine.policy.calendar import local_day
from engine.refusal import Refused


@pytest.fixture
def tokens(organisation, clock):
    accounts = Accounts(organisation.engine, b"p" * 32, clock=clock)
    accounts.open("m05", by="ops")
    return Tokens(organisation.engine, clock)


def test_a_token_acts_for_its_person_within_its_scopes(tokens):
    text = tokens.make("m05", ["read_lists", "claim_issue"], days=30, by="m05")

    assert tokens.whose(text, "claim_issue") == "m05"
    with pytest.raises(ScopeMissing) as refused:
        tokens.whose(text, "close_issue")
    assert refused.value.scopes == ("claim_issue", "read_lists")


def test_a_group_of_acts_is_a_scope(tokens):
    reading = tokens.make("m05", ["read"], days=30, by="m05")
    acting = tokens.make("m05", ["act"], days=30, by="m05")

    assert tokens.whose(reading, "read_counts") == tokens.whose(acting, "close_issue") == "m05"
    with pytest.raises(ScopeMissing):
        tokens.whose(reading, "close_issue")
    with pytest.raises(ScopeMissing):
        tokens.whose(acting, "manage_people")


def test_only_a_hash_and_a_prefix_to_find_it_are_kept(tokens):
    text = tokens.make("m05", ["read"], days=30, by="m05")
    _, prefix, secret = text.split("_", 2)
    with tokens.engine.connect() as connection:
        kept = str(connection.execute(sa.select(TOKEN)).all())

    assert prefix in kept
    assert secret not in kept
    assert [t.prefix for t in tokens.of("m05")] == [prefix]


def test_a_token_dies_after_its_last_day(tokens, clock):
    text = tokens.make("m05", ["read"], days=2, by="m05")
    clock.pass_(days=2)
    assert tokens.whose(text, "read_counts") == "m05"
    clock.pass_(days=1)

    with pytest.raises(TokenRefused):
        tokens.whose(text, "read_counts")


def test_the_last_day_of_use_is_kept_and_no_finer(tokens, clock):
    text = tokens.make("m05", ["read"], days=30, by="m05")
    assert tokens.of()[0].used_on is None
    clock.pass_(days=3)
    tokens.whose(text, "read_counts")
    clock.pass_(hours=2)
    tokens.whose(text, "read_counts")

    (token,) = tokens.of()
    assert token.used_on == (clock.now).date()


def test_a_revoked_token_is_refused_for_good(tokens):
    text = tokens.make("m05", ["read"], days=30, by="m05")
    prefix = text.split("_")[1]
    tokens.revoke(prefix, by="ops")

    with pytest.raises(TokenRefused):
        tokens.whose(text, "read_counts")
    with pytest.raises(NoSuchToken):
        tokens.revoke(prefix, by="ops")
    assert [n.act for n in recorded(tokens.engine, "m05")] == [
        "account_opened", "token_made", "token_revoked",
    ]  # fmt: skip


def prefix_in(text):
    return text.split("_")[1]


def test_a_token_made_with_a_token_does_not_outlive_it(tokens, clock):
    parent = prefix_in(tokens.make("m05", ["read"], days=2, by="m05"))

    with pytest.raises(Refused) as refused:
        tokens.make("m05", ["read"], days=3, by="m05", made_with=parent)
    (reason,) = refused.value.reasons
    assert (reason.code, reason.most_days) == ("token_outlives", 2)
    assert reason.last == str(local_day(clock.now) + timedelta(days=2))
    tokens.make("m05", ["read"], days=2, by="m05", made_with=parent)
    clock.pass_(days=1)
    with pytest.raises(Refused):
        tokens.make("m05", ["read"], days=2, by="m05", made_with=parent)


def test_without_days_a_token_lives_the_usual_days_or_as_long_as_what_made_it(tokens):
    short = prefix_in(tokens.make("m05", ["read"], days=2, by="m05"))
    long = prefix_in(tokens.make("m05", ["read"], days=366, by="m05"))
    made = {
        with_: prefix_in(tokens.make("m05", ["read"], by="m05", made_with=with_))
        for with_ in (short, long, None)
    }

    days = {t.prefix: (t.expires_on - t.made_on).days for t in tokens.of("m05")}
    assert [days[made[with_]] for with_ in (short, long, None)] == [2, 90, 90]


def test_on_its_last_day_and_once_revoked_a_token_makes_none(tokens, clock):
    parent = prefix_in(tokens.make("m05", ["read"], days=2, by="m05"))
    clock.pass_(days=2)
    with pytest.raises(Refused) as refused:
        tokens.make("m05", ["read"], by="m05", made_with=parent)
    assert [reason.code for reason in refused.value.reasons] == ["token_ends_today"]
    tokens.revoke(parent, by="m05")

    with pytest.raises(TokenRefused):
        tokens.make("m05", ["read"], by="m05", made_with=parent)


def test_with_a_token_go_all_that_were_made_with_it_and_no_others(tokens):
    first, other = (tokens.make("m05", ["read"], days=9, by="m05") for _ in range(2))
    child = tokens.make("m05", ["read"], by="m05", made_with=prefix_in(first))
    sibling = tokens.make("m05", ["read"], by="m05", made_with=prefix_in(first))
    grandchild = tokens.make("m05", ["read"], by="m05", made_with=prefix_in(child))
    assert tokens.revoke(prefix_in(sibling), by="m05") == 0

    assert tokens.revoke(prefix_in(first), by="m05") == 2
    for gone in (first, child, sibling, grandchild):
        with pytest.raises(TokenRefused):
            tokens.whose(gone, "read_counts")
    assert tokens.whose(other, "read_counts") == "m05"
    told = [n.detail["token"] for n in recorded(tokens.engine) if n.act == "token_revoked"]
    assert told == list(map(prefix_in, (sibling, first, child, grandchild)))


def test_a_closed_account_has_no_token(tokens, clock):
    text = tokens.make("m05", ["read"], days=30, by="m05")
    Accounts(tokens.engine, b"p" * 32, clock=clock).close("m05", by="ops")

    with pytest.raises(TokenRefused):
        tokens.whose(text, "read_counts")


def test_the_prefix_alone_is_worth_nothing(tokens):
    text = tokens.make("m05", ["read"], days=30, by="m05")
    prefix = "_".join(text.split("_")[:2])

    for guessed in (f"{prefix}_guess", f"{prefix}_", prefix):
        with pytest.raises(TokenRefused):
            tokens.whose(guessed, "read_counts")


@pytest.mark.parametrize(
    "text",
    ["", "tz", "tz_", "tz_ab_cd", "\ud800_x_y", "tz_\udcff_x", "tz_ab_\udcff", "tz_\x00_x"],
)
def test_what_is_no_token_is_refused_like_an_unknown_one(tokens, text):
    with pytest.raises(TokenRefused):
        tokens.whose(text, "read_counts")


def test_every_reason_against_a_token_comes_at_once(tokens):
    with pytest.raises(Refused) as refused:
        tokens.make("m05", ["read", "sing"], days=400, by="m05")

    assert [r.code for r in refused.value.reasons] == ["no_such_scope", "token_too_long"]
    with pytest.raises(NoSuchAccount):
        tokens.make("m07", ["read"], days=1, by="m07")
    with pytest.raises(Refused):
        tokens.make("m05", [], days=1, by="m05")
