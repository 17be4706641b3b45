"""Encrypted histories replay with their keys, and say which key they lack."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from temporalio.worker import Replayer

from engine.settings import Settings
from engine.vault.keyring import Keyring
from workflows.converter import converter
from workflows.cycle import CycleWorkflow
from workflows.lost import keys_of
from workflows.replaying import recorded, replay
from workflows.worker import sandbox

FOLDER = Path(__file__).parent / "histories"
HISTORIES = sorted(FOLDER.glob("*.json"))
DAY = datetime(2027, 1, 1, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path):
    """The keys of the histories, readable by their owner alone as a checkout leaves none."""
    folder = Path(shutil.copytree(FOLDER / "payload-keys", tmp_path / "payload-keys"))
    for path in folder.iterdir():
        path.chmod(0o600)
    return Settings(data_dir=tmp_path)


def test_there_is_a_run_that_began_under_one_key_and_went_on_under_the_next(settings):
    keys = Keyring(settings.payload_folder).keys()
    first, second = (key.id for key in keys)
    began, went_on = [recorded(path) for path in HISTORIES]

    assert {k for event in began.events for k in keys_of(event)} == {first, second}
    assert {k for event in went_on.events for k in keys_of(event)} == {second}


@pytest.mark.parametrize("payloads", ["encrypted", "plain"])
def test_encrypted_histories_replay_with_their_keys(settings, payloads):
    said = replay(HISTORIES, settings.model_copy(update={"payloads": payloads}))

    assert [found.error for found in said] == ["", ""]


def test_without_its_key_a_history_says_which_one_it_needs(settings):
    first = Keyring(settings.payload_folder).keys()[0]
    (settings.payload_folder / f"{first.id}.json").unlink()
    began, went_on = replay(HISTORIES, settings)

    assert f"payload key {first.id} is not here: copy it" in began.error
    assert went_on.error == ""


def test_a_history_under_a_destroyed_key_says_so(settings):
    keyring = Keyring(settings.payload_folder)
    first = keyring.keys()[0].id
    keyring.destroy(first, DAY)

    assert replay(HISTORIES[:1], settings)[0].error == (
        f"已销毁,密钥 {first} 不复存在 | destroyed: key {first} is gone"
    )


def test_a_history_in_which_nothing_was_done_yet_is_no_history_to_replay(tmp_path, settings):
    young = recorded(HISTORIES[1])
    path = tmp_path / "young.json"
    path.write_text(replace(young, events=young.events[:2]).to_json(), "utf-8")

    assert "not one workflow task" in replay([path], settings)[0].error


async def test_a_history_passed_off_as_another_cycles_does_not_replay(settings):
    replayer = Replayer(
        workflows=[CycleWorkflow], data_converter=converter(settings),
        namespace=settings.namespace, workflow_runner=sandbox(),
    )  # fmt: skip
    history = recorded(HISTORIES[0])
    spliced = type(history)(workflow_id="cycle/other", events=history.events)
    whole = await replayer.replay_workflow(history, raise_on_replay_failure=False)
    result = await replayer.replay_workflow(spliced, raise_on_replay_failure=False)

    assert whole.replay_failure is None
    assert result.replay_failure
