"""Cycles whose payloads are encrypted, on a server whose file can be read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from stack import Running
from temporalio.client import Client

from engine.scenario.load import find, load
from engine.vault.keyring import Keyring
from workflows.codec import EncryptingCodec
from workflows.converter import converter
from workflows.gateway import workflow_id

DAY = datetime(2026, 3, 2, 8, tzinfo=UTC)
SEALED = f"sealed:{'1' * 32}:{'2' * 64}"
FILED = {"by": "m01", "content": SEALED}
SCENARIO = load(find("nanzhang"))


class Forging(EncryptingCodec):
    """Sends payloads as they are handed to it, and reads what comes back."""

    async def encode(self, payloads):
        return list(payloads)


@dataclass
class Server:
    """The server's address and the file it keeps everything in."""

    address: str
    file: Path

    def dump(self) -> bytes:
        return b"".join(part.read_bytes() for part in self.file.parent.glob("temporal.db*"))


class Encrypted(Running):
    """Workers whose client encrypts, over the keys in a folder of the test's own."""

    def __init__(self, client, settings, server):
        super().__init__(client, settings)
        self.server = server
        self.keyring = Keyring(settings.payload_folder)

    async def connected(self, lost=None, **said) -> Client:
        settings = self.settings.model_copy(update=said)
        how = converter(settings, lost)
        return await Client.connect(self.server.address, data_converter=how)

    async def forging(self) -> Client:
        how = converter(self.settings)
        codec = Forging(self.keyring, self.settings.namespace)
        return await Client.connect(
            self.server.address, data_converter=replace(how, payload_codec=codec)
        )

    async def opened(self) -> str:
        scenario = SCENARIO.named(f"t-{uuid4().hex[:8]}")
        await self.gateway.open(scenario.opening())
        return scenario.cycle

    async def history(self, cycle, run_id=None):
        handle = self.client.get_workflow_handle(workflow_id(cycle), run_id=run_id)
        return await handle.fetch_history()
