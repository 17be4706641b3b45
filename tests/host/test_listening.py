"""Whoever hears an event does so in a process of its own, which may die or hang alone."""

from __future__ import annotations

import os
import resource
from contextlib import closing

import pytest
from deliveries.samples import NOTES, write_plugin

from engine.host.kept import KeptTypes
from engine.host.listening import Listener, Listening
from engine.plan.delivered import Delivered, DeliveryContext
from engine.plan.kinds import EventType

TELLS_PID = "    (ctx.folder / 'pid').write_text(str(os.getpid()))\n"
DIES_ONCE = (
    "    if not (ctx.folder / 'mended').exists():\n"
    "        (ctx.folder / 'mended').touch()\n        os._exit(3)\n"
)


@pytest.fixture
def listener(tmp_path):
    listening = Listening(folder=tmp_path, allowed=None, scopes=tmp_path / "plugins.toml")
    with closing(Listener(listening)) as made:
        yield made


def give(listener, folder, plugin="own"):
    context = DeliveryContext(plugin=plugin, cycle="c", unit="u", key="k", folder=folder)
    event = Delivered(
        event_id="cycle/c@1", position=1, stream="cycle/c", version=1, kind="MeasureDone",
        schema_version=1, at="2026-01-05T00:10:00Z", data={},
    )  # fmt: skip
    return listener.deliver(context, event)


def heard(folder):
    return (folder / "heard").read_text("utf-8").split()


def test_events_are_heard_in_one_process_that_is_not_this_one(listener, tmp_path):
    write_plugin(tmp_path, "own", TELLS_PID + NOTES)
    first = give(listener, tmp_path).ok, (tmp_path / "pid").read_text()
    second = give(listener, tmp_path).ok, (tmp_path / "pid").read_text()

    assert first == second
    assert first[0]
    assert int(first[1]) != os.getpid()
    assert heard(tmp_path) == ["k", "k"]


@pytest.fixture
def a_thousand_files():
    """This process holds as many open files as a host may that has run for long."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(4096, hard)), hard))
    held = [os.open(os.devnull, os.O_RDONLY) for _ in range(1100)]
    yield
    for file in held:
        os.close(file)
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.usefixtures("a_thousand_files")
def test_an_answer_is_heard_however_many_files_are_open(listener, tmp_path):
    write_plugin(tmp_path, "own", NOTES)

    assert give(listener, tmp_path).error_code is None
    assert heard(tmp_path) == ["k"]


def test_what_a_plugin_prints_is_no_answer(listener, tmp_path):
    write_plugin(tmp_path, "own", "    print('{}')\n    os.write(1, b'{}')\n" + NOTES)

    assert give(listener, tmp_path).ok


def test_a_process_that_dies_is_told_and_the_next_event_has_another(listener, tmp_path):
    write_plugin(tmp_path, "own", DIES_ONCE + NOTES)
    told = [give(listener, tmp_path).error_code for _ in range(2)]

    assert told == ["worker_absent", None]
    assert heard(tmp_path) == ["k"]


def test_one_that_stops_its_whole_process_is_ended_in_time(tmp_path):
    stops = "    import signal\n    os.kill(os.getpid(), signal.SIGSTOP)\n"
    write_plugin(tmp_path, "own", stops)
    listening = Listening(folder=tmp_path, allowed=None, scopes=tmp_path / "plugins.toml")
    with closing(Listener(listening, patience_s=4)) as listener:
        assert give(listener, tmp_path).error_code == "contribution_timeout"


SAYS = "    print('heard', ctx.config['token'])\n" + NOTES
SECRET = '[province.config.own]\ntoken = {env = "A_TOKEN"}\n'


def test_what_it_prints_is_in_the_log_at_once_and_no_secret_is(tmp_path, monkeypatch, capfd):
    monkeypatch.setenv("A_TOKEN", "S3CR3T")
    write_plugin(tmp_path, "own", SAYS)
    package = tmp_path / "own" / "__init__.py"
    model = "from pydantic import BaseModel\nclass Config(BaseModel):\n    token: str = ''\n"
    package.write_text(model + package.read_text("utf-8"), "utf-8")
    manifest = tmp_path / "own" / "plugin.toml"
    manifest.write_text('config = "Config"\n' + manifest.read_text("utf-8"), "utf-8")
    (tmp_path / "plugins.toml").write_text(SECRET, "utf-8")
    listening = Listening(folder=tmp_path, allowed=None, scopes=tmp_path / "plugins.toml")
    with closing(Listener(listening)) as listener:
        answer = give(listener, tmp_path)
    said = "".join(capfd.readouterr())

    assert answer.ok, answer.error
    assert "heard (secret)" in said
    assert "S3CR3T" not in said


def test_a_plugin_that_changed_what_it_published_hears_nothing(tmp_path):
    listening = Listening(
        folder=tmp_path, allowed=None, scopes=tmp_path / "plugins.toml",
        kept=tmp_path / "event-types.db",
    )  # fmt: skip
    write_plugin(tmp_path, "own")
    KeptTypes(tmp_path / "event-types.db").keep("own", (EventType(kind="own.Given"),))
    with closing(Listener(listening)) as listener:
        told = give(listener, tmp_path)

    assert (told.error_code, "own.Given version 1 is published" in str(told.error)) == (
        "plugin_failed", True,
    )  # fmt: skip
    assert not (tmp_path / "heard").exists()
