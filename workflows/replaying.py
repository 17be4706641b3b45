"""Replay recorded histories with today's workflow code, encrypted ones with their keys."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer

from engine.cli.parts import Replayed
from engine.settings import Settings
from engine.vault.keyring import Keyring, PayloadKeyError
from engine.vault.unreadable import PayloadUnreadableError
from workflows.converter import converter
from workflows.lost import keys_of
from workflows.worker import WORKFLOWS, sandbox


def replay(files: Sequence[Path], settings: Settings | None = None) -> Sequence[Replayed]:
    """Replay ``files``, one answer a file; needs no server and no plugin.

    Encrypted histories need the keys and the namespace of ``settings``.
    """
    return asyncio.run(_replay(files, settings or Settings()))


async def _replay(files: Sequence[Path], settings: Settings) -> Sequence[Replayed]:
    reading = settings.model_copy(update={"payloads": "plain"})  # reads both, sends nothing
    replayer = Replayer(
        workflows=WORKFLOWS, data_converter=converter(reading),
        namespace=settings.namespace, workflow_runner=sandbox(),
    )  # fmt: skip
    keyring = Keyring(settings.payload_folder)
    return [await _one(replayer, keyring, file) for file in files]


async def _one(replayer: Replayer, keyring: Keyring, file: Path) -> Replayed:
    try:
        history = recorded(file)
        _check_keys(history, keyring)
    except (PayloadUnreadableError, PayloadKeyError) as error:
        return Replayed(file=str(file), error=str(error))
    except (OSError, ValueError) as error:
        return Replayed(file=str(file), error=f"{type(error).__name__}: {error}")
    result = await replayer.replay_workflow(history, raise_on_replay_failure=False)
    failure = result.replay_failure
    return Replayed(file=str(file), error=str(failure) if failure else "")


def recorded(file: Path) -> WorkflowHistory:
    """Return the history in ``file`` under the workflow id it was recorded with.

    Raises:
        OSError, ValueError: the file cannot be read or holds no history to replay.
    """
    history = WorkflowHistory.from_json(file.stem, file.read_text("utf-8"))
    if not any(e.HasField("workflow_task_completed_event_attributes") for e in history.events):
        raise ValueError("还没有办完一次流程任务 | not one workflow task is completed in it")
    started = history.events[0].workflow_execution_started_event_attributes
    return replace(history, workflow_id=started.workflow_id or file.stem)


def _check_keys(history: WorkflowHistory, keyring: Keyring) -> None:
    """Say which key is missing before a replay fails on it without a word.

    Raises:
        PayloadUnreadableError: a key is not here or is destroyed.
    """
    for key in sorted({key for event in history.events for key in keys_of(event)}):
        found = keyring.find(key)
        if found is None or found.secret is None:
            raise PayloadUnreadableError("destroyed" if found else "unknown", key)
