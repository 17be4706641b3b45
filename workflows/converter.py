"""How values become Temporal payloads: pydantic JSON, encrypted unless it is switched off."""

from __future__ import annotations

from temporalio.contrib.pydantic import PydanticPayloadConverter
from temporalio.converter import (
    CompositePayloadConverter,
    DataConverter,
    DefaultFailureConverter,
    DefaultFailureConverterWithEncodedAttributes,
)

from engine.settings import Settings
from engine.vault.keyring import Keyring
from workflows.codec import EncryptingCodec, Lost
from workflows.unreadable import UnreadableConverter


class PayloadConverter(CompositePayloadConverter):
    """Pydantic JSON, and the mark of what could not be decrypted."""

    def __init__(self) -> None:
        super().__init__(*PydanticPayloadConverter().converters.values(), UnreadableConverter())


CONVERTER = DataConverter(payload_converter_class=PayloadConverter)
"""Without encryption: for histories recorded in clear."""


def converter(settings: Settings, lost: Lost | None = None) -> DataConverter:
    """Return the converter that ``settings`` ask for; ``lost`` hears of destroyed keys.

    Switched off it encrypts nothing, and still reads what was encrypted. Encrypting it
    reads nothing in clear, except while an installation migrates.

    Raises:
        PayloadKeyError: it shall encrypt and there is no key.
    """
    keyring, encrypts = Keyring(settings.payload_folder), settings.payloads != "plain"
    if encrypts:
        keyring.newest()
    return DataConverter(
        payload_converter_class=PayloadConverter,
        payload_codec=_codec(settings, keyring, encrypts, lost),
        failure_converter_class=(
            DefaultFailureConverterWithEncodedAttributes
            if encrypts
            else DefaultFailureConverter
        ),
    )


def _codec(
    settings: Settings, keyring: Keyring, encrypts: bool, lost: Lost | None
) -> EncryptingCodec:
    return EncryptingCodec(
        keyring,
        settings.namespace,
        encrypts=encrypts,
        reads_clear=settings.payloads != "encrypted",
        lost=lost,
    )
