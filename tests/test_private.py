"""Private files: whole, their owner's alone, and the first of several writers counts."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from engine.private import NotPrivateError, read_private, write_private


def test_of_many_that_write_at_once_one_counts_and_nothing_is_left_beside(tmp_path):
    path = tmp_path / "keys" / "k"
    with ThreadPoolExecutor(8) as pool:
        list(
            pool.map(lambda n: write_private(path, b"%d" % n * 99, replace=False), range(1, 9))
        )

    assert read_private(path) in [b"%d" % n * 99 for n in range(1, 9)]
    assert [*path.parent.iterdir()] == [path]
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_what_is_replaced_is_replaced_whole(tmp_path):
    path = tmp_path / "k"
    write_private(path, b"long" * 99)
    write_private(path, b"short")

    assert read_private(path) == b"short"


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o610])
def test_what_others_may_open_is_not_read(tmp_path, mode):
    path = tmp_path / "k"
    write_private(path, b"x")
    path.chmod(mode)

    with pytest.raises(NotPrivateError, match=f"{mode:04o}: chmod 600"):
        read_private(path)
