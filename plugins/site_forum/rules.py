"""What may be written about a forum, by whom and when; else a reason in two languages."""

from __future__ import annotations

from engine import FactRefused

from . import facts as f
from .forums import Intake, Intakes, State

NEEDS: dict[type[f.Fact], State] = {
    f.ForumHeld: "planned", f.ForumMinuted: "held", f.ForumCoded: "minuted",
}  # fmt: skip
"""What people ask to the state the forum has to be in."""

STATES: dict[State, str] = {
    "planned": "已安排", "held": "已召开", "minuted": "已有记录", "coded": "已编码",
}  # fmt: skip


def check(intakes: Intakes, fact: f.PeoplesFact) -> None:
    """Let what a person asks pass, or say why not.

    Raises:
        FactRefused: an unknown cycle, somebody else's part, out of turn, or before its day.
    """
    intake = intakes.get(fact.cycle)
    if intake is None:
        raise FactRefused(
            f"没有听到周期 {fact.cycle}", f"nothing was heard of cycle {fact.cycle}"
        )
    if fact.by not in intake.collectors:
        raise FactRefused(
            f"{fact.by} 不能办理,应由 {'、'.join(intake.collectors) or '(名册上没有人)'} 办理",
            f"forbidden for {fact.by}; it is for {', '.join(intake.collectors) or '(nobody)'}",
        )
    if isinstance(fact, f.ForumPlanned):
        _plannable(intake, fact)
        return
    _in_turn(intake, fact)
    if isinstance(fact, f.ForumHeld) and fact.day > fact.on:
        raise FactRefused(f"{fact.day} 还没到", f"{fact.day} is yet to come")


def _plannable(intake: Intake, fact: f.ForumPlanned) -> None:
    if fact.forum in intake.forums:
        raise FactRefused(f"已有座谈会 {fact.forum}", f"forum {fact.forum} is planned already")
    if intake.ended:
        raise FactRefused(
            "征求意见已结束,不再安排", "opinions are complete; no forum is planned any more"
        )


def _in_turn(intake: Intake, fact: f.ForumHeld | f.ForumMinuted | f.ForumCoded) -> None:
    forum, needs = intake.forums.get(fact.forum), NEEDS[type(fact)]
    if forum is None:
        raise FactRefused(f"没有座谈会 {fact.forum}", f"there is no forum {fact.forum}")
    if forum.state != needs:
        raise FactRefused(
            f"{forum.id} {STATES[forum.state]},这一步要在“{STATES[needs]}”之后",
            f"{forum.id} is {forum.state}; this follows {needs}",
        )
