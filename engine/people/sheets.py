"""A CSV file as a spreadsheet saves it: its encoding found out, its rows by column.

Row numbers are those a spreadsheet shows: the heading is row 1.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.bilingual import halves
from engine.text import TextRefusedError, checked_text

LARGEST_FILE_BYTES = 20 * 1024 * 1024
LONGEST_CELL_BYTES = 4096
EMPTY = "文件是空的 | the file is empty"
WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Problem:
    """What is wrong in a row and what to do; never quotes the cell, it may be a name."""

    file: str
    row: int
    column: str
    zh: str
    en: str
    column_zh: str = ""

    def __str__(self) -> str:
        """Return the problem with its place, Chinese first."""
        place_zh = f"{self.file} 第 {self.row} 行 {self.column_zh}".rstrip()
        place_en = f"{self.file} row {self.row} {self.column}".rstrip()
        return f"{place_zh}:{self.zh} | {place_en}: {self.en}"


class SheetsRefusedError(ValueError):
    """The sheets cannot be taken; ``problems`` has every one, in order of the rows."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row: its number and its cells by column, stripped; an empty cell is ``""``."""

    file: str
    number: int
    cells: Mapping[str, str]
    columns: Mapping[str, str]

    def problem(self, column: str, zh: str, en: str) -> Problem:
        """Return a problem of this row."""
        return Problem(
            file=self.file, row=self.number, column=column, zh=zh, en=en,
            column_zh=self.columns.get(column, ""),
        )  # fmt: skip


def read(
    path: Path, columns: Mapping[str, str], needed: tuple[str, ...]
) -> tuple[list[Row], list[Problem]]:
    """Return the rows of the sheet that can be read, and what is wrong with the others.

    Blank rows are left out, but counted.

    Args:
        path: A CSV file in UTF-8, with or without byte order mark, or in GB18030.
        columns: Each column to the other name its heading may have, the Chinese one.
        needed: The columns that must be there.

    Raises:
        SheetsRefusedError: none of it can be read, or headings are wrong; all at once.
    """
    rows, broken = _records(path.name, _decoded(path))
    if not rows:
        raise SheetsRefusedError(broken or [_problem(path.name, 1, EMPTY)])
    heading = _heading(path.name, rows[0], columns, needed)
    problems, found = broken, list[Row]()
    for number, cells in enumerate(rows[1:], 2):
        named = {name: cell.strip() for name, cell in zip(heading, cells, strict=False)}
        row = Row(file=path.name, number=number, cells=named, columns=columns)
        if not any(cell.strip() for cell in cells):
            continue
        if wrong := list(_unfit(row, cells, heading)):
            problems += wrong
        else:
            found.append(row)
    return found, problems


def _decoded(path: Path) -> str:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise _refused(path.name, 1, f"无法读取 | cannot be read: {error.strerror}") from None
    if len(raw) > LARGEST_FILE_BYTES:
        raise _refused(
            path.name, 1,
            f"{len(raw)} 字节,上限 {LARGEST_FILE_BYTES},请分成几个文件 | "
            f"{len(raw)} bytes, the limit is {LARGEST_FILE_BYTES}: split it",
        )  # fmt: skip
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            if not raw.startswith(WIDE):
                return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _refused(
        path.name, 1,
        "编码不是 UTF-8 也不是 GB18030,请另存为“CSV UTF-8” | "
        "neither UTF-8 nor GB18030: save it as CSV UTF-8",
    )  # fmt: skip


def _records(file: str, text: str) -> tuple[list[list[str]], list[Problem]]:
    """Return the rows up to the first that has no end, and where that one begins."""
    rows = list[list[str]]()
    try:
        for cells in csv.reader(io.StringIO(text, newline=""), strict=True):
            rows.append(cells)  # what came before the error counts
    except csv.Error as error:
        said = (
            f"引号没有成对,或单元格过长;以下各行都没有读到 | "
            f"quotes do not match, or a cell is too long; no row below was read: {error}"
        )
        return rows, [_problem(file, len(rows) + 1, said)]
    return rows, []


def _heading(
    file: str, cells: list[str], columns: Mapping[str, str], needed: tuple[str, ...]
) -> list[str]:
    names = {zh: name for name, zh in columns.items()}
    heading = [names.get(cell.strip(), cell.strip().lower()) for cell in cells]
    missing = [f"{name} ({columns[name]})" for name in needed if name not in heading]
    wrong = [str(n) for n, name in enumerate(heading, 1) if name and name not in columns]
    twice = sorted({name for name in heading if name and heading.count(name) > 1})
    said = [
        *(f"缺少列:{m} | column missing: {m}" for m in missing),
        *(f"第 {n} 列的标题不认识 | the heading of column {n} is unknown" for n in wrong),
        *(f"列 {t} 出现两次 | column {t} is there twice" for t in twice),
    ]
    if said:
        raise SheetsRefusedError([_problem(file, 1, line) for line in said])
    return heading


def _unfit(row: Row, cells: list[str], heading: list[str]) -> Iterator[Problem]:
    if len(cells) != len(heading):
        yield row.problem(
            "", f"有 {len(cells)} 格,标题有 {len(heading)} 列",
            f"has {len(cells)} cells, the heading has {len(heading)}",
        )  # fmt: skip
        return
    for column, cell in zip(heading, cells, strict=True):
        try:
            if cell.strip():
                checked_text(cell, limit_bytes=LONGEST_CELL_BYTES)
        except TextRefusedError as error:
            zh, en = halves(str(error))
            yield row.problem(column, zh, en)


def _problem(file: str, row: int, line: str) -> Problem:
    zh, en = halves(line)
    return Problem(file=file, row=row, column="", zh=zh, en=en)


def _refused(file: str, row: int, line: str) -> SheetsRefusedError:
    return SheetsRefusedError([_problem(file, row, line)])
