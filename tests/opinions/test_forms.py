"""A form says how it is answered, and what becomes of what is written on it."""

from __future__ import annotations

from opinions.conftest import BATCH, DAY

from engine.opinions.batch import Batch, Body
from engine.opinions.forms import page

X1 = Body(body="x1", number=0, kind="branch")
ASKED = Batch(
    id=BATCH, cycle="c1", channel="form", state="open", k=7, opened_on=DAY, bodies=(X1,)
)


def test_the_notice_has_the_numbers_of_the_cycles_policy():
    form = page(ASKED, X1, days=30)

    assert "不满 7 份" in form
    assert "fewer than 7 answers" in form
    assert "结账满 30 天后销毁" in form
    assert "destroyed 30 days after" in form


def test_each_way_to_answer_is_told_by_itself():
    paper = page(ASKED, X1, days=90)
    typed = page(ASKED, X1, days=90, code="ABCD-EFGH")
    online = page(ASKED, X1, days=90, code="ABCD-EFGH", site="https://o.example.org")

    assert "写在本页" in paper
    assert "ABCD" not in paper
    assert "taizhang opinions answer" in typed
    assert "写在本页" not in typed
    assert "https://o.example.org" in online
    assert "taizhang" not in online
