"""Policies and standings the tests of this room speak about."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from engine.policy.lights import Standing
from engine.policy.pack import load_pack

YEARS = (2021, 2022)
DEFAULT, JIANGJIN, JINGDEZHEN, XIAN, SUQIAN, GUANGYUAN, SANMING = (
    load_pack(name, years=YEARS)
    for name in (
        "default", "jiangjin", "jingdezhen", "xian", "suqian", "guangyuan", "sanming",
    )
)  # fmt: skip
FIRST, DUE = date(2021, 8, 1), date(2021, 10, 30)
OPEN = Standing(
    started=FIRST, due=DUE, percent=100, done=False, closed=False, long_term=False,
    returned=0, slips=0,
)  # fmt: skip
DONE = replace(OPEN, done=True)
CLOSED = replace(OPEN, done=True, closed=True)
SLOW = replace(OPEN, percent=10)

FIRST_VERSION = (
    '{"pack":"default","version":1,"quorum_open":"1/2","vote_present":"1/2",'
    '"vote_yes":"1/2","set_books":4,"mass_threshold":"0.90","mass_min_sample":10,'
    '"mass_min_share":"0.10","notice_working_days":5,"holidays":[],"working_weekends":[]}'
)
"""A policy as histories of the first release hold it."""

FIRST_DIGEST = "15005e3f4cf8abe22d66c9f7133774472243520d4682b2e5fbbc2028a9077fc4"
