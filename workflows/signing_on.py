"""Single sign-on by the settings of this installation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pydantic import ValidationError

from engine.cli.parts import USAGE, Stopped
from engine.people.everything import People
from engine.people.native import Registered, signed_on
from engine.people.oidc import SingleSignOn
from engine.private import NotPrivateError, read_private
from engine.settings import Settings

LACKING = {
    "issuer": "TAIZHANG_OIDC_ISSUER 须为签发方的 https 地址 | "
    "TAIZHANG_OIDC_ISSUER has to be the issuer's address, by https",
    "client_id": "TAIZHANG_OIDC_CLIENT_ID 须为签发方给的客户端编号 | "
    "TAIZHANG_OIDC_CLIENT_ID has to be the client id the issuer gave",
    "client_secret": "TAIZHANG_OIDC_CLIENT_SECRET 或 TAIZHANG_OIDC_CLIENT_SECRET_FILE "
    "须给出客户端密钥 | the client secret has to be in TAIZHANG_OIDC_CLIENT_SECRET, "
    "or in the file TAIZHANG_OIDC_CLIENT_SECRET_FILE",
    "redirect_uri": "TAIZHANG_OIDC_REDIRECT 须为本机地址与端口,如 "
    "http://127.0.0.1:8765/callback | TAIZHANG_OIDC_REDIRECT takes loopback and a port, "
    "such as http://127.0.0.1:8765/callback",
}
"""What each part of the registration takes: said when it is missing or will not do."""


def sign_on(settings: Settings, people: People, told: Callable[[str], None]) -> str:
    """Return the token of a new session; ``told`` hears which page to open in a browser.

    Raises:
        Stopped: settings are missing or will not do; each is said.
        Refused: see ``signed_on``.
    """
    registered = provider(settings)
    sso = SingleSignOn(registered, people.accounts, people.identities)
    return signed_on(sso, registered.redirect_uri, told)


def provider(settings: Settings) -> Registered:
    """Return the authority as the settings name it.

    Raises:
        Stopped: with a line for every setting that is missing or will not do.
    """
    secret, lacking = _secret(settings)
    given: dict[str, Any] = {
        "issuer": settings.oidc_issuer or None,
        "client_id": settings.oidc_client_id or None,
        "client_secret": secret,
        "redirect_uri": settings.oidc_redirect,
    }
    try:
        return Registered.model_validate(given)
    except ValidationError as wrong:
        said = {**LACKING, "client_secret": lacking}
        lines = [said[str(found["loc"][0])] for found in wrong.errors(include_input=False)]
    raise Stopped(*lines, code=USAGE)


def _secret(settings: Settings) -> tuple[str | None, str]:
    """Return the client secret, and what to say when there is none."""
    path, missing = settings.oidc_client_secret_file, LACKING["client_secret"]
    if settings.oidc_client_secret or path is None:
        given = settings.oidc_client_secret
        return given.get_secret_value() if given else None, missing
    try:
        return read_private(path).decode("utf-8", "replace").strip() or None, missing
    except NotPrivateError as error:
        return None, str(error)
    except OSError as error:
        return None, f"文件 {path} 无法读取 | cannot read file {path}: {error.strerror}"
