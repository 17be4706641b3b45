"""What encryption costs: the same cycle in clear and encrypted, in one run, as a ratio.

    python tests/benchmarks/codec.py [cycles] [rounds]

The modes take turns, round by round, so that whatever else the machine does meets both.
"""

from __future__ import annotations

import asyncio
import json
import os
import platform
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from temporalio.api.common.v1 import Payload
from temporalio.client import Client
from temporalio.converter import WorkflowSerializationContext
from temporalio.testing import WorkflowEnvironment

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parent.parent.parent))

from baseline import measured, ours

from engine import logs
from engine.ledger.sql import open_ledger, wall_clock
from engine.settings import Settings
from engine.vault.keyring import Keyring
from workflows.attributes import MEETING_ON, OPEN_ISSUES, STATUS, UNIT
from workflows.codec import EncryptingCodec
from workflows.converter import converter
from workflows.places import leave, temporal_binary
from workflows.worker import core_worker

MODES = ("plain", "encrypted")
PAYLOAD_BYTES, PAYLOADS = 1000, 2000


async def one_payload(settings: Settings) -> float:
    """Return the microseconds that encrypting and decrypting a payload of 1 kB take."""
    there = WorkflowSerializationContext(namespace="default", workflow_id="cycle/x")
    codec = EncryptingCodec(Keyring(settings.payload_folder), "").with_context(there)
    payload = Payload(metadata={"encoding": b"json/plain"}, data=os.urandom(PAYLOAD_BYTES))
    started = time.perf_counter()
    for _ in range(PAYLOADS):
        await codec.decode(await codec.encode([payload]))
    return (time.perf_counter() - started) / PAYLOADS * 1e6


async def run(cycles: int, rounds: int) -> dict[str, dict[str, float]]:
    found: dict[str, list[dict[str, float]]] = {}
    folder = Path(tempfile.mkdtemp())
    keys = Settings(data_dir=folder)
    Keyring(keys.payload_folder).ensure(wall_clock())
    async with await WorkflowEnvironment.start_local(
        dev_server_existing_path=temporal_binary(), dev_server_log_level="error",
        dev_server_database_filename=str(folder / "temporal.db"),
        dev_server_extra_args=[
            "--sqlite-pragma", "journal_mode=WAL", "--sqlite-pragma", "synchronous=FULL",
        ],
        search_attributes=[UNIT, STATUS, MEETING_ON, OPEN_ISSUES],
    ) as env:  # fmt: skip
        address = env.client.service_client.config.target_host
        ledger = open_ledger(f"sqlite:///{folder}/ledger.db")
        for number in range(rounds):
            for name, cached in (("warm", 500), ("cold", 0)):
                for mode in MODES:
                    settings = Settings(
                        data_dir=folder, payloads=mode, plugins="",
                        task_queue=f"{mode}-{name}-{number}",
                    )  # fmt: skip
                    client = await Client.connect(address, data_converter=converter(settings))
                    async with core_worker(client, settings, lambda: ledger, cached=cached):
                        found.setdefault(f"{mode} {name}", []).append(
                            await measured(
                                client, lambda c=client, s=settings: ours(c, s), cycles
                            )
                        )
    medians = {
        name: {key: median(row[key] for row in rows) for key in rows[0]}
        for name, rows in found.items()
    }
    return {**medians, "payload": {"microseconds": round(await one_payload(keys), 1)}}


def main() -> None:
    logs.configure(level=40)
    cycles, rounds = (int(a) for a in (*sys.argv[1:3], *("4", "3")[len(sys.argv) - 1 :]))
    found = asyncio.run(run(cycles, rounds))
    where = f"{os.cpu_count()} cores, Python {platform.python_version()}"
    print(f"27 commands, {cycles} cycles at once, median of {rounds} rounds, {where}")
    for name, row in found.items():
        print(f"{name:15}", *(f"{key} {value:>8}" for key, value in row.items()))
    for name in ("warm", "cold"):
        plain, encrypted = found[f"plain {name}"], found[f"encrypted {name}"]
        for key in ("cpu_s", "kilobytes", "wall_s"):
            print(f"{key} encrypted / plain, {name}: {encrypted[key] / plain[key]:.2f}")
    print(json.dumps(found))


if __name__ == "__main__":
    main()
    leave(0)
