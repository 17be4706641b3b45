"""What is shown: a person's passbook, and one publication on two channels."""

from __future__ import annotations

from html import escape

from .book import Book, Entry

STANDS = {"none": "", "open": "有异议", "upheld": "异议成立", "rejected": "异议不成立"}


def passbook(book: Book, person: str) -> str:
    """Return every line of the person's passbook, reversed ones included, and the total."""
    own = [entry for entry in book.entries if entry.posted.person == person]
    lines = [_line(entry) for entry in own]
    spent = book.redeemed.get(person, 0)
    return "\n".join([*lines, f"已兑换 {spent} 分", f"现有 {book.total(person)} 分"])


def wechat(book: Book, publication: int) -> str:
    """Return the publication as a message to the group."""
    lines = [f"{person}:{points} 分" for person, points in _totals(book, publication)]
    return "\n".join([f"【红色存折】第 {publication} 期", *lines])


def board(book: Book, publication: int) -> str:
    """Return the publication as a page for the notice board of party affairs."""
    rows = "\n".join(
        f"<tr><td>{escape(person)}</td><td>{points}</td></tr>"
        for person, points in _totals(book, publication)
    )
    return (
        '<!doctype html>\n<html lang="zh"><meta charset="utf-8"><title>红色存折</title>\n'
        f"<h1>红色存折 第 {publication} 期</h1>\n"
        f"<table>\n<tr><th>姓名</th><th>积分</th></tr>\n{rows}\n</table>\n</html>\n"
    )


def _totals(book: Book, publication: int) -> list[tuple[str, int]]:
    """Return the lines as they were published; both channels read these and nothing else."""
    return list(book.published[publication].items())


def _line(entry: Entry) -> str:
    posted = entry.posted
    notes = ["已冲正"] if entry.reversed else []
    notes += [STANDS[entry.dispute]] if entry.dispute != "none" else []
    head = f"{posted.entry}. {posted.day} {posted.act} +{posted.points}(第 {posted.version} 版)"
    return " ".join([head, *notes])
