"""Single sign-on by OpenID Connect: authorization code, PKCE, state, nonce.

Whoever the authority vouches for is let in as the account linked to that identity. An
unknown identity stays outside, unless a newcomer's account is asked for.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests
import sqlalchemy as sa
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from pydantic import SecretStr

from engine.ledger.database import exclusive
from engine.ledger.sql import wall_clock
from engine.people import refusals
from engine.people.accounts import Accounts
from engine.people.identities import Identities
from engine.people.said import Encrypted, Granted, Keys, Metadata, subject
from engine.people.sessions import hashed
from engine.people.tables import PASSAGE, WRITE_LOCK
from engine.record import Record

WAIT_S = 10
LEEWAY_S = 60
PASSAGE_LASTS = timedelta(minutes=10)
ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA")
ERROR = re.compile("[a-z_]{1,40}")
"""An error as the standard names them; anything else a provider calls it is not repeated."""

MALFORMED = (
    ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError,
)  # fmt: skip
"""What the libraries raise over an answer of another shape than the standard's."""

Newcomer = Callable[[str, str], str]
"""Makes an account for an issuer's subject and returns whose it is."""


class Provider(Record):
    """The authority, as it registered us."""

    issuer: Encrypted
    client_id: str
    client_secret: SecretStr
    redirect_uri: Encrypted


class Begun(Record):
    """Where to send the browser, and the secret kept meanwhile by whoever sends it.

    ``state`` comes back with the answer to this sign-in, and with no other.
    """

    url: str
    state: str
    binding: str


class SingleSignOn:
    """Sends a browser to the authority and lets in whoever it brings back."""

    def __init__(
        self, provider: Provider, accounts: Accounts, identities: Identities, *,
        newcomer: Newcomer | None = None, clock: Callable[[], datetime] = wall_clock,
    ) -> None:  # fmt: skip
        self._provider = provider
        self._accounts = accounts
        self._identities = identities
        self._newcomer = newcomer
        self._clock = clock

    def begin(self) -> Begun:
        """Return the authority's page, good for ten minutes and one answer.

        Raises:
            ProviderFailed: it cannot be reached.
        """
        state, nonce, verifier, binding = (secrets.token_urlsafe(32) for _ in range(4))
        with _failing(), self._session() as session:
            endpoint = self._metadata(session).authorization_endpoint
            url, _ = session.create_authorization_url(
                endpoint, state=state, nonce=nonce, code_verifier=verifier
            )
        now = self._clock()
        row = {
            "state": hashed(state), "binding": hashed(binding), "nonce": nonce,
            "verifier": verifier, "ends_at": (now + PASSAGE_LASTS).isoformat(),
        }  # fmt: skip
        with exclusive(self._accounts.engine, WRITE_LOCK) as connection:
            connection.execute(sa.delete(PASSAGE).where(PASSAGE.c.ends_at < now.isoformat()))
            connection.execute(sa.insert(PASSAGE).values(row))
        return Begun(url=url, state=state, binding=binding)

    def finish(self, answer: str, *, binding: str) -> str:
        """Return the token of a new session.

        Args:
            answer: The whole address at which the browser came back.
            binding: The secret it was given by ``begin``.

        Raises:
            PassageOver: it belongs to no sign-in of this browser, or came twice or late.
            ProviderFailed: the authority refused, failed, or what it says does not hold.
            NotLinked: the identity has no account here.
            SignInRefused: the account is closed.
        """
        said = {name: values[0] for name, values in parse_qs(urlsplit(answer).query).items()}
        nonce, verifier = self._taken(said.get("state", ""), binding)
        if said.get("iss", self._provider.issuer) != self._provider.issuer:
            raise refusals.ProviderFailed("iss")
        if "code" not in said:
            raise refusals.ProviderFailed("denied")
        vouched = self._subject(said["code"], verifier, nonce)
        person = self._identities.holder(self._provider.issuer, vouched)
        if person is None and self._newcomer is not None:
            person = self._newcomer(self._provider.issuer, vouched)
        if person is None:
            raise refusals.NotLinked
        return self._accounts.admit(person, "oidc")

    def _taken(self, state: str, binding: str) -> tuple[str, str]:
        """Return nonce and verifier of the passage; it is gone for good, right or wrong."""
        with exclusive(self._accounts.engine, WRITE_LOCK) as connection:
            mine = PASSAGE.c.state == hashed(state)
            row = connection.execute(sa.select(PASSAGE).where(mine)).first()
            connection.execute(sa.delete(PASSAGE).where(mine))
        late = row is None or self._clock() >= datetime.fromisoformat(row.ends_at)
        if row is None or late or not secrets.compare_digest(row.binding, hashed(binding)):
            raise refusals.PassageOver
        return row.nonce, row.verifier

    def _subject(self, code: str, verifier: str, nonce: str) -> str:
        """Return whom the authority vouches for, once everything it says is checked."""
        with _failing(), self._session() as session:
            metadata = self._metadata(session)
            token = session.fetch_token(
                metadata.token_endpoint, code=code, code_verifier=verifier,
                grant_type="authorization_code", timeout=WAIT_S,
            )  # fmt: skip
            granted = Granted.model_validate(token)
            listed: Any = Keys.model_validate_json(_read(session, metadata.jwks_uri))
            keys = KeySet.import_key_set(listed.model_dump())
            signed = jwt.decode(granted.id_token, keys, algorithms=ALGORITHMS)
            claims = CodeIDToken(
                signed.claims, signed.header,
                {"iss": {"value": self._provider.issuer},
                 "aud": {"value": self._provider.client_id}},
                {"nonce": nonce, "client_id": self._provider.client_id,
                 "access_token": granted.access_token},
            )  # fmt: skip
            claims.validate(now=int(self._clock().timestamp()), leeway=LEEWAY_S)
            return subject(claims["sub"])

    def _metadata(self, session: OAuth2Session) -> Metadata:
        issuer = self._provider.issuer
        where = f"{issuer.rstrip('/')}/.well-known/openid-configuration"
        found = Metadata.model_validate_json(_read(session, where))
        if found.issuer != issuer:
            raise refusals.ProviderFailed("issuer")
        return found

    def _session(self) -> OAuth2Session:
        provider = self._provider
        return OAuth2Session(
            provider.client_id, provider.client_secret.get_secret_value(), scope="openid",
            redirect_uri=provider.redirect_uri, code_challenge_method="S256",
        )  # fmt: skip


def _read(session: OAuth2Session, url: str) -> bytes:
    answer = session.get(url, withhold_token=True, timeout=WAIT_S)
    answer.raise_for_status()
    said: bytes = answer.content
    return said


@contextmanager
def _failing() -> Iterator[None]:
    """Turn whatever goes wrong with the authority into a refusal without its words."""
    try:
        yield
    except requests.RequestException:
        raise refusals.ProviderFailed("unreachable") from None
    except AuthlibBaseError as error:
        named = isinstance(error.error, str) and ERROR.fullmatch(error.error)
        raise refusals.ProviderFailed(named[0] if named else "malformed") from None
    except JoseError as error:
        raise refusals.ProviderFailed(type(error).__name__) from None
    except MALFORMED:
        raise refusals.ProviderFailed("malformed") from None
