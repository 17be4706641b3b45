"""What an authority for single sign-on says, held to the shape the standard gives it.

Source: OpenID Connect Discovery 1.0, section 3; OpenID Connect Core 1.0, sections 2, 3.1.3.
"""

from __future__ import annotations

from typing import Annotated, Any, TypeAlias
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict

LOOPBACK = ("127.0.0.1", "localhost", "::1")
LONGEST_SUBJECT = 255


def encrypted(url: str) -> str:
    """Return ``url``; refuse plain HTTP to anywhere but this machine, and what is no URL.

    Raises:
        ValueError: it is refused.
    """
    parts = urlsplit(url)
    if parts.scheme != "https" and (parts.scheme != "http" or parts.hostname not in LOOPBACK):
        raise ValueError("须为 https | has to be https")
    if not (url.isascii() and url.isprintable()):
        raise ValueError("地址含有不可见字符 | the address has characters nobody sees")
    return url


Encrypted: TypeAlias = Annotated[str, AfterValidator(encrypted)]


def subject(said: object) -> str:
    """Return the subject an authority names.

    Raises:
        ValueError: it is no string of 1 to 255 ASCII characters that can be seen.
    """
    fit = isinstance(said, str) and said.isascii() and said.isprintable()
    if not fit or not 1 <= len(str(said)) <= LONGEST_SUBJECT:
        raise ValueError("sub")
    return str(said)


class _Said(BaseModel):
    """What else it says is nothing to us."""

    model_config = ConfigDict(frozen=True, strict=True, extra="ignore")


class Metadata(_Said):
    """Where the authority is asked for what."""

    issuer: str
    authorization_endpoint: Encrypted
    token_endpoint: Encrypted
    jwks_uri: Encrypted


class Keys(_Said):
    """The keys it signs with."""

    keys: list[dict[str, Any]]


class Granted(_Said):
    """What it gives for a code."""

    id_token: str
    access_token: str | None = None
