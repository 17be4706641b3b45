"""The codec: what a payload says is encrypted, and bound to the workflow it belongs to.

AES-256-GCM with a random nonce. The key's id, the namespace and the workflow's id are
authenticated, so a ciphertext moved to another workflow is refused. In clear stand the
key's id and the workflow's id, which Temporal has in clear anyhow: a codec server is told
nothing else of where a payload comes from.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import structlog
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from google.protobuf.message import DecodeError
from temporalio.api.common.v1 import Payload
from temporalio.converter import (
    ActivitySerializationContext,
    PayloadCodec,
    SerializationContext,
    WithSerializationContext,
    WorkflowSerializationContext,
)

from engine.vault.keyring import Keyring
from engine.vault.unreadable import Why
from workflows.unreadable import marked

log = structlog.get_logger()

ENCODING = b"binary/encrypted"
KEY, WORKFLOW = "encryption-key-id", "workflow-id"
VERSION = 1
NONCE_BYTES = 12
NO_KEY = "-"
SHOWN = 128
"""Letters of an id from outside that are looked up, logged or said."""

Lost = Callable[[str, str], None]
"""Told the workflow's id and the key's id when a payload's key is destroyed."""


@lru_cache(maxsize=64)
def _cipher(secret: bytes) -> AESGCM:
    return AESGCM(secret)


def _bound(namespace: str, workflow: str, key: str) -> bytes:
    """Return what a ciphertext is bound to; no two places give the same bytes."""
    return json.dumps(["taizhang.payload", VERSION, namespace, workflow, key]).encode()


def sealed_for(payload: Payload) -> tuple[str, str] | None:
    """Return the key's id and the workflow's id of an encrypted payload, else None."""
    if payload.metadata.get("encoding") != ENCODING:
        return None
    key, workflow = payload.metadata.get(KEY, b""), payload.metadata.get(WORKFLOW, b"")
    return key.decode("utf-8", "replace")[:SHOWN], workflow.decode("utf-8", "replace")[:SHOWN]


@dataclass(frozen=True)
class EncryptingCodec(PayloadCodec, WithSerializationContext):
    """Encrypts and decrypts the payloads of the workflow its context names.

    Without a context it decrypts what says where it belongs, as for a codec server, and
    encrypts nothing. With ``encrypts`` off it still decrypts: histories outlive a setting.
    Only with ``reads_clear`` it takes what is in clear, which whoever reaches the server
    can write.
    """

    keyring: Keyring
    namespace: str
    encrypts: bool = True
    reads_clear: bool = False
    lost: Lost | None = None
    workflow: str | None = None

    def with_context(self, context: SerializationContext) -> EncryptingCodec:
        """Return the codec of the workflow that ``context`` names."""
        if isinstance(context, WorkflowSerializationContext | ActivitySerializationContext):
            return replace(self, namespace=context.namespace, workflow=context.workflow_id)
        return self

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Return ``payloads`` encrypted under the newest key, each on its own.

        Raises:
            PayloadKeyError: there is no key.
            ValueError: nobody said which workflow they belong to.
        """
        return [self._encrypted(p) for p in payloads] if self.encrypts else list(payloads)

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Return ``payloads`` decrypted; what cannot be read is marked, never raised."""
        return [self._decrypted(payload) for payload in payloads]

    def _encrypted(self, payload: Payload) -> Payload:
        if self.workflow is None:
            raise ValueError("a payload without a workflow cannot be encrypted")
        key, nonce = self.keyring.newest(), secrets.token_bytes(NONCE_BYTES)
        assert key.secret is not None
        bound = _bound(self.namespace, self.workflow, key.id)
        sealed = _cipher(key.secret).encrypt(nonce, payload.SerializeToString(), bound)
        where = {KEY: key.id.encode(), WORKFLOW: self.workflow.encode()}
        return Payload(metadata={"encoding": ENCODING, **where}, data=nonce + sealed)

    def _decrypted(self, payload: Payload) -> Payload:
        said = sealed_for(payload)
        if said is None:
            return payload if self.reads_clear else self._unreadable("plain", NO_KEY)
        key, workflow = said
        found = self.keyring.find(key)
        if found is None:
            return self._unreadable("unknown", key)
        if found.secret is None:
            return self._unreadable("destroyed", key)
        bound = _bound(
            self.namespace, workflow if self.workflow is None else self.workflow, key
        )
        nonce, sealed = payload.data[:NONCE_BYTES], payload.data[NONCE_BYTES:]
        try:
            return Payload.FromString(_cipher(found.secret).decrypt(nonce, sealed, bound))
        except (InvalidTag, ValueError, DecodeError):
            return self._unreadable("refused", key)

    def _unreadable(self, why: Why, key: str) -> Payload:
        log.warning("payload_unreadable", workflow=self.workflow, key=key, why=why)
        if why == "destroyed" and self.lost and self.workflow:
            self.lost(self.workflow, key)
        return marked(why, key)
