"""Who did it is proved: an assertion signed for one command to one workflow, for minutes.

An installation has a *root* key. It signs certificates of the keys a gateway uses, and a
gateway signs one assertion a command. A cycle pins the roots it was opened under, so keys
rotate without a word to any cycle, and a replay needs nobody's key.

``assertion = claims.signature.certificate.signature[.certificate.signature ...]``, each part
base64url; a signature is Ed25519 over the part before it, with its purpose in front. More
certificates than one are those by which a root named the root that came after it.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Annotated, ClassVar, Literal, TypeAlias, TypeVar

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from pydantic import Field, ValidationError

from engine.record import Record, canonical_json
from engine.refusal import Refused

LIVES = timedelta(minutes=5)
AHEAD = timedelta(minutes=1)
"""How far the clocks of a gateway and of the server may be apart."""

LONGEST = 4096
"""Characters of an assertion; a longer one is not looked at."""

PublicKey: TypeAlias = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{43}$")]
"""32 bytes in base64url without padding."""

Why: TypeAlias = Literal[
    "missing", "malformed", "forged", "untrusted", "expired", "too_early", "other_target",
    "other_command", "other_actor",
]  # fmt: skip
T = TypeVar("T", bound=Record)


@dataclass(eq=False)
class ActorNotProved(Refused):
    """Nobody answers for the person a command or an opening names; see ``Why``."""

    why: str
    zh: ClassVar[str] = "办理人未经证明({why}):请用 taizhang 办理,不要直接发给 Temporal"
    en: ClassVar[str] = (
        "who acts is not proved ({why}): send it with taizhang, not to Temporal itself"
    )


class Certificate(Record):
    """That ``root`` lets ``key`` sign between two moments, as Unix seconds.

    A key of ``use`` ``gateway`` signs assertions, one of ``root`` certificates.
    """

    use: Literal["gateway", "root"]
    root: PublicKey
    key: PublicKey
    not_before: int
    not_after: int


class Claims(Record):
    """What a gateway vouches for: this person sends this command to this workflow, now.

    ``command`` is the command's id and ``digest`` that of the whole command, so what was
    overheard can only be sent again as what it was, and that happens once.
    """

    by: str
    target: str
    kind: str
    command: str
    digest: str
    issued: int
    expires: int


@dataclass(frozen=True, slots=True)
class Signer:
    """A gateway's key with the chain of certificates from it to the oldest root."""

    key: Ed25519PrivateKey
    chain: str

    def assertion(
        self, *, by: str, target: str, kind: str, command: str, digest: str, now: datetime
    ) -> str:
        """Return what proves that ``by`` sends this command, for ``LIVES`` from ``now``."""
        claims = Claims(
            by=by, target=target, kind=kind, command=command, digest=digest,
            issued=int(now.timestamp()), expires=int((now + LIVES).timestamp()),
        )  # fmt: skip
        return f"{signed(self.key, 'actor', claims)}.{self.chain}"


def prove(
    assertion: str | None, *, roots: tuple[str, ...], by: str, target: str, kind: str,
    command: str, digest: str, now: datetime,
) -> frozenset[str]:  # fmt: skip
    """Return the roots trusted once ``assertion`` proves that ``by`` sends exactly this.

    Those are ``roots`` and the ones they named to come after them.

    Raises:
        ActorNotProved: it does not, for the first reason that was found.
    """
    if not assertion:
        raise ActorNotProved("missing")
    parts = assertion.split(".")
    if len(assertion) > LONGEST or len(parts) < 4 or len(parts) % 2:
        raise ActorNotProved("malformed")
    key, trusted = _vouched(parts[2:], roots, now)
    _verified(key, "actor", parts[0], parts[1])
    claims = _opened(parts[0], Claims)
    _in_time(claims.issued, claims.expires, now)
    if claims.target != target:
        raise ActorNotProved("other_target")
    if (claims.kind, claims.command, claims.digest) != (kind, command, digest):
        raise ActorNotProved("other_command")
    if claims.by != by:
        raise ActorNotProved("other_actor")
    return trusted


