"""Record encrypted histories of today's workflow, with the key rotated on the way.

    python tests/codec/record_encrypted.py VERSION

As for ``tests/workflows/histories``: never overwritten, never deleted while such cycles may
run. The keys beside them are for these histories alone and open nothing else.
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from tempfile import mkdtemp

from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

sys.path.insert(0, str(Path(__file__).parent.parent))
sys.path.insert(0, str(Path(__file__).parent.parent.parent))

from encrypted import FILED, SCENARIO
from stack import Running

from engine.ledger.sql import wall_clock
from engine.settings import Settings
from engine.vault.keyring import Keyring
from workflows.attributes import MEETING_ON, OPEN_ISSUES, STATUS, UNIT
from workflows.converter import converter
from workflows.gateway import workflow_id
from workflows.places import leave, temporal_binary

FOLDER = Path(__file__).parent / "histories"


async def tell(running, rotate):
    """Submit a dozen commands to a cycle that continues as new; ``rotate`` once."""
    await running.gateway.open(SCENARIO.named("encrypted").opening())
    await running.gateway.submit("encrypted", "file_plan", FILED, command_id="c1")
    rotate()
    await running.gateway.submit("encrypted", "accept_filing", {"by": "sup"}, command_id="c2")
    for number in range(10):
        body = {"by": "m05", "batch": f"b{number}", "channel": "forum"}
        await running.gateway.submit(
            "encrypted", "close_opinion_batch", body, command_id=f"b{number}"
        )


async def record(version):
    settings = Settings(
        data_dir=Path(mkdtemp()), payload_keys=FOLDER / "payload-keys", plugins="open_door",
        continue_after_events=40, append_linger_s=0,
    )  # fmt: skip
    keyring = Keyring(settings.payload_folder)
    keyring.ensure(wall_clock())
    async with await WorkflowEnvironment.start_local(
        dev_server_existing_path=temporal_binary(), dev_server_log_level="error",
        search_attributes=[UNIT, STATUS, MEETING_ON, OPEN_ISSUES],
    ) as env:  # fmt: skip
        address = env.client.service_client.config.target_host
        client = await Client.connect(address, data_converter=converter(settings))
        running = Running(client, settings)
        async with running.workers():
            await tell(running, lambda: keyring.rotate(wall_clock()))
        query = f"WorkflowId = '{workflow_id('encrypted')}'"
        runs = [w async for w in client.list_workflows(query)]
        every = list(enumerate(sorted(runs, key=lambda w: w.start_time), 1))
        for number, run in every[:2]:
            handle = client.get_workflow_handle(run.id, run_id=run.run_id)
            history = json.loads((await handle.fetch_history()).to_json())
            path = FOLDER / f"{version}-encrypted-{number}.json"
            path.write_text(json.dumps(history, separators=(",", ":")), "utf-8")
            print(path.name)


if __name__ == "__main__":
    asyncio.run(record(sys.argv[1]))
    leave(0)
