"""The keys of payloads: the newest encrypts, all decrypt, a destroyed one leaves its day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from engine.vault.keyring import Keyring, PayloadKeyError

DAY = datetime(2026, 3, 2, 8, tzinfo=UTC)


@pytest.fixture
def keyring(tmp_path):
    made = Keyring(tmp_path / "payload-keys")
    made.ensure(DAY)
    return made


def test_the_first_key_is_made_once(keyring):
    first = keyring.newest()
    keyring.ensure(DAY + timedelta(days=1))

    assert keyring.keys() == (first,)
    assert first.id.startswith("20260302-")
    assert first.made_at == DAY


def test_only_the_owner_reads_a_key(keyring):
    file = keyring.folder / f"{keyring.newest().id}.json"

    assert file.stat().st_mode & 0o777 == 0o600
    assert keyring.folder.stat().st_mode & 0o777 == 0o700


def test_the_newest_key_encrypts_and_the_older_ones_stay(keyring):
    first = keyring.newest()
    second = keyring.rotate(DAY + timedelta(days=30))

    assert keyring.newest() == second
    assert keyring.find(first.id) == first


def test_a_clock_set_back_does_not_bring_the_older_key_back(keyring):
    made = keyring.rotate(DAY - timedelta(days=3))

    assert keyring.newest() == made


def test_a_key_that_another_process_made_is_seen_at_once(keyring):
    keyring.newest()
    made = Keyring(keyring.folder).rotate(DAY + timedelta(days=1))

    assert keyring.newest() == made


def test_a_destroyed_key_leaves_its_days_and_no_secret(keyring):
    first = keyring.newest()
    keyring.rotate(DAY + timedelta(days=1))
    keyring.destroy(first.id, DAY + timedelta(days=2))

    left = Keyring(keyring.folder).find(first.id)
    assert (left.secret, left.made_at) == (None, DAY)
    assert left.destroyed_at == DAY + timedelta(days=2)
    assert b"secret" not in (keyring.folder / f"{first.id}.json").read_bytes()


def test_the_secret_is_overwritten_where_it_lay(keyring, tmp_path):
    first = keyring.newest().id
    keyring.rotate(DAY)
    where_it_lay = tmp_path / "same-blocks"
    where_it_lay.hardlink_to(keyring.folder / f"{first}.json")
    keyring.destroy(first, DAY)

    assert where_it_lay.read_bytes().strip() == b""


def test_the_key_that_encrypts_is_not_destroyed(keyring):
    with pytest.raises(PayloadKeyError, match="rotate first"):
        keyring.destroy(keyring.newest().id, DAY)

    assert keyring.newest().secret


def test_neither_a_missing_key_nor_a_destroyed_one_is_destroyed_again(keyring):
    first = keyring.newest().id
    keyring.rotate(DAY)
    keyring.destroy(first, DAY)

    with pytest.raises(PayloadKeyError, match="already"):
        keyring.destroy(first, DAY)
    with pytest.raises(PayloadKeyError, match="no payload key x"):
        keyring.destroy("x", DAY)


def test_without_a_key_the_sentence_says_where_to_get_one(tmp_path):
    with pytest.raises(PayloadKeyError, match="copy them from the machine"):
        Keyring(tmp_path / "none").newest()


def test_a_key_open_to_others_is_refused(keyring):
    file = keyring.folder / f"{keyring.newest().id}.json"
    file.chmod(0o640)

    with pytest.raises(PayloadKeyError, match=r"mode 0640: chmod 600"):
        Keyring(keyring.folder).newest()


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"id": "x", "made_at": "2026-03-02T08:00:00+00:00"}',
     '{"id": "x", "made_at": "2026-03-02T08:00:00+00:00", "secret": "c2hvcnQ="}',
     '{"id": "y", "made_at": "2026-03-02T08:00:00+00:00", "destroyed_at": '
     '"2026-03-03T08:00:00+00:00"}'],
)  # fmt: skip
def test_a_file_that_is_no_key_is_refused(keyring, text):
    file = keyring.folder / "x.json"
    file.touch(0o600)
    file.write_text(text)

    with pytest.raises(PayloadKeyError, match="holds no payload key"):
        Keyring(keyring.folder).keys()


def test_a_secret_is_never_shown(keyring):
    assert "secret" not in repr(keyring.newest())
