"""``taizhang plan compose`` and ``check``: what would be planned, before anything is opened."""

from __future__ import annotations

import json

from host.samples import GOOD, HOOK, write_plugin
from plan.samples import offer, step

from engine.plan.merge import merge
from engine.scenario.load import find, load
from engine.testing.rules import RulesAlone

KNOT = HOOK + (
    "    return [StepContribution(id='{name}.s', anchor='study', side='after', "
    "shape='evidence', after=('OTHER.s',))]"
)


SAME_GAP = [
    offer("fixed", step("fixed.s")),
    offer("first", step("first.s", before=("then.s",))),
    offer("then", step("then.s")),
    offer("city", step("city.s"), scope="city"),
    offer("z", step("z.s")),
]


def wanting(tmp_path, *plugins):
    """A scenario file that wants ``plugins``."""
    from engine.scenario.load import find

    text = find("nanzhang").read_text("utf-8")
    file = tmp_path / "wanting.yaml"
    names = f"[{', '.join(plugins)}]"
    file.write_text(text.replace("plugins: [open_door]", f"plugins: {names}"), "utf-8")
    return str(file)


def test_a_plan_is_composed_and_its_digest_is_one_whatever_the_order(taizhang, tmp_path):
    done = taizhang("plan", "compose", wanting(tmp_path), "--shuffle", "50", "-o", "json")
    shown = json.loads(done.stdout)

    assert done.exit_code == 0
    assert shown["digests"] == [shown["digest"]]
    assert [s["step"] for s in shown["steps"]][:2] == ["plan", "filing"]


def test_a_unit_that_is_not_in_the_file_is_answered_with_those_that_are(taizhang, tmp_path):
    done = taizhang("plan", "compose", wanting(tmp_path), "--unit", "nowhere", "--lang", "en")

    assert done.exit_code == 1
    assert "nanzhang-finance-2" in done.stderr


def test_a_knot_of_two_plugins_is_told_with_both_before_production(taizhang, tmp_path):
    folder = taizhang.parts.settings.data_dir / "plugins"
    folder.mkdir(parents=True)
    write_plugin(folder, "a", KNOT.replace("OTHER", "b"))
    write_plugin(folder, "b", KNOT.replace("OTHER", "a"))
    asked = ("plan", "check", wanting(tmp_path, "a", "b"), "--lang", "en")
    done = taizhang(*asked)

    assert done.exit_code == 1
    assert done.stderr.count("a.s < b.s, b.s < a.s") == 2
    assert taizhang(*asked).stderr == done.stderr


def test_a_plan_without_conflicts_can_be_composed(taizhang, tmp_path):
    done = taizhang("plan", "check", wanting(tmp_path), "--lang", "en")

    assert (done.exit_code, "can be composed" in done.stdout) == (0, True)


def test_any_unit_can_be_composed_without_a_file(taizhang):
    folder = taizhang.parts.settings.data_dir / "plugins"
    folder.mkdir(parents=True)
    write_plugin(folder, "a", GOOD)
    write_plugin(folder, "b", GOOD)
    rules = taizhang.parts.settings.scopes_path
    rules.write_text("[province]\norder = ['b.s']\n[unit.u2]\noff = ['a']\n", "utf-8")

    def local(unit):
        shown = taizhang.data("plan", "compose", "--unit", unit, "--shuffle", "20")
        assert len(shown["digests"]) == 1
        return [(s["step"], s["decided_by"]) for s in shown["steps"] if s["origin"] == "local"]

    assert local("u1") == [("b.s", "roster"), ("a.s", "id")]
    assert local("u2") == [("b.s", "id")]


def test_a_roster_is_checked_before_it_is_put_in_place(taizhang, tmp_path):
    folder = taizhang.parts.settings.data_dir / "plugins"
    folder.mkdir(parents=True)
    write_plugin(folder, "a", KNOT.replace("OTHER", "b"))
    write_plugin(folder, "b", KNOT.replace("OTHER", "a"))
    tried = tmp_path / "tried.toml"
    tried.write_text("[province]\noff = ['b']\n", "utf-8")
    asked = ("plan", "check", "--unit", "u1", "--lang", "en")

    assert "a.s < b.s, b.s < a.s" in taizhang(*asked).stderr
    assert taizhang(*asked, "--roster", str(tried)).exit_code == 0
    tried.write_text("[provinz]", "utf-8")
    assert "provinz" in taizhang(*asked, "--roster", str(tried)).stderr


def test_each_step_of_one_gap_is_explained_with_the_rule_that_placed_it(taizhang):
    opening = load(find("nanzhang")).opening()
    rules = RulesAlone(lambda _: merge(SAME_GAP, fixed=("fixed.s",)))
    rules.open(opening)
    taizhang.parts.ledger().append([r.event for r in rules.ledger.read(limit=100)])
    shown = taizhang.data("plan", "explain", opening.cycle, "--lang", "en")
    gap = [s for s in shown["steps"] if s["slot"] == "after:mutual_criticism"]

    assert [(s["step"], s["decided_by"]) for s in gap] == [
        ("fixed.s", "roster"), ("city.s", "scope"), ("first.s", "id"),
        ("then.s", "relation"), ("z.s", "id"),
    ]  # fmt: skip
    assert len({s["reason"] for s in gap}) == 4
    assert {s["decided_by"] for s in shown["steps"] if not s["slot"]} == {"prescribed"}