def prove_opening(
    assertion: str | None, *, pinned: tuple[str, ...], roots: tuple[str, ...], by: str,
    target: str, kind: str, digest: str, now: datetime,
) -> None:  # fmt: skip
    """Return when ``by`` opens ``target``, and the roots it pins are trusted here.

    Raises:
        ActorNotProved: somebody opens it for himself, or it would trust others than ``roots``.
    """
    trusted = prove(
        assertion, roots=roots, by=by, target=target, kind=kind, command=kind, digest=digest,
        now=now,
    )  # fmt: skip
    if not pinned or not trusted.issuperset(pinned):
        raise ActorNotProved("untrusted")


def _vouched(
    parts: list[str], roots: tuple[str, ...], now: datetime
) -> tuple[str, frozenset[str]]:
    """Return the gateway's key when certificates lead to it from one of ``roots``.

    With it come the roots there are then: ``roots``, and those that were named by them. The
    gateway's certificate comes first; each one after it speaks for the root before.
    """
    pairs = list(zip(parts[::2], parts[1::2], strict=True))
    chain = [(_opened(part, Certificate), part, signature) for part, signature in pairs]
    if [one.use for one, _, _ in chain] != ["gateway"] + ["root"] * (len(chain) - 1):
        raise ActorNotProved("malformed")
    trusted = set(roots)
    for certificate, part, signature in reversed(chain):
        if certificate.root in trusted:
            _verified(certificate.root, "certificate", part, signature)
            _in_time(certificate.not_before, certificate.not_after, now)
            trusted.add(certificate.key)
    if (key := chain[0][0].key) not in trusted - set(roots):
        raise ActorNotProved("untrusted")
    return key, frozenset(trusted - {key})


def certified(
    root: Ed25519PrivateKey, key: Ed25519PublicKey, *, use: Literal["gateway", "root"],
    since: datetime, until: datetime,
) -> str:  # fmt: skip
    """Return the certificate by which ``root`` lets ``key`` sign for ``use``."""
    certificate = Certificate(
        use=use, root=written(root.public_key()), key=written(key),
        not_before=int(since.timestamp()), not_after=int(until.timestamp()),
    )  # fmt: skip
    return signed(root, "certificate", certificate)


def certificate_in(text: str) -> Certificate:
    """Return what a certificate says; its signature is not looked at.

    Raises:
        ActorNotProved: it is none.
    """
    return _opened(text.partition(".")[0], Certificate)


def written(key: Ed25519PublicKey) -> str:
    """Return a public key as text."""
    return _encoded(key.public_bytes_raw())


def fingerprint(key: str) -> str:
    """Return what people compare of a public key: 16 hexadecimal digits."""
    return sha256(key.encode()).hexdigest()[:16]


def signed(key: Ed25519PrivateKey, purpose: str, record: Record) -> str:
    """Return ``record`` and the signature over it for ``purpose``, as ``part.signature``."""
    part = _encoded(canonical_json(record.model_dump(mode="json")).encode())
    return f"{part}.{_encoded(key.sign(_message(purpose, part)))}"


def _message(purpose: str, part: str) -> bytes:
    return f"taizhang/{purpose}/1\n{part}".encode()


def _verified(key: str, purpose: str, part: str, signature: str) -> None:
    try:
        public = Ed25519PublicKey.from_public_bytes(_decoded(key))
        public.verify(_decoded(signature), _message(purpose, part))
    except (InvalidSignature, ValueError):
        raise ActorNotProved("forged") from None


def _in_time(since: int, until: int, now: datetime) -> None:
    if now.timestamp() > until:
        raise ActorNotProved("expired")
    if (now + AHEAD).timestamp() < since:
        raise ActorNotProved("too_early")


def _opened(part: str, shape: type[T]) -> T:
    try:
        return shape.model_validate_json(_decoded(part))
    except (ValidationError, ValueError):
        raise ActorNotProved("malformed") from None


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError(str(error)) from None
