"""An authority that answers oddly is a refusal without its words, never a crash."""

from __future__ import annotations

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc import jws
from joserfc.jwk import ECKey

from engine.people.accounts import Accounts
from engine.people.identities import Identities
from engine.people.oidc import Provider, SingleSignOn
from engine.people.refusals import ProviderFailed

BACK = "http://127.0.0.1:1/signed-in"
KEY = ECKey.generate_key("P-256", private=True)
DEEP = b"[" * 200_000
WORDS = "\x1b[2J 请拨打 400"
REFUSED = ("malformed", "InvalidClaimError", "MissingClaimError")
ODD = ([], ["x"], "x", None, 5, 1e999, {})


class Odd(BaseHTTPRequestHandler):
    """Answers as the standard says, but for what the test lays into ``server.odd``."""

    def log_message(self, *_):
        pass

    def do_GET(self):
        self.answer("keys" if self.path == "/jwks" else "metadata")

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.answer("token")

    def answer(self, what):
        said = self.server.odd.get(what, self.server.usual[what])
        body = said if isinstance(said, bytes) else json.dumps(said).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(body)


class Authority:
    """The authority, and whoever signs in by it."""

    def __init__(self, organisation, server):
        at = f"http://127.0.0.1:{server.server_port}"
        self.server = server
        self.server.odd = {}
        self.metadata = {
            "issuer": at, "authorization_endpoint": f"{at}/auth",
            "token_endpoint": f"{at}/token", "jwks_uri": f"{at}/jwks",
        }  # fmt: skip
        keys = {"keys": [KEY.as_dict(private=False)]}
        self.server.usual = {"metadata": self.metadata, "keys": keys}
        self.accounts = Accounts(organisation.engine, b"p" * 32)
        self.accounts.open("m05", by="ops")
        identities = Identities(organisation.engine)
        identities.link("m05", at, "wang", by="ops")
        provider = Provider(issuer=at, client_id="c", client_secret="s", redirect_uri=BACK)
        self.sso = SingleSignOn(provider, self.accounts, identities)

    def says(self, **odd):
        self.server.odd = odd

    def sign_in(self, token=None, **claims):
        begun = self.sso.begin()
        asked = {k: v[0] for k, v in parse_qs(urlsplit(begun.url).query).items()}
        now = int(time.time())
        usual = {
            "iss": self.metadata["issuer"], "aud": "c", "sub": "wang", "iat": now,
            "exp": now + 60, "nonce": asked["nonce"],
        }  # fmt: skip
        claimed = json.dumps(usual | claims).encode()
        signed = jws.serialize_compact({"alg": "ES256"}, claimed, KEY)
        given = {"access_token": "x", "token_type": "bearer", "id_token": signed}
        self.server.usual["token"] = given | (token or {})
        answer = f"{BACK}?code=abc&state={begun.state}"
        return self.sso.finish(answer, binding=begun.binding)

    def refused(self, *odd, **claims):
        with pytest.raises(ProviderFailed) as refused:
            self.sign_in(*odd, **claims)
        return refused.value.why


@pytest.fixture(scope="module")
def server():
    made = ThreadingHTTPServer(("127.0.0.1", 0), Odd)
    threading.Thread(target=made.serve_forever, daemon=True).start()
    yield made
    made.shutdown()
    made.server_close()


@pytest.fixture
def authority(organisation, server):
    return Authority(organisation, server)


def test_one_that_answers_as_the_standard_says_lets_in(authority):
    assert authority.accounts.whose(authority.sign_in()) == "m05"


@pytest.mark.parametrize("what", ["metadata", "keys", "token"])
def test_an_answer_of_another_shape_is_malformed(authority, what):
    for said in (*ODD, DEEP, b"", b"\xff", b"{"):
        authority.says(**{what: said})
        assert authority.refused() == "malformed", said


@pytest.mark.parametrize("where", ["authorization_endpoint", "token_endpoint", "jwks_uri"])
def test_nobody_goes_to_an_address_that_is_none_or_not_safe(authority, where):
    unsafe = ("http://id.example/x", "javascript:alert(1)", "https://id.example/\x1b[2J")
    for said in (*ODD, *unsafe, WORDS):
        authority.says(metadata=authority.metadata | {where: said})
        assert authority.refused() == "malformed", said


def test_a_token_that_is_none_is_refused(authority):
    for said in (*ODD, "", "a.b.c"):
        assert authority.refused({"id_token": said}) in ("malformed", "DecodeError"), said


def test_a_subject_that_the_standard_does_not_know_is_refused(authority):
    for said in ("x" * 256, "王", "a\nb", "\udcff", WORDS):
        assert authority.refused(sub=said) == "malformed", said
    for said in (["wang"], {"wang": 1}, 5, 1e999, None, "", [], {}):
        assert authority.refused(sub=said) in REFUSED, said


@pytest.mark.parametrize("claim", ["iss", "aud", "exp", "nonce", "azp", "at_hash"])
def test_an_odd_claim_lets_nobody_in(authority, claim):
    for said in (["x"], "x", 5, {"x": []}):
        assert authority.refused(**{claim: said}).isidentifier(), said


def test_an_error_in_words_of_its_own_is_not_repeated(authority):
    for said in (WORDS, ["x"], {"x": 1}, 5, "x" * 41):
        odd = {"error": said, "error_description": WORDS}
        assert authority.refused(odd) == "malformed", said
