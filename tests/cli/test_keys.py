"""``taizhang keys payload``: made, listed, and destroyed only when nobody needs them."""

from __future__ import annotations

import pytest

from engine.people.keys import ActorKeys
from engine.vault.keyring import Keyring


@pytest.fixture
def keyring(taizhang):
    """Two keys, made on the command line."""
    for _ in range(2):
        assert taizhang("keys", "payload", "rotate").exit_code == 0
    return Keyring(taizhang.parts.settings.payload_folder)


def test_keys_are_listed_with_their_days_and_without_secrets(taizhang, keyring):
    first, second = keyring.keys()
    rows = taizhang.data("keys", "payload", "list")

    assert [(r["id"], r["state"]) for r in rows] == [
        (first.id, "decrypts"), (second.id, "encrypts"),
    ]  # fmt: skip
    assert rows[0].keys() == {"id", "made_at", "state", "destroyed_at"}


def test_a_new_key_says_what_to_copy_where(taizhang):
    done = taizhang("keys", "payload", "rotate", "--lang", "en")

    assert "copy the file of that name" in done.stdout


def test_a_key_is_destroyed_only_once_somebody_is_sure(taizhang, keyring):
    first = keyring.keys()[0].id
    asked = taizhang("keys", "payload", "destroy", first, stdin="n\n")
    assert asked.exit_code == 1
    assert "再也无法读取" in asked.stdout
    assert keyring.find(first).secret

    done = taizhang("keys", "payload", "destroy", first, stdin="y\n")
    assert done.exit_code == 0, done.output
    assert keyring.find(first).secret is None
    assert taizhang.data("keys", "payload", "list")[0]["state"] == "destroyed"


def test_a_key_that_open_runs_need_is_kept_and_they_are_named(taizhang, keyring):
    first = keyring.keys()[0].id
    needing = taizhang.but(holding=lambda key: [f"cycle/c{n}" for n in range(30)])
    done = needing("keys", "payload", "destroy", first, "--yes", "--lang", "en")

    assert done.exit_code == 1
    assert "needed by 30 open runs" in done.stderr
    assert done.stderr.count("cycle/c") == 20
    assert keyring.find(first).secret

    forced = needing("keys", "payload", "destroy", first, "--yes", "--force")
    assert forced.exit_code == 0, forced.output
    assert keyring.find(first).secret is None


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_key_that_encrypts_is_never_destroyed(taizhang, keyring, lang):
    newest = keyring.newest().id
    done = taizhang("keys", "payload", "destroy", newest, "--yes", "--force", "--lang", lang)

    assert done.exit_code == 2
    assert "rotate" in done.stderr
    assert keyring.newest().id == newest


def test_keys_that_prove_who_acts_rotate_and_are_shown_by_fingerprint(taizhang):
    assert taizhang.data("keys", "actors", "list") == []
    (first,) = made(taizhang, "rotate")
    (second,) = made(taizhang, "rotate")
    (third,) = made(taizhang, "replace-root")

    assert first["root_here"] is True
    assert first["root"] == second["root"] != third["root"]
    assert len({row["key"] for row in (first, second, third)}) == 3


def test_public_roots_are_printed_for_a_worker_elsewhere(taizhang, tmp_path):
    made(taizhang, "replace-root")
    printed = taizhang("keys", "actors", "roots").stdout
    known = ActorKeys(taizhang.parts.settings.actor_folder).known()

    assert printed.split() == list(known)
    assert len(known) == 2


def made(taizhang, command):
    ActorKeys(taizhang.parts.settings.actor_folder).roots(taizhang.parts.clock())
    assert taizhang("keys", "actors", command).exit_code == 0
    return taizhang.data("keys", "actors", "list")


def test_a_gateway_key_without_its_root_is_not_rotated_here(taizhang):
    made(taizhang, "rotate")
    (taizhang.parts.settings.actor_folder / "root.key").unlink()
    done = taizhang("keys", "actors", "rotate")

    assert done.exit_code == 2
    assert "root.key" in done.stderr
