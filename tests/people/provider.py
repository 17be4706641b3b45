"""A real OpenID provider (``oidc-provider-mock``) as a process of its own.

Run as a program it serves on loopback and, which the package leaves out, holds every code
to its PKCE challenge.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import sys
from urllib.parse import parse_qs, urlsplit
from wsgiref.simple_server import WSGIRequestHandler, make_server

import oidc_provider_mock


class HeldToPkce:
    """WSGI middleware: a code is redeemed only with the verifier of its challenge."""

    def __init__(self, app):
        self.app = app
        self.challenges = {}

    def __call__(self, environ, start_response):
        if environ["PATH_INFO"] == "/oauth2/token" and not self._fits(environ):
            start_response("400 Bad Request", [("Content-Type", "application/json")])
            return [json.dumps({"error": "invalid_grant"}).encode()]

        def start(status, headers, *rest):
            asked = parse_qs(environ.get("QUERY_STRING", ""))
            location = dict(headers).get("Location", "")
            for code in parse_qs(urlsplit(location).query).get("code", []):
                assert asked["code_challenge_method"] == ["S256"]
                self.challenges[code] = asked["code_challenge"][0]
            return start_response(status, headers, *rest)

        return self.app(environ, start)

    def _fits(self, environ):
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(body)
        form = parse_qs(body.decode())
        made = hashlib.sha256(form.get("code_verifier", [""])[0].encode()).digest()
        challenge = base64.urlsafe_b64encode(made).rstrip(b"=").decode()
        return self.challenges.pop(form.get("code", [""])[0], None) == challenge


class Quiet(WSGIRequestHandler):
    def log_message(self, *_):
        pass


if __name__ == "__main__":
    application = oidc_provider_mock.app(require_client_registration=True, require_nonce=True)
    server = make_server("127.0.0.1", 0, HeldToPkce(application), handler_class=Quiet)
    print(server.server_port, flush=True)
    server.serve_forever()
    sys.exit()
