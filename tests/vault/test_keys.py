"""The master key and its file."""

from __future__ import annotations

import base64
from concurrent.futures import ThreadPoolExecutor

import pytest

from engine.vault import keys


def test_a_key_file_is_made_once_and_private(tmp_path):
    path = tmp_path / "new" / "master.key"
    made = keys.from_file(path)

    assert path.stat().st_mode & 0o777 == 0o600
    assert keys.from_file(path) == made
    assert [p.name for p in path.parent.iterdir()] == ["master.key"]


def test_many_who_start_at_once_get_one_key(tmp_path):
    path = tmp_path / "master.key"
    with ThreadPoolExecutor(16) as pool:
        made = set(pool.map(keys.from_file, [path] * 64))

    assert len(made) == 1


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o777])
def test_a_key_file_open_to_others_is_refused(tmp_path, mode):
    path = tmp_path / "master.key"
    keys.from_file(path)
    path.chmod(mode)

    with pytest.raises(keys.MasterKeyError, match=f"{mode:04o}: chmod 600"):
        keys.from_file(path)


@pytest.mark.parametrize("held", [b"", b"c2hvcnQ=", b"\xff\xfe", b"not base64!"])
def test_a_file_without_a_key_is_refused_and_kept(tmp_path, held):
    path = tmp_path / "master.key"
    path.write_bytes(held)
    path.chmod(0o600)

    with pytest.raises(keys.MasterKeyError, match="32 bytes in base64"):
        keys.from_file(path)
    assert path.read_bytes() == held


def test_a_folder_in_the_place_of_the_key_is_refused(tmp_path):
    folder = tmp_path / "master.key"
    folder.mkdir(mode=0o700)

    with pytest.raises(keys.MasterKeyError, match="cannot read"):
        keys.from_file(folder)


@pytest.mark.parametrize("written", ["", "c2hvcnQ=", "张三", "A" * 44])
def test_a_malformed_key_is_refused_and_not_repeated(written):
    with pytest.raises(keys.MasterKeyError) as refused:
        keys.decoded(written)

    assert not written or written not in str(refused.value)


def test_a_key_may_end_in_a_new_line():
    assert keys.decoded(base64.b64encode(bytes(32)).decode() + "\n") == bytes(32)


def test_every_use_has_a_key_of_its_own():
    assert keys.derived(bytes(32), "one") != keys.derived(bytes(32), "two") != bytes(32)
