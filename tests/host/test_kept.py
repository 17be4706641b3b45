"""The types of event of a plugin are kept, and what was published never changes."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor

import pytest

from engine.host import Host, discover
from engine.host.kept import KeptTypes

from .samples import GOOD, MANIFEST, write_plugin

HOOK = "register_event_types"
FORM = MANIFEST.replace('api = "1"', 'api = "2"').replace("contribute_steps", HOOK)
CODE = (
    "from engine import EventType, PayloadField, Upcast, hookimpl\n"
    "@hookimpl\ndef register_event_types() -> list[EventType]:\n    return [{types}]\n"
)
FIRST = "EventType(kind='own.Given', fields=(PayloadField(name='points', type='whole'),))"
CHANGED = FIRST.replace("whole", "id")
SECOND = (
    "EventType(kind='own.Given', version=2, fields=(PayloadField(name='points', type='whole'),"
    " PayloadField(name='what', type='id')), upcasts=(Upcast(version=1, added={'what': 'x'}),))"
)
OTHER = "EventType(kind='own.Taken')"


@pytest.fixture
def kept(tmp_path):
    return KeptTypes(tmp_path / "data" / "event-types.db")


@pytest.fixture
def load(tmp_path, kept):
    """Load the plugin with these types, as a host started anew does; returns its row."""

    def loaded(*types: str):
        shutil.rmtree(tmp_path / "there", ignore_errors=True)
        (tmp_path / "there").mkdir()
        code = CODE.replace("{types}", ", ".join(types))
        write_plugin(tmp_path / "there", "own", code, manifest=FORM)
        (row,) = Host(discover(tmp_path / "there", None), kept=kept).load_all()
        return row

    return loaded


def test_the_types_are_kept_when_the_plugin_is_gone(tmp_path, load, kept):
    assert load(FIRST).status == "loaded"
    shutil.rmtree(tmp_path / "there")

    assert [(t.version, [f.name for f in t.fields]) for t in kept.newest("own").values()] == [
        (1, ["points"])
    ]
    assert (kept.plugins(), kept.newest("another")) == ({"own"}, {})


def test_the_same_again_and_a_newer_version_are_taken(load, kept):
    for types in ((FIRST,), (FIRST,), (SECOND,), (SECOND, OTHER)):
        assert load(*types).status == "loaded"

    newest = kept.newest("own")
    assert {kind: type_.version for kind, type_ in newest.items()} == {
        "own.Given": 2, "own.Taken": 1,
    }  # fmt: skip


def test_a_changed_published_version_is_refused_at_load_in_both_languages(load, kept):
    load(FIRST)
    row = load(CHANGED)

    assert row.status == "failed"
    zh, en = row.error.split(" | ")
    assert zh == (
        "own.Given 第 1 版已公布,不能改:已存 points whole,现报 points id;"
        "请照旧登记,改动另出新版"
    )
    assert en == (
        "own.Given version 1 is published and cannot change: kept points whole, "
        "told points id; register it as before, and the change as a newer version"
    )
    assert kept.newest("own")["own.Given"].fields[0].type == "whole"
    assert load(FIRST).status == "loaded"


def test_versions_and_kinds_that_disappear_are_refused_every_one_by_name(load):
    load(SECOND, OTHER)
    row = load(FIRST)

    assert row.status == "failed"
    assert [line.split(" | ")[1][:19] for line in row.error.splitlines()] == [
        "own.Given version 2", "own.Taken version 1",
    ]  # fmt: skip


def test_a_plugin_that_no_longer_registers_anything_is_refused(tmp_path, load, kept):
    load(FIRST)
    shutil.rmtree(tmp_path / "there" / "own")
    write_plugin(tmp_path / "there", "own", GOOD)
    (row,) = Host(discover(tmp_path / "there", None), kept=kept).load_all()

    assert (row.status, "cannot go" in row.error) == ("failed", True)


def test_what_is_refused_is_not_kept_in_part(load, kept):
    load(FIRST)
    load(CHANGED, OTHER)

    assert kept.newest("own").keys() == {"own.Given"}


def test_hosts_that_start_at_once_keep_each_type_once(tmp_path, load, kept):
    load(FIRST)
    file = tmp_path / "data" / "event-types.db"
    file.unlink()
    found = discover(tmp_path / "there", None)
    with ThreadPoolExecutor(4) as pool:
        rows = list(pool.map(lambda _: Host(found, kept=KeptTypes(file)).load_all(), range(4)))

    assert {row.status for (row,) in rows} == {"loaded"}
    assert kept.newest("own").keys() == {"own.Given"}


def test_a_file_that_cannot_be_written_costs_the_plugin_and_not_the_host(tmp_path, load):
    (tmp_path / "data" / "event-types.db").mkdir(parents=True)
    row = load(FIRST)

    assert row.status == "failed"
    assert "see to the data folder" in row.error
