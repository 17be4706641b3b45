"""Processes that take answers are killed for real: nothing acknowledged is lost or doubled."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
from opinions.conftest import BATCH, sqlite_room

from engine.opinions.answers.batches import Issue

RESPONDENT = Path(__file__).parent / "respondent.py"
MOMENTS = {
    "before the answer is kept": (0, 1),
    "before the token is used": (1, 1),
    "after the token is used": (1, 0),
    "before it is acknowledged": (1, 0),
}
"""Where the process dies, and how many answers and unused tokens it leaves."""


def answering(folder: Path, *moment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, str(RESPONDENT), str(folder), *moment],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


def said(process: subprocess.Popen[str]) -> dict[str, str]:
    lines = [line.split("\t") for line in process.stdout.read().splitlines()]
    return {link: word for word, link in lines}


@pytest.mark.parametrize("moment", MOMENTS)
def test_whoever_is_cut_off_answers_again_and_is_counted_once(tmp_path, moment):
    room = sqlite_room(tmp_path)
    room.asked(Issue(body="b01", kind="branch", links=1))
    (link,) = room.links(1)
    answering(tmp_path, moment).communicate(f"{link}\t第一次\n")
    left = (len(room.texts()), room.tokens.unused(BATCH))
    heard, _ = answering(tmp_path).communicate(f"{link}\t第二次\n")

    assert left == MOMENTS[moment]
    assert heard == ("used" if left[1] == 0 else "thanked") + f"\t{link}\n"
    assert room.texts() == ["第一次" if left[1] == 0 else "第二次"]
    assert room.tokens.unused(BATCH) == 0


def test_killed_at_random_moments_every_answer_is_there_once(tmp_path):
    room = sqlite_room(tmp_path)
    room.asked(Issue(body="b01", kind="branch", links=160))
    waiting = {link: f"第{n:03}份" for n, link in enumerate(room.links(160))}
    wanted, chance, kills = sorted(waiting.values()), random.Random(20210716), 0
    while waiting:
        process = answering(tmp_path)
        process.stdin.write("".join(f"{link}\t{text}\n" for link, text in waiting.items()))
        process.stdin.close()
        first = process.stdout.readline().split("\t")
        time.sleep(chance.uniform(0, 0.25))
        process.kill()
        heard = {first[-1].strip(): first[0]} | said(process)
        kills += process.wait() == -9
        texts = room.texts()
        assert {waiting[link] for link in heard} <= set(texts)
        assert len(texts) + room.tokens.unused(BATCH) - 160 in (0, 1)
        waiting = {link: text for link, text in waiting.items() if link not in heard}

    assert kills >= 3
    assert room.texts() == wanted
    assert room.tokens.unused(BATCH) == 0


def test_a_batch_killed_while_it_is_shut_is_shut_by_shutting_it_again(tmp_path, monkeypatch):
    room = sqlite_room(tmp_path)
    room.asked(Issue(body="b01", kind="branch", links=6))
    for n, link in enumerate(room.links(6)):
        room.intake.answer(BATCH, link, f"第{n}份", today=room.batches.get(BATCH).opened_on)
    sealed, seal = [], room.vault.seal

    def failing(text, **named):
        if len(sealed) == 3:
            raise OSError
        sealed.append(seal(text, **named))
        return sealed[-1]

    with monkeypatch.context() as patch:
        patch.setattr(room.vault, "seal", failing)
        with pytest.raises(OSError):  # noqa: PT011  the process would be gone
            room.shut()
    assert room.batches.get(BATCH).state == "shutting"
    room.shut()
    rows = room.answers.of(BATCH)

    assert set(sealed) <= {row.original for row in rows}
    assert len(rows) == 6
    assert room.batches.get(BATCH).state == "coding"
