"""Plugins are asked before an issue is signed off: they can hold it open, and close none."""

from __future__ import annotations

from dataclasses import replace

from engine.issue.bench import Bench
from engine.issue.closing import held, reviewed
from engine.issue.events import ENGINE
from engine.plan.closing import Finding

from .life import PEOPLE, SEALED, Life

OPEN_DEED = Finding(plugin="deeds", severity="deny", code="deed_open", version="1.0")
REMARK = Finding(plugin="deeds", severity="warn", code="late", version="1.0")


class Reviewed(Life):
    """A life whose plan has a plugin that reviews closings."""

    reviewers = ("deeds",)

    def ready(self):
        """Everything the rules ask for is there; nobody has asked to sign it off."""
        self.planned().applied().judged().asked().accepted().posted()
        return self.on((self.now.date() - self.issue.found_at.date()).days + 10)

    def answered(self, *findings):
        bench = Bench(by=ENGINE, people=PEOPLE, policy=self.policy, now=self.now)
        for event in reviewed(self.issue, findings, bench):
            self._place(event)
        return self

    def asks(self):
        return self.do("close_issue", "sec")


def test_an_issue_that_no_plugin_reviews_is_closed_at_once():
    life = Reviewed(reviewers=()).ready().asks()

    assert life.kinds()[-1] == "IssueClosed"


def test_an_issue_under_review_is_open_and_asked_about_once():
    life = Reviewed().ready().asks()

    assert life.issue.status == "noticed"
    assert life.issue.open
    assert life.refused("close_issue", "sec") == ["closing_under_review"]


def test_it_closes_in_the_name_of_whoever_asked_when_nobody_objects():
    life = Reviewed().ready().asks().answered(REMARK)
    told, closed = life.events[-2:]

    assert (told.kind, told.by, told.findings) == ("ClosingReviewed", ENGINE, (REMARK,))
    assert (closed.kind, closed.by) == ("IssueClosed", "sec")
    assert (life.issue.status, life.issue.closing, life.issue.held) == ("closed", None, ())


def test_one_denial_holds_it_open_and_says_who_and_why():
    life = Reviewed().ready().asks().answered(REMARK, OPEN_DEED)

    assert life.kinds()[-1] == "ClosingReviewed"
    assert life.issue.open
    assert life.issue.held == (OPEN_DEED,)
    assert held(life.issue).by == ("deeds: deed_open",)


def test_it_may_be_asked_for_again_and_is_reviewed_again():
    life = Reviewed().ready().asks().answered(OPEN_DEED).asks()
    assert life.issue.held == ()

    assert life.answered().issue.status == "closed"


def test_an_objection_that_came_meanwhile_holds_it_open_too():
    life = Reviewed().ready().asks()
    life.do("raise_objection", "res", content=SEALED)
    life.answered()

    assert life.issue.open
    assert [(f.plugin, f.code) for f in life.issue.held] == [(ENGINE, "objection_open")]


def test_what_a_plugin_says_never_replaces_a_rule():
    life = Reviewed().ready()
    life.issue = replace(life.issue, approvals=())

    assert life.refused("close_issue", "sec") == ["not_approved"]


def test_an_issue_goes_back_to_work_without_what_held_it():
    life = Reviewed().ready().asks().answered(OPEN_DEED)
    life.do("raise_objection", "res", content=SEALED)
    life.do("decide_objection", "sup", outcome="upheld", reason=SEALED)

    assert life.issue.held == ()
