"""One contract for every vault, and what only the database has to prove."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from engine.settings import Settings
from engine.text import TextRefusedError, checked_text
from engine.vault import keys
from engine.vault.memory import InMemoryVault
from engine.vault.port import (
    KeyDestroyedError,
    PurposeMissingError,
    TamperedError,
    UnknownContentError,
    VaultError,
)
from engine.vault.schema import OBJECT
from engine.vault.sealing import TextsRefusedError, seal_texts
from engine.vault.sql import SqlVault, open_vault

MASTER = bytes(range(32))
SECRET = "重业务、轻学习 CANARY"


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def vault(request, tmp_path):
    if request.param == "memory":
        return InMemoryVault()
    if request.param == "sqlite":
        return open_vault(f"sqlite:///{tmp_path}/vault.db", MASTER)
    return open_vault(request.getfixturevalue("postgres_url"), MASTER)


def test_a_sealed_text_comes_out_for_a_purpose_and_the_reading_is_kept(vault):
    content = vault.seal(SECRET, subject="m05", by="m09")

    assert vault.open(content, reader="m05", purpose="reply") == SECRET
    assert [(r.reader, r.purpose, r.subject) for r in vault.reads()] == [
        ("m05", "reply", "m05")
    ]


def test_nobody_reads_without_a_purpose(vault):
    content = vault.seal(SECRET, subject="m05", by="m09")

    with pytest.raises(PurposeMissingError):
        vault.open(content, reader="m05", purpose=" ")
    assert vault.reads() == []


def test_a_destroyed_key_takes_the_content_along_and_only_that(vault):
    gone = vault.seal(SECRET, subject="m05", by="m09")
    kept = vault.seal("留下", subject="m06", by="m09")
    vault.destroy("m05", by="archivist", reason="retention")

    with pytest.raises(KeyDestroyedError):
        vault.open(gone, reader="m05", purpose="reply")
    with pytest.raises(KeyDestroyedError):
        vault.seal("new", subject="m05", by="m09")
    assert vault.open(kept, reader="m06", purpose="reply") == "留下"


def test_the_same_key_gives_the_same_reference_and_never_another_text(vault):
    first = vault.seal(SECRET, subject="m05", by="m09", key="c1|content")

    assert vault.seal(SECRET, subject="m05", by="m09", key="c1|content") == first
    with pytest.raises(VaultError):
        vault.seal("other", subject="m05", by="m09", key="c1|content")


def test_an_unknown_reference_is_said_to_be_unknown(vault):
    with pytest.raises(UnknownContentError):
        vault.open(f"sealed:{'0' * 32}:{'0' * 64}", reader="m05", purpose="reply")


@pytest.fixture
def on_disk(tmp_path):
    return open_vault(f"sqlite:///{tmp_path}/vault.db", MASTER)


def test_the_files_hold_no_plain_text(on_disk, tmp_path):
    on_disk.seal(SECRET, subject="m05", by="m09")

    assert not any(b"CANARY" in path.read_bytes() for path in tmp_path.iterdir())


def test_another_master_key_opens_nothing(on_disk, tmp_path):
    content = on_disk.seal(SECRET, subject="m05", by="m09")

    with pytest.raises(keys.MasterKeyError, match="another master key"):
        open_vault(f"sqlite:///{tmp_path}/vault.db", bytes(32))
    with pytest.raises(TamperedError):
        SqlVault(on_disk.engine, bytes(32)).open(content, reader="m05", purpose="reply")


def test_changed_bytes_and_moved_objects_are_refused(on_disk):
    content = on_disk.seal(SECRET, subject="m05", by="m09")
    on_disk.seal("x", subject="m06", by="m09")
    with on_disk.engine.begin() as connection:
        connection.execute(sa.update(OBJECT).values(subject="m06"))

    with pytest.raises(TamperedError):
        on_disk.open(content, reader="m05", purpose="reply")

    with on_disk.engine.begin() as connection:
        connection.execute(sa.update(OBJECT).values(sealed=b"0" * 40))
    with pytest.raises(TamperedError):
        on_disk.open(content, reader="m05", purpose="reply")


def test_a_key_file_is_made_private_and_a_loose_one_refused(tmp_path):
    path = tmp_path / "master.key"
    made = keys.from_file(path)

    assert path.stat().st_mode & 0o777 == 0o600
    assert keys.from_file(path) == made
    path.chmod(0o640)
    with pytest.raises(keys.MasterKeyError, match="chmod 600"):
        keys.from_file(path)


def test_a_malformed_key_is_refused():
    with pytest.raises(keys.MasterKeyError):
        keys.decoded("c2hvcnQ=")


@pytest.mark.parametrize(
    ("text", "why"),
    [("\ud800", "surrogate"), ("a\x00", "U\\+0000"), ("长" * 6, "18"), (" ", "empty")],
)
def test_text_that_no_store_can_keep_is_refused(text, why):
    with pytest.raises(TextRefusedError, match=why):
        checked_text(text, limit_bytes=17)


@pytest.mark.parametrize("text", ["\ufeff台账", "\u200f台", "e\u0301", "é", "a" * 17])
def test_marks_and_normal_forms_pass_unchanged(text):
    assert checked_text(text, limit_bytes=17) == text


def test_every_bad_text_of_a_command_is_named_before_any_is_sealed():
    vault = InMemoryVault()
    body = {"a": {"text": "ok"}, "b": [{"text": "\ud800"}], "c": {"text": ""}}

    with pytest.raises(TextsRefusedError) as refused:
        seal_texts(body, vault, subject="s", by="m01", key="c1", limit_bytes=99)
    assert set(refused.value.reasons) == {"b.0", "c"}
    assert vault.seal("ok", subject="s", by="m01")


def test_texts_become_references_and_the_rest_stays():
    vault = InMemoryVault()
    body = {"a": {"text": "问题", "subject": "m05"}, "n": 1, "l": [{"text": "证"}]}
    sealed = seal_texts(body, vault, subject="s", by="m01", key="c1", limit_bytes=99)

    assert sealed["n"] == 1
    assert vault.open(sealed["a"], reader="m05", purpose="reply") == "问题"
    assert sealed == seal_texts(body, vault, subject="s", by="m01", key="c1", limit_bytes=99)


def test_an_empty_plugin_list_is_safe_mode(monkeypatch):
    assert Settings().allowed_plugins is None
    monkeypatch.setenv("TAIZHANG_PLUGINS", "")
    assert Settings().allowed_plugins == frozenset()
