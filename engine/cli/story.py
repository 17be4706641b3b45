"""Tell a scenario while it is played: headings, a line an act, each refusal with its rule."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from engine.cli.show import console, styled
from engine.cli.words import Words
from engine.scenario.acts import Act, Errand, Switching
from engine.scenario.model import Scenario
from engine.scenario.play import Played

CHAPTERS: tuple[tuple[str, frozenset[str]], ...] = (
    ("plan", frozenset({"file_plan", "accept_filing"})),
    ("preparation", frozenset({"hold_study", "exempt_member", "close_opinion_batch",
        "complete_opinions", "require_talk", "confirm_talk", "submit_self_exam",
        "review_self_exam", "review_material"})),
    ("meeting", frozenset({"check_in_guest", "open_meeting", "start_item", "close_meeting"})),
    ("lists", frozenset({"find_issue", "claim_issue", "add_measure", "complete_lists",
        "submit_report", "accept_report", "return_report", "tell_verdict"})),
    ("rectification", frozenset({"report_progress", "finish_measure", "apply_sign_off"})),
    ("verification", frozenset({"give_verdict"})),
    ("public", frozenset({"open_mass_review", "count_mass_review", "approve_no_review"})),
    ("sign_off", frozenset({"approve_issue", "post_notice", "raise_objection",
        "decide_objection", "close_issue"})),
    ("archive", frozenset({"publication", "look_back", "archive_cycle"})),
)  # fmt: skip
"""The phases of a cycle as a branch tells them, with the commands and steps that begin each."""


class Story:
    """Prints the story above a bar of progress; without a terminal the lines alone."""

    def __init__(self, words: Words, scenario: Scenario) -> None:
        self._words = words
        self._scenario = scenario
        self._chapter = -1
        self._progress = Progress(
            TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(),
            TimeElapsedColumn(), console=console(), transient=True,
        )  # fmt: skip
        self._task = self._progress.add_task(
            words.say("story.playing"), total=scenario.commands()
        )

    def __enter__(self) -> Self:
        """Print the title and show the bar."""
        self._progress.start()
        title = getattr(self._scenario.title, self._words.lang)
        self._print((title, "bold"))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Take the bar away."""
        self._progress.stop()

    def tell(self, played: Played) -> None:
        """Tell one act that is over."""
        self._progress.advance(self._task, played.commands)
        self._heading(played)
        line = self._line(played)
        many = f" ×{played.commands}" if played.commands > 1 else ""
        day = (f"{played.on:%m-%d} ", "dim") if played.on else "      "
        if not played.reasons:
            self._print("  ", day, ("✓", "green"), f" {line}", (many, "dim"))
            return
        self._print("  ", day, ("✗", "yellow"), f" {line}")
        refused = (self._words.say("story.refused"), "yellow")
        for reason in played.reasons:
            self._print(" " * 10, refused, f" {reason.sentence(self._words.lang)}")

    def _line(self, played: Played) -> str:
        """Return what the file says of the act, or the word for its command."""
        act, words = played.act, self._words
        if isinstance(act, Act):
            return str(getattr(act, words.lang) or words.of("act", act.do))
        if isinstance(act, Errand):
            return str(getattr(act, words.lang) or f"{act.plugin} {act.run[0]}")
        if isinstance(act, Switching):
            return str(getattr(act, words.lang) or "plugins.toml")
        return f"{words.say('story.snapshot')} {act.snapshot}"

    def _heading(self, played: Played) -> None:
        """Print the heading of a later phase when this act begins it; never go back."""
        if played.reasons or not isinstance(played.act, Act):
            return
        begins = {played.act.do, str(played.act.with_.get("step"))}
        for number, (name, kinds) in enumerate(CHAPTERS):
            if number > self._chapter and not begins.isdisjoint(kinds):
                self._chapter = number
                self._print()
                self._print((self._words.say(f"chapter.{name}"), "bold cyan"))

    def _print(self, *parts: str | tuple[str, str]) -> None:
        """Print one line: what a file says in it is no markup and moves no cursor."""
        self._progress.console.print(styled(*parts), soft_wrap=True)
