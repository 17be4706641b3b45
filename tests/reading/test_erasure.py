"""P21: the content goes, everywhere; chain, replay and statistics stay."""

from __future__ import annotations

import json
import sqlite3

import pytest
from cli.conftest import terminal
from reading.conftest import CYCLE

from engine.ledger.sql import open_ledger
from engine.reading.exports import ledger_lines
from engine.refusal import Refused
from engine.vault.port import KeyDestroyedError


def erase(house, subject="m03", by="arch"):
    return house.room.erasure.erase(subject, by=by)


def files(folder) -> bytes:
    return b"".join(p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file())


def test_p21_what_is_about_a_person_goes_and_the_rest_stays(house):
    name = house.vault.seal("张三", subject="m03", by="sup")
    erased = erase(house)

    assert erased.contents == 2  # the criticism and the verdict, sealed under the cycle's key
    for gone in (name, house.texts["criticism"], house.texts["verdict"]):
        with pytest.raises(KeyDestroyedError):
            house.vault.open(gone, reader="m03", purpose="reply")
    assert house.room.door.read(house.texts["issue"], reader="m02", purpose="rectify")


def test_p21_no_byte_of_key_or_text_is_left_in_any_file(house):
    house.vault.seal("张三", subject="m03", by="sup")
    with sqlite3.connect(house.folder / "vault.db") as raw:
        (key,) = raw.execute("SELECT wrapped FROM vault_key WHERE subject='m03'").fetchone()
        name = house.texts["criticism"].split(":")[1]
        (text,) = raw.execute("SELECT sealed FROM vault_object WHERE id=?", (name,)).fetchone()
    raw.close()
    assert key[:8] in files(house.folder)
    assert text[:8] in files(house.folder)
    erase(house)
    left = files(house.folder)

    for gone in (key, text):
        assert not [n for n in range(len(gone) - 7) if gone[n : n + 8] in left]
    assert b"CANARY" not in left


def test_p21_the_chain_holds_and_only_evidence_was_added(house):
    before, head = house.ledger.read(limit=9999), house.ledger.head()
    erase(house)
    erase(house)
    after = house.ledger.read(limit=9999)

    assert after[: len(before)] == before
    assert [r.event.kind for r in after[len(before) :]] == ["ContentKeyDestroyed"]
    assert after[-1].event.data["contents"] == [
        house.texts["criticism"], house.texts["verdict"],
    ]  # fmt: skip
    assert house.ledger.verify(expected=head).ok


@pytest.mark.parametrize("by", ["m01", "m03", "sup", "stranger"])
def test_p21_only_who_may_destroy_keys_does(house, by):
    with pytest.raises(Refused):
        erase(house, by=by)

    assert house.vault.open(house.texts["criticism"], reader="m03", purpose="reply")
    assert "ContentKeyDestroyed" not in house.kinds()


def test_p21_a_cycle_is_erased_with_all_its_texts(house):
    erase(house, CYCLE)

    for gone in house.texts.values():
        with pytest.raises(KeyDestroyedError):
            house.vault.open(gone, reader="m01", purpose="archive")


def test_p21_a_played_cycle_stays_whole_without_its_people(tmp_path, plan):
    """Everybody of a played cycle is erased; what was counted is counted the same."""
    shell = terminal(tmp_path, plan)
    assert shell("demo", "nanzhang").exit_code == 0
    name = "nanzhang-2021"
    exported = str(tmp_path / "out.jsonl")
    assert shell("ledger", "export", exported, "--by", "m01").exit_code == 0
    readings = (("ledger", "stats"), ("ledger", "account"), ("ledger", "lists"), ("report",))
    before = [shell.data(*words, name) for words in readings]
    opening = shell.parts.ledger().read(limit=1)[0].event.data
    archivist = next(p["id"] for p in opening["people"] if "archivist" in p["roles"])
    for subject in (name, *(p["id"] for p in opening["people"])):
        done = shell("vault", "erase", subject, "--by", archivist, "--yes")
        assert done.exit_code == 0, done.output
        assert (
            json.loads(shell("exports", "list", "--subject", subject, "-o", "json").stdout)[0][
                "form"
            ]
            == "ledger"
        )

    assert [shell.data(*words, name) for words in readings] == before
    assert shell("ledger", "verify").exit_code == 0
    assert shell("ledger", "rebuild").exit_code == 0
    shown = shell("ledger", "lists", name, "--reader", "m01").stdout
    assert "密钥已销毁" in shown
    assert shell("vault", "audit", "verify").exit_code == 0


def test_p21_an_export_made_before_holds_references_only(house):
    file = house.folder / "out.jsonl"
    house.room.exports.save(
        file, lambda mark: ledger_lines(house.ledger, mark), form="ledger", by="m01"
    )
    erased = erase(house)

    assert [e.id for e in erased.exports] == [house.room.exports.listed()[0].id]
    assert b"CANARY" not in file.read_bytes()
    again = open_ledger(f"sqlite:///{house.folder}/ledger.db")
    assert again.verify().ok
