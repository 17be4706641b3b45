"""From a full dump of all stores plus the master key: no way from a token to its answer."""

from __future__ import annotations

import base64
import re
import sqlite3

import pytest
import sqlalchemy as sa
from opinions.conftest import BATCH, DAY, KEYS, sqlite_room
from opinions.detective import every_byte, orders_of_rows, pooled, tau

from engine.opinions.answers.batches import Issue
from engine.opinions.token import read

ANSWERS = 120
CLEAR = 0.3
"""Five standard deviations of tau for 120 answers that lie in no order."""


@pytest.fixture(scope="module")
def dumped(tmp_path_factory):
    """120 answers taken in a known order, the printed links, and the dump before shutting."""
    room = sqlite_room(tmp_path_factory.mktemp("dump"))
    room.asked(Issue(body="b01", kind="branch", links=ANSWERS + 5))
    links = room.links(ANSWERS + 5)
    came = [f"第{number:03}份意见" for number in range(ANSWERS)]
    for link, text in zip(links, came, strict=False):
        room.intake.answer(BATCH, link, text, today=DAY)
    return room, links[:ANSWERS], came, every_byte(room.folder)


@pytest.fixture(scope="module")
def shut(dumped):
    room, links, came, _ = dumped
    before = pooled(room.folder / "opinions.db", KEYS.pool, BATCH)
    room.shut()
    return room, links, came, before


def forms_of(link: str) -> dict[str, bytes]:
    """Everything a store could have kept of a link, in every spelling."""
    token = read(KEYS, BATCH, link)
    raw = base64.b32decode(link.replace("-", ""))
    spelt = {"link": link.encode(), "typed": link.replace("-", "").encode(), "raw": raw}
    spelt |= {"hex": raw.hex().encode(), "kept": token.kept}
    spelt |= {"kept in hex": token.kept.hex().encode(), "receipt": token.receipt.encode()}
    return spelt | {"receipt raw": bytes.fromhex(token.receipt)}


def test_p01_nothing_of_a_used_token_is_left_in_any_file(dumped):
    _, links, _, dump = dumped
    left = [name for link in links for name, form in forms_of(link).items() if form in dump]

    assert left == []


def test_an_unused_token_is_found_by_the_same_search(dumped):
    room, _, _, _ = dumped
    (unused,) = room.links(1)

    assert forms_of(unused)["kept"] in every_byte(room.folder)


def test_p01_no_answer_has_a_name_that_follows_from_a_printed_link(shut):
    room, links, _, before = shut
    names = {entry["name"] for entry in before} | {a.id for a in room.answers.of(BATCH)}
    receipts = {read(KEYS, BATCH, link).receipt for link in links}

    assert len(names) == 2 * ANSWERS
    assert not names & receipts


def test_p02_the_pool_lies_in_no_order_and_has_no_hour(shut):
    _, _, came, before = shut

    assert abs(tau([entry["text"] for entry in before], came)) < CLEAR
    assert {entry["day"] for entry in before} == {DAY.isoformat()}
    assert not re.search(r"\d\d:\d\d", str(before))


def test_rows_files_and_the_vault_lie_in_no_order(shut):
    room, _, came, _ = shut
    rows = room.answers.of(BATCH)
    says = {a.original: room.vault.open(a.original, reader="x", purpose="coding") for a in rows}
    by_name = {a.id: says[a.original] for a in rows}
    by_object = {a.original.split(":")[1]: says[a.original] for a in rows}
    orders = [
        *orders_of_rows(room.folder / "opinions.db", by_name),
        *orders_of_rows(room.folder / "vault.db", by_object),
    ]

    assert len([o for o in orders if len(o) == ANSWERS]) >= 5
    assert [o for o in orders if len(o) == ANSWERS and abs(tau(o, came)) >= CLEAR] == []


def test_the_same_search_reads_the_order_off_ordinary_tables(tmp_path):
    came = [f"第{number:03}份意见" for number in range(ANSWERS)]
    names = {f"{hash(text) & (2**64 - 1):016x}": text for text in came}
    with sqlite3.connect(tmp_path / "plain.db") as connection:
        connection.execute("CREATE TABLE answer (id TEXT PRIMARY KEY) WITHOUT ROWID")
        connection.execute("CREATE TABLE ordinary (id TEXT PRIMARY KEY)")
        for table in ("answer", "ordinary"):
            for name in names:
                connection.execute(f"INSERT INTO {table} VALUES (?)", (name,))
                connection.commit()
    seen = list(orders_of_rows(tmp_path / "plain.db", names))

    assert max(abs(tau(order, came)) for order in seen) > 0.9


def test_no_log_of_changes_lies_beside_the_databases(dumped):
    room, _, _, _ = dumped
    beside = {p.name for p in room.folder.iterdir() if not p.name.startswith("vault")}

    assert beside == {"tokens.db", "opinions.db"}


def test_no_store_has_a_time_of_day_beside_an_answer(shut):
    room, _, _, _ = shut
    for store in ("opinions.db", "tokens.db"):
        with sqlite3.connect(room.folder / store) as connection:
            said = "\n".join(connection.iterdump())
        assert not re.search(r"\d\d:\d\d", re.sub(r"sealed:[0-9a-f:]+", "", said))
    with sqlite3.connect(room.folder / "opinions.db") as connection:
        days = connection.execute("SELECT DISTINCT day FROM opinion_answer").fetchall()

    assert days == [(DAY.isoformat(),)]


def test_once_shut_no_token_and_no_pool_is_left(shut):
    room, _, _, _ = shut

    assert room.tokens.unused(BATCH) == 0
    assert room.pool.entries(BATCH) == {}


def test_on_either_engine_all_that_changes_with_an_answer_is_two_rows(room):
    """``pg_dump`` gives rows as they lie, and ``xmin`` would number them: so there are none."""
    room.asked(Issue(body="b01", kind="branch", links=6))
    links = room.links(6)

    def dump(engine: sa.Engine) -> dict[str, list[object]]:
        tables = sa.MetaData()
        tables.reflect(engine)
        with engine.connect() as connection:
            return {n: connection.execute(sa.select(t)).all() for n, t in tables.tables.items()}

    before = [dump(room.tokens.engine), dump(room.engine)]
    for link in links[:5]:
        room.intake.answer(BATCH, link, "x", today=DAY)
    after = [dump(room.tokens.engine), dump(room.engine)]
    changed = [n for b, a in zip(before, after, strict=True) for n in a if a[n] != b[n]]

    assert changed == ["token_set", "opinion_pool"]
    assert [len(after[0]["token_set"]), len(after[1]["opinion_pool"])] == [1, 1]
