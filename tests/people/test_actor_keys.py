"""The keys that prove who acts lie in private files and are renewed in time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from multiprocessing import get_context

import pytest

from engine.people.actor import ActorNotProved, prove
from engine.people.keys import RENEWED, VALID, ActorKeys, ActorKeysError
from engine.private import write_private

NOW = datetime(2026, 11, 25, 8, tzinfo=UTC)
ASKED = {"by": "m01", "target": "cycle/c1", "kind": "k", "command": "1", "digest": "0" * 64}


@pytest.fixture
def keys(tmp_path):
    return ActorKeys(tmp_path / "actor-keys")


def proved(signer, roots, now=NOW) -> bool:
    try:
        prove(signer.assertion(**ASKED, now=now), roots=roots, now=now, **ASKED)
    except ActorNotProved:
        return False
    return True


def test_they_are_made_at_first_use_and_are_nobody_elses(keys, tmp_path):
    assert proved(keys.signer(NOW), keys.roots(NOW))
    files = [*(tmp_path / "actor-keys").iterdir()]
    assert {file.name for file in files} == {"root.key", "gateway.json"}
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    assert (tmp_path / "actor-keys").stat().st_mode & 0o777 == 0o700


def test_another_process_signs_under_the_same_root(keys, tmp_path):
    roots = keys.roots(NOW)

    assert proved(ActorKeys(tmp_path / "actor-keys").signer(NOW), roots)


def test_two_that_begin_at_once_have_one_root(tmp_path):
    with get_context("spawn").Pool(4) as pool:
        found = pool.map(_roots, [str(tmp_path / "k")] * 4)

    assert len({roots for roots in found}) == 1


def _roots(folder):
    from pathlib import Path

    return ActorKeys(Path(folder)).roots(NOW)


def test_a_certificate_is_renewed_before_it_ends_and_no_sooner(keys):
    first, roots = keys.signer(NOW).chain, keys.roots(NOW)
    near = NOW + VALID - RENEWED

    assert keys.signer(near - timedelta(hours=1)).chain == first
    assert keys.signer(near + timedelta(hours=1)).chain != first
    assert proved(keys.signer(near + timedelta(days=400)), roots, near + timedelta(days=400))


def test_without_the_root_a_gateway_signs_until_its_certificate_ends(keys, tmp_path):
    roots = keys.roots(NOW)
    (tmp_path / "actor-keys" / "root.key").rename(tmp_path / "elsewhere")
    end = NOW + VALID

    assert proved(keys.signer(end - timedelta(hours=1)), roots, end - timedelta(hours=1))
    assert keys.roots(NOW) == roots
    with pytest.raises(ActorKeysError, match="renew it where the root key is"):
        keys.signer(end + timedelta(hours=1))
    with pytest.raises(ActorKeysError, match="is not here"):
        keys.rotate(NOW)


def test_a_rotated_key_is_forgotten_and_the_cycle_does_not_notice(keys):
    old, roots = keys.signer(NOW), keys.roots(NOW)
    new = keys.rotate(NOW)

    assert new.chain != old.chain
    assert proved(new, roots)
    assert keys.signer(NOW).chain == new.chain


def test_roots_may_be_replaced_and_the_oldest_cycle_goes_on(keys):
    first = keys.roots(NOW)
    keys.replace_root(NOW)
    second = keys.roots(NOW)
    keys.replace_root(NOW)
    signer = keys.signer(NOW)

    assert len({first, second, keys.roots(NOW)}) == 3
    assert all(proved(signer, roots) for roots in (first, second, keys.roots(NOW)))


@pytest.mark.parametrize("name", ["root.key", "gateway.json"])
def test_a_file_that_others_can_read_is_not_used(keys, tmp_path, name):
    keys.roots(NOW)
    (tmp_path / "actor-keys" / name).chmod(0o640)

    with pytest.raises(ActorKeysError, match="chmod 600"):
        keys.rotate(NOW) if name == "root.key" else keys.roots(NOW)


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("root.key", "AAAA", "there is no key"),
        ("root.key", "é", "cannot read key file"),
        ("gateway.json", "{}", "is no gateway key"),
        ("gateway.json", '{"seed": "AAAA", "certificate": "x.y"}', "is no gateway key"),
    ],
)
def test_a_file_that_holds_no_key_is_named(keys, tmp_path, name, text, told):
    keys.roots(NOW)
    (tmp_path / "actor-keys" / name).write_text(text, "utf-8")

    with pytest.raises(ActorKeysError, match=told):
        keys.rotate(NOW) if name == "root.key" else keys.signer(NOW)


def test_a_folder_without_keys_knows_no_root_and_makes_none(keys, tmp_path):
    assert keys.known() == ()
    assert not (tmp_path / "actor-keys").exists()


def test_known_are_the_root_those_it_replaced_and_those_that_were_written_down(keys, tmp_path):
    first = keys.roots(NOW)
    keys.replace_root(NOW)
    second = keys.roots(NOW)
    written_down = ActorKeys(tmp_path / "others").roots(NOW)
    file = tmp_path / "actor-keys" / "roots"
    write_private(file, "\n".join(written_down).encode())

    assert set(keys.known()) == {*first, *second, *written_down}


def test_a_root_is_known_without_its_key_as_long_as_it_signs(keys, tmp_path):
    roots = keys.roots(NOW)
    (tmp_path / "actor-keys" / "root.key").unlink()

    assert keys.known() == roots


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [("roots", "AAAA", "no public roots"), ("links", "x.y", "damaged")],
)
def test_a_file_of_roots_that_is_damaged_is_named(keys, tmp_path, name, text, told):
    keys.roots(NOW)
    write_private(tmp_path / "actor-keys" / name, text.encode())

    with pytest.raises(ActorKeysError, match=told):
        keys.known()


def test_a_file_of_roots_that_others_can_read_is_not_believed(keys, tmp_path):
    write_private(tmp_path / "actor-keys" / "roots", b"")
    (tmp_path / "actor-keys" / "roots").chmod(0o644)

    with pytest.raises(ActorKeysError, match="chmod 600"):
        keys.known()
