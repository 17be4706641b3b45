"""Single sign-on against a real provider in a process of its own."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import requests
import sqlalchemy as sa
from pydantic import SecretStr, ValidationError

from engine.ledger.sql import wall_clock
from engine.people.accounts import Accounts
from engine.people.identities import Identities
from engine.people.noted import recorded
from engine.people.oidc import Provider, SingleSignOn
from engine.people.refusals import (
    IdentityTaken,
    NoSuchAccount,
    NotLinked,
    PassageOver,
    ProviderFailed,
    SignInRefused,
)
from engine.people.tables import PASSAGE

from .conftest import browsed

BACK = "http://127.0.0.1:1/signed-in"


@pytest.fixture(scope="module")
def provider(issuer):
    asked = {"redirect_uris": [BACK], "token_endpoint_auth_method": "client_secret_basic"}
    made = requests.post(f"{issuer}/oauth2/clients", json=asked, timeout=10).json()
    return Provider(
        issuer=issuer, client_id=made["client_id"], client_secret=made["client_secret"],
        redirect_uri=BACK,
    )  # fmt: skip


class Door:
    """An account, a door to the provider, and a browser that goes through it."""

    def __init__(self, organisation, provider):
        self.accounts = Accounts(organisation.engine, b"p" * 32)
        self.accounts.open("m05", by="ops")
        self.identities = Identities(organisation.engine)
        self.provider = provider
        self.ahead = timedelta(0)
        self.newcomer = None

    def sso(self, **changes):
        return SingleSignOn(
            self.provider.model_copy(update=changes), self.accounts, self.identities,
            newcomer=self.newcomer, clock=lambda: wall_clock() + self.ahead,
        )  # fmt: skip

    def sign_in(self, subject, *, sso=None, **changes):
        sso = sso or self.sso()
        begun = sso.begin()
        return sso.finish(
            changed(browsed(begun.url, subject), **changes), binding=begun.binding
        )


def changed(url, **parameters):
    query = {k: v[0] for k, v in parse_qs(urlsplit(url).query).items()} | parameters
    return f"{BACK}?{urlencode({k: v for k, v in query.items() if v})}"


@pytest.fixture
def door(organisation, provider):
    return Door(organisation, provider)


def test_a_linked_identity_opens_the_account_it_is_linked_to(door):
    door.identities.link("m05", door.provider.issuer, "wang@example", by="ops")

    assert door.accounts.whose(door.sign_in("wang@example")) == "m05"
    assert [n.act for n in recorded(door.accounts.engine, "m05")] == [
        "account_opened", "identity_linked",
    ]  # fmt: skip


def test_an_unknown_identity_stays_outside_and_no_account_is_made(door):
    with pytest.raises(NotLinked):
        door.sign_in("stranger@example")
    with pytest.raises(NoSuchAccount):
        door.identities.link("m07", door.provider.issuer, "x", by="ops")


def test_a_newcomer_gets_an_account_only_where_that_is_asked_for(door):
    def newcomer(issuer, subject):
        door.accounts.open("m07", by="engine")
        door.identities.link("m07", issuer, subject, by="engine")
        return "m07"

    door.newcomer = newcomer

    assert door.accounts.whose(door.sign_in("new@example")) == "m07"
    assert door.identities.holder(door.provider.issuer, "new@example") == "m07"


def test_what_is_asked_has_a_challenge_a_nonce_a_state_and_no_secret(door):
    begun = door.sso().begin()
    asked = parse_qs(urlsplit(begun.url).query)
    with door.accounts.engine.connect() as connection:
        row = connection.execute(sa.select(PASSAGE)).one()

    assert asked["code_challenge_method"] == ["S256"]
    assert asked["nonce"] == [row.nonce]
    assert asked["scope"] == ["openid"]
    assert asked["state"][0] not in (row.state, begun.binding)
    assert row.verifier not in begun.url
    assert begun.binding not in str(row)


def test_an_answer_is_taken_once(door):
    door.identities.link("m05", door.provider.issuer, "wang@example", by="ops")
    sso = door.sso()
    begun = sso.begin()
    answer = browsed(begun.url, "wang@example")
    sso.finish(answer, binding=begun.binding)

    with pytest.raises(PassageOver):
        sso.finish(answer, binding=begun.binding)


def test_an_answer_for_another_browser_is_refused_and_used_up(door):
    sso = door.sso()
    mine, theirs = sso.begin(), sso.begin()
    answer = browsed(theirs.url, "mallory@example")

    for binding in (mine.binding, theirs.binding):
        with pytest.raises(PassageOver):
            sso.finish(answer, binding=binding)


def test_an_answer_after_ten_minutes_is_too_late(door):
    sso = door.sso()
    begun = sso.begin()
    answer = browsed(begun.url, "wang@example")
    door.ahead = timedelta(minutes=10)

    with pytest.raises(PassageOver):
        sso.finish(answer, binding=begun.binding)


@pytest.mark.parametrize("state", ["", "guessed"])
def test_a_wrong_state_is_refused(door, state):
    with pytest.raises(PassageOver):
        door.sign_in("wang@example", state=state)


def test_a_code_is_worth_nothing_without_its_verifier(door):
    sso = door.sso()
    begun = sso.begin()
    answer = browsed(begun.url, "wang@example")
    with door.accounts.engine.begin() as connection:
        connection.execute(sa.update(PASSAGE).values(verifier="v" * 43))

    with pytest.raises(ProviderFailed) as refused:
        sso.finish(answer, binding=begun.binding)
    assert refused.value.why == "invalid_grant"


def test_a_token_for_another_nonce_is_refused(door):
    sso = door.sso()
    begun = sso.begin()
    answer = browsed(begun.url, "wang@example")
    with door.accounts.engine.begin() as connection:
        connection.execute(sa.update(PASSAGE).values(nonce="another"))

    with pytest.raises(ProviderFailed) as refused:
        sso.finish(answer, binding=begun.binding)
    assert refused.value.why == "InvalidClaimError"


def test_an_expired_token_is_refused(door):
    sso = door.sso()
    begun = sso.begin()
    answer = browsed(begun.url, "wang@example")
    with door.accounts.engine.begin() as connection:
        connection.execute(sa.update(PASSAGE).values(ends_at="9999-01-01T00:00:00+00:00"))
    door.ahead = timedelta(days=2)

    with pytest.raises(ProviderFailed) as refused:
        sso.finish(answer, binding=begun.binding)
    assert refused.value.why == "ExpiredTokenError"


def test_who_denies_is_not_signed_in(door):
    sso = door.sso()
    begun = sso.begin()
    state = parse_qs(urlsplit(begun.url).query)["state"][0]
    # the package leaves the state out of a denial, against the standard
    answer = changed(browsed(begun.url, None), state=state)

    with pytest.raises(ProviderFailed) as refused:
        sso.finish(answer, binding=begun.binding)
    assert refused.value.why == "denied"


def test_an_answer_of_another_issuer_is_refused(door):
    with pytest.raises(ProviderFailed) as refused:
        door.sign_in("wang@example", iss="https://elsewhere.example")
    assert refused.value.why == "iss"


def test_a_wrong_client_secret_is_refused(door):
    with pytest.raises(ProviderFailed) as refused:
        door.sign_in("wang@example", sso=door.sso(client_secret=SecretStr("wrong")))
    assert refused.value.why == "invalid_client"


def test_a_provider_that_calls_itself_otherwise_is_refused(door):
    other = f"{door.provider.issuer}/"

    with pytest.raises(ProviderFailed) as refused:
        door.sso(issuer=other).begin()
    assert refused.value.why == "issuer"


def test_a_provider_that_is_away_is_said_in_a_sentence(door):
    with pytest.raises(ProviderFailed) as refused:
        door.sso(issuer="http://127.0.0.1:1").begin()
    assert refused.value.why == "unreachable"


def test_a_closed_account_stays_closed(door):
    door.identities.link("m05", door.provider.issuer, "wang@example", by="ops")
    door.accounts.close("m05", by="ops")

    with pytest.raises(SignInRefused):
        door.sign_in("wang@example")


def test_an_identity_is_linked_to_one_account_and_can_be_unlinked(door):
    door.accounts.open("m07", by="ops")
    issuer = door.provider.issuer
    door.identities.link("m05", issuer, "wang@example", by="ops")
    door.identities.link("m05", issuer, "wang@example", by="ops")
    with pytest.raises(IdentityTaken):
        door.identities.link("m07", issuer, "wang@example", by="ops")

    assert door.identities.unlink("m05", issuer, by="ops")
    assert not door.identities.unlink("m05", issuer, by="ops")
    with pytest.raises(NotLinked):
        door.sign_in("wang@example")


def test_plain_http_is_for_this_machine_alone():
    with pytest.raises(ValidationError, match="https"):
        Provider(
            issuer="http://id.example", client_id="c", client_secret="s", redirect_uri=BACK
        )
