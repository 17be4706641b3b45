"""The keys that prove who acts: a root, and the key a gateway signs with, renewed in time.

Files of mode 0600 in one folder. ``root.key`` may be kept elsewhere: without it a gateway
signs for as long as its certificate lasts, and is renewed from where the root is. A root
that is replaced names its successor in ``links`` first, so that cycles opened under it go
on. A worker that is no gateway needs ``roots`` alone: public keys, one a line.
"""

from __future__ import annotations

import base64
import binascii
import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import TypeAdapter, ValidationError

from engine.people.actor import (
    ActorNotProved,
    Certificate,
    PublicKey,
    Signer,
    certificate_in,
    certified,
    written,
)
from engine.private import NotPrivateError, read_private, write_private
from engine.record import Record

ROOT, GATEWAY, LINKS, ROOTS = "root.key", "gateway.json", "links", "roots"
VALID = timedelta(days=30)
RENEWED = timedelta(days=10)
"""A certificate that ends sooner than this is replaced when the root is at hand."""

LINK_VALID = timedelta(days=3650)
EARLIER = timedelta(minutes=10)
SEED_BYTES = 32
LISTED: TypeAdapter[tuple[str, ...]] = TypeAdapter(tuple[PublicKey, ...])


class ActorKeysError(Exception):
    """The keys cannot be used; says which file and what to do, in both languages."""


class Held(Record):
    """What ``gateway.json`` has: a private seed in base64, and its certificate."""

    seed: str
    certificate: str


class ActorKeys:
    """The keys in ``folder``; made at first use."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def roots(self, now: datetime) -> tuple[str, ...]:
        """Return the public roots that a cycle opened now pins.

        Raises:
            ActorKeysError: a file is open to others, holds no key, or is out of date.
        """
        self.signer(now)
        held = self._held()
        return (certificate_in(held.certificate).root,) if held else ()

    def known(self) -> tuple[str, ...]:
        """Return the public roots under which cycles are opened here, those replaced too.

        Nothing is made: where there is no key there is no root.

        Raises:
            ActorKeysError: a file is open to others, or holds no key.
        """
        held = self._held()
        known = {*self._named(), *self._listed()}
        if self.has_root:
            known.add(written(self._root().public_key()))
        if held:
            known.add(certificate_in(held.certificate).root)
        return tuple(sorted(known))

    def signer(self, now: datetime) -> Signer:
        """Return the gateway's key; a new one when its certificate soon ends.

        Raises:
            ActorKeysError: as for ``roots``.
        """
        held = self._held()
        if held is None and not self.has_root:
            write_private(self._folder / ROOT, f"{_new_seed()}\n".encode(), replace=False)
        if self.has_root and (held is None or _ends(held) < now + RENEWED):
            return self.rotate(now)
        if held is None or _ends(held) < now:
            file = self._folder / GATEWAY
            raise ActorKeysError(
                f"{file} 的证书已过期:在根密钥所在处续发 | the certificate in {file} has "
                "ended: renew it where the root key is"
            )
        return self._signing(held)

    def rotate(self, now: datetime) -> Signer:
        """Make another gateway key under the root; the old one is forgotten.

        Raises:
            ActorKeysError: the root is not at hand.
        """
        root, key = self._root(), Ed25519PrivateKey.generate()
        certificate = certified(
            root, key.public_key(), use="gateway", since=now - EARLIER, until=now + VALID
        )
        seed = base64.b64encode(key.private_bytes_raw()).decode()
        held = Held(seed=seed, certificate=certificate)
        write_private(self._folder / GATEWAY, held.model_dump_json().encode())
        return self._signing(held)

    def replace_root(self, now: datetime) -> Signer:
        """Let the root name a new one, and forget it; cycles under the old one go on.

        Raises:
            ActorKeysError: the root is not at hand.
        """
        old, new = self._root(), Ed25519PrivateKey.generate()
        link = certified(
            old, new.public_key(), use="root", since=now - EARLIER, until=now + LINK_VALID
        )
        write_private(self._folder / LINKS, "\n".join((link, *self._links())).encode())
        seed = base64.b64encode(new.private_bytes_raw()).decode()
        write_private(self._folder / ROOT, f"{seed}\n".encode())
        return self.rotate(now)

    def certificate(self) -> Certificate | None:
        """Return what the gateway's certificate says; None before there is one."""
        held = self._held()
        return certificate_in(held.certificate) if held else None

    def _signing(self, held: Held) -> Signer:
        chain = ".".join((held.certificate, *self._links()))
        return Signer(_key(held.seed, self._folder / GATEWAY), chain)

    @property
    def has_root(self) -> bool:
        """Say whether the root key is at hand."""
        return (self._folder / ROOT).exists()

    def _root(self) -> Ed25519PrivateKey:
        file = self._folder / ROOT
        if not self.has_root:
            raise ActorKeysError(f"根密钥 {file} 不在这里 | the root key {file} is not here")
        return _key(_private(file), file)

    def _held(self) -> Held | None:
        file = self._folder / GATEWAY
        if not file.exists():
            return None
        try:
            held = Held.model_validate_json(_private(file))
            certificate_in(held.certificate)
        except (ValidationError, ActorNotProved):
            raise ActorKeysError(f"{file} 不是网关密钥 | {file} is no gateway key") from None
        return held

    def _named(self) -> set[str]:
        """Return the roots that named another, and those they named."""
        try:
            links = [certificate_in(link) for link in self._links()]
        except ActorNotProved:
            file = self._folder / LINKS
            raise ActorKeysError(f"{file} 已损坏 | {file} is damaged") from None
        return {key for link in links for key in (link.root, link.key)}

    def _listed(self) -> tuple[str, ...]:
        """Return the public roots that somebody wrote down for this machine."""
        file = self._folder / ROOTS
        if not file.exists():
            return ()
        try:
            return LISTED.validate_python(tuple(_private(file).split()))
        except ValidationError:
            raise ActorKeysError(f"{file} 不是公开的根 | {file} has no public roots") from None

    def _links(self) -> tuple[str, ...]:
        """Return how each root named the next, the newest first."""
        file = self._folder / LINKS
        return tuple(file.read_text("ascii").split()) if file.exists() else ()


def _ends(held: Held) -> datetime:
    return datetime.fromtimestamp(certificate_in(held.certificate).not_after, UTC)


def _new_seed() -> str:
    return base64.b64encode(secrets.token_bytes(SEED_BYTES)).decode()


def _key(seed: str, file: Path) -> Ed25519PrivateKey:
    try:
        return Ed25519PrivateKey.from_private_bytes(base64.b64decode(seed, validate=True))
    except (binascii.Error, ValueError):
        raise ActorKeysError(f"{file} 里没有密钥 | there is no key in {file}") from None


def _private(file: Path) -> str:
    """Return what ``file`` holds if nobody but its owner may read it."""
    try:
        return read_private(file).decode("ascii").strip()
    except NotPrivateError as error:
        raise ActorKeysError(str(error)) from None
    except (OSError, UnicodeDecodeError) as error:
        reason = type(error).__name__
        raise ActorKeysError(
            f"密钥文件 {file} 无法读取:{reason} | cannot read key file {file}: {reason}"
        ) from None
