"""P22: the nightly pass of an installation knows whoever carries a text, and spares it."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from people.conftest import TREE, member

from engine.opinions.answers.tables import ANSWER, BATCH, CODED, PROBLEM
from engine.people.organisation import Change, Named
from engine.settings import Settings
from workflows.stores import Stores

FAR = date(2099, 1, 1)


def test_p22_the_nightly_pass_spares_opinions_names_and_greetings(tmp_path):
    addresses = tmp_path / "addresses.toml"
    settings = Settings(data_dir=tmp_path / "var", notice_addresses=addresses)
    stores = Stores(settings, guarded=False)
    sealed = {
        what: stores.vault.seal(what, subject="x", by="m01")
        for what in ("original", "paraphrase", "heading", "reply", "name", "greeting", "none")
    }
    addresses.write_text(f'[m01]\nname = "{sealed["greeting"]}"\n', "utf-8")
    change = Change(
        units=TREE, persons=(Named(id="m05", name=sealed["name"]),),
        memberships=(member("m05", unit="b1"),),
    )  # fmt: skip
    stores.people.organisation.apply(change, by="root")
    rows = {
        BATCH: {"id": "b", "cycle": "c", "channel": "form", "state": "coding", "k": 5,
            "opened_on": "2021-07-01"},
        ANSWER: {"id": "a", "batch": "b", "body": "site", "day": "2021-07-01",
            "original": sealed["original"], "standing": "valid"},
        PROBLEM: {"id": "p", "cycle": "c", "aspect": "site", "heading": sealed["heading"],
            "state": "explained", "reply": sealed["reply"], "overruled": 0},
        CODED: {"id": "o", "batch": "b", "answer": "a", "aspect": "site",
            "paraphrase": sealed["paraphrase"], "problem": "p"},
    }  # fmt: skip
    with stores.opinions.codings.engine.begin() as connection:
        for table, row in rows.items():
            connection.execute(sa.insert(table).values(row))

    assert [d.contents for d in stores.retention.due(FAR)] == [(sealed["none"],)]
