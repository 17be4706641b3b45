"""The codec by itself: what it hides, what it is bound to, and what it refuses."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from temporalio.api.common.v1 import Payload
from temporalio.converter import (
    ActivitySerializationContext,
    DefaultFailureConverterWithEncodedAttributes,
    WorkflowSerializationContext,
)

from engine.settings import Settings
from engine.vault.keyring import Keyring, PayloadKeyError
from engine.vault.unreadable import PayloadUnreadableError
from workflows.codec import EncryptingCodec
from workflows.converter import converter
from workflows.unreadable import MARK, Destroyed, unreadable

DAY = datetime(2026, 3, 2, 8, tzinfo=UTC)
CANARY = Payload(metadata={"encoding": b"json/plain"}, data=b'"CANARY"')


@pytest.fixture
def keyring(tmp_path):
    made = Keyring(tmp_path / "payload-keys")
    made.ensure(DAY)
    return made


def bound(keyring, workflow="cycle/a", namespace="default", **said):
    context = WorkflowSerializationContext(namespace=namespace, workflow_id=workflow)
    return EncryptingCodec(keyring, "elsewhere", **said).with_context(context)


async def sealed(keyring):
    return (await bound(keyring).encode([CANARY]))[0]


async def opened(codec, payload):
    """Return what comes of decoding: the payload, or why there is none."""
    found = (await codec.decode([payload]))[0]
    marked = found.metadata["encoding"] == MARK.encode()
    return found.metadata["why"].decode() if marked else found


async def test_what_was_sealed_for_a_workflow_opens_there(keyring):
    payload = await sealed(keyring)

    assert await opened(bound(keyring), payload) == CANARY
    assert b"CANARY" not in payload.SerializeToString()


async def test_in_clear_stand_the_key_and_the_workflow_only(keyring):
    payload = await sealed(keyring)

    assert dict(payload.metadata) == {
        "encoding": b"binary/encrypted",
        "encryption-key-id": keyring.newest().id.encode(),
        "workflow-id": b"cycle/a",
    }


async def test_the_same_value_never_looks_the_same(keyring):
    first, second = await sealed(keyring), await sealed(keyring)

    assert first.data != second.data
    assert first.data[:12] != second.data[:12]


async def test_an_activity_reads_what_its_workflow_sent(keyring):
    activity = ActivitySerializationContext(
        namespace="default", activity_id="1", activity_type="x", activity_task_queue="q",
        workflow_id="cycle/a", workflow_type="W", is_local=False,
    )  # fmt: skip
    codec = EncryptingCodec(keyring, "elsewhere").with_context(activity)

    assert await opened(codec, await sealed(keyring)) == CANARY


@pytest.mark.parametrize("where", [{"workflow": "cycle/b"}, {"namespace": "other"}])
async def test_a_ciphertext_of_another_workflow_is_refused(keyring, where):
    assert await opened(bound(keyring, **where), await sealed(keyring)) == "refused"


async def test_no_byte_of_a_ciphertext_can_be_changed(keyring):
    whole = await sealed(keyring)
    for at in range(len(whole.data)):
        changed = bytearray(whole.data)
        changed[at] ^= 1
        payload = Payload(metadata=whole.metadata, data=bytes(changed))

        assert await opened(bound(keyring), payload) == "refused"


async def test_a_ciphertext_cannot_be_cut_or_lengthened(keyring):
    whole = await sealed(keyring)
    for data in [whole.data[:-1], whole.data[:12], whole.data[:5], b"", whole.data + b"\0"]:
        payload = Payload(metadata=whole.metadata, data=data)

        assert await opened(bound(keyring), payload) == "refused"


async def test_a_ciphertext_cannot_be_passed_off_under_another_key(keyring):
    payload = await sealed(keyring)
    second = keyring.rotate(DAY + timedelta(days=1))
    payload.metadata["encryption-key-id"] = second.id.encode()

    assert await opened(bound(keyring), payload) == "refused"


async def test_the_id_of_the_key_is_bound_even_where_the_secret_is_the_same(keyring):
    payload, first = await sealed(keyring), keyring.newest().id
    said = (keyring.folder / f"{first}.json").read_text().replace(first, "twin")
    twin = keyring.folder / "twin.json"
    twin.touch(0o600)
    twin.write_text(said)
    payload.metadata["encryption-key-id"] = b"twin"

    assert await opened(bound(keyring), payload) == "refused"


async def test_a_key_that_is_not_here_is_said_so(keyring):
    payload = await sealed(keyring)
    payload.metadata["encryption-key-id"] = b"20200101-00000000"

    assert await opened(bound(keyring), payload) == "unknown"


async def test_metadata_that_is_not_text_is_no_way_in(keyring):
    payload = Payload(metadata={"encoding": b"binary/encrypted", "encryption-key-id": b"\xff"})

    assert await opened(bound(keyring), payload) == "unknown"


async def test_after_a_rotation_the_old_opens_and_the_new_encrypts(keyring):
    before = await sealed(keyring)
    second = keyring.rotate(DAY + timedelta(days=1))
    after = await sealed(keyring)

    assert await opened(bound(keyring), before) == CANARY
    assert await opened(bound(keyring), after) == CANARY
    assert after.metadata["encryption-key-id"] == second.id.encode()


async def test_what_a_destroyed_key_sealed_is_marked_and_somebody_hears_of_it(keyring):
    payload, first, heard = await sealed(keyring), keyring.newest().id, []
    keyring.rotate(DAY + timedelta(days=1))
    keyring.destroy(first, DAY + timedelta(days=2))
    codec = bound(keyring, lost=lambda *what: heard.append(what))

    assert await opened(codec, payload) == "destroyed"
    assert heard == [("cycle/a", first)]


@pytest.mark.parametrize("said", [{}, {"why": b"\xff"}, {"why": b"x", "key": b"\xff"}])
async def test_a_mark_from_outside_is_refused_like_any_other(keyring, said):
    forged = Payload(metadata={"encoding": MARK.encode(), **said})
    [payload] = await bound(keyring, reads_clear=True).decode([forged])
    [strictly] = await bound(keyring).decode([forged])

    assert unreadable(payload).why == "refused"
    assert unreadable(strictly).why == "plain"


async def test_what_is_in_clear_is_refused_for_anybody_can_write_it(keyring):
    assert await opened(bound(keyring), CANARY) == "plain"


async def test_what_was_written_in_clear_before_reads_while_an_installation_migrates(keyring):
    assert await opened(bound(keyring, reads_clear=True), CANARY) == CANARY


async def test_without_a_workflow_it_opens_and_never_seals(keyring):
    codec = EncryptingCodec(keyring, "default")

    assert await opened(codec, await sealed(keyring)) == CANARY
    with pytest.raises(ValueError, match="without a workflow"):
        await codec.encode([CANARY])


async def test_switched_off_it_still_reads_what_was_encrypted(keyring):
    codec = bound(keyring, encrypts=False)

    assert await codec.encode([CANARY]) == [CANARY]
    assert await opened(codec, await sealed(keyring)) == CANARY


def test_p20_payloads_are_encrypted_unless_it_is_switched_off(tmp_path, keyring):
    encrypted = converter(Settings(data_dir=tmp_path))
    plain = converter(Settings(data_dir=tmp_path, payloads="plain"))

    assert encrypted.payload_codec.encrypts
    assert not encrypted.payload_codec.reads_clear
    assert encrypted.failure_converter_class is DefaultFailureConverterWithEncodedAttributes
    assert not plain.payload_codec.encrypts
    assert plain.payload_codec.reads_clear


def test_while_it_migrates_an_installation_encrypts_and_reads_both(tmp_path, keyring):
    migrating = converter(Settings(data_dir=tmp_path, payloads="migrating"))

    assert migrating.payload_codec.encrypts
    assert migrating.payload_codec.reads_clear
    assert migrating.failure_converter_class is DefaultFailureConverterWithEncodedAttributes


def test_without_keys_nobody_starts_unless_it_is_switched_off(tmp_path):
    with pytest.raises(PayloadKeyError, match="no payload keys in"):
        converter(Settings(data_dir=tmp_path))

    assert converter(Settings(data_dir=tmp_path, payloads="plain"))


async def test_a_destroyed_value_is_a_tombstone_and_never_passes_for_another(tmp_path):
    keyring = Keyring(tmp_path / "payload-keys")
    keyring.ensure(DAY)
    payload, first = await sealed(keyring), keyring.newest().id
    keyring.rotate(DAY)
    keyring.destroy(first, DAY)
    there = WorkflowSerializationContext(namespace="default", workflow_id="cycle/a")
    reading = converter(Settings(data_dir=tmp_path)).with_context(there)

    assert await reading.decode([payload]) == [Destroyed(key=first)]
    with pytest.raises(PayloadUnreadableError, match="已销毁"):
        await reading.decode([payload], [str])
