"""Nothing shown, and no sum or difference of it, is about fewer than k answers."""

from __future__ import annotations

from fractions import Fraction
from itertools import chain, combinations

import pytest
from hypothesis import given, settings, strategies as st
from opinions.conftest import BATCH, DAY

from engine.opinions.answers.batches import Issue
from engine.opinions.answers.pool import Entry
from engine.opinions.blocks import ALL, OTHER, Cell, Heard, cells
from engine.opinions.refusals import BatchNotClosed, BodyUnknown, TooFew

K = 3
BODIES, ASPECTS = "abcd", ("study", "work", "style")
answered = st.lists(st.sampled_from(ASPECTS), max_size=9)
situations = st.fixed_dictionaries(
    {body: st.tuples(st.sampled_from(("branch", "unit")), answered) for body in BODIES}
)
"""For each body its kind and its answers; each answer raises one aspect."""


def heard(situation) -> tuple[Heard, ...]:
    return tuple(
        Heard(frozenset(body), frozenset({kind}), tuple(frozenset({a}) for a in said))
        for body, (kind, said) in situation.items()
    )


def subsets(things):
    things = tuple(things)
    return chain.from_iterable(combinations(things, n) for n in range(1, len(things) + 1))


class Attacker:
    """Knows every number shown and which unknowns each is the sum of; does linear algebra.

    The unknowns are how many answers of each body raise each aspect (of those raised at
    all). What lies in the span of the equations can be computed exactly, what does not
    cannot.
    """

    def __init__(self, shown: tuple[Cell, ...], aspects: tuple[str, ...]) -> None:
        named = {c.aspect for c in shown} - {ALL, OTHER}
        means = {ALL: set(aspects), OTHER: set(aspects) - named}
        self.rows: list[list[Fraction]] = []
        for cell in shown:
            self._add(
                self.row(cell.bodies, means.get(cell.aspect, {cell.aspect})), cell.answers
            )

    @staticmethod
    def row(bodies, aspects) -> list[Fraction]:
        return [Fraction(b in bodies and a in aspects) for b in BODIES for a in ASPECTS]

    def _add(self, row, value) -> None:
        left = self._reduced([*row, Fraction(value)])
        if any(left):
            pivot = next(n for n, x in enumerate(left) if x)
            self.rows.append([x / left[pivot] for x in left])

    def _reduced(self, row):
        for known in self.rows:
            pivot = next(n for n, x in enumerate(known) if x)
            row = [x - row[pivot] * y for x, y in zip(row, known, strict=True)]
        return row

    def computes(self, bodies, aspects) -> Fraction | None:
        """Return how many answers there are of that group, if that can be told."""
        left = self._reduced([*self.row(bodies, aspects), Fraction(0)])
        return None if any(left[:-1]) else -left[-1]


def small(shown, every: tuple[Heard, ...], k: int) -> list[object]:
    """Return every group of bodies and aspects that can be computed and is below ``k``."""
    raised = {a for h in every for said in h.answers for a in said}
    attacker = Attacker(shown, tuple(raised))
    found = []
    for bodies in subsets(BODIES):
        for aspects in subsets(sorted(raised)):
            told = attacker.computes(bodies, aspects)
            if told is not None and told < k:
                found.append((bodies, aspects, told))
    return found


@settings(max_examples=300)
@given(situations)
def test_p03_no_attacker_computes_a_group_below_k(situation):
    every = heard(situation)

    assert small(cells(every, k=K), every, K) == []


def test_the_attacker_finds_the_complement_of_an_ordinary_table():
    said = ("study",) * 4
    situation = {"a": ("branch", said), "b": ("branch", said), "c": ("branch", ("work",)),
        "d": ("branch", said)}  # fmt: skip
    every = heard(situation)
    ordinary = [Cell(ALL, h.bodies, len(h.answers)) for h in every if len(h.answers) >= K]
    total = Cell(ALL, frozenset(BODIES), 13)

    assert (("c",), ("study", "work"), 1) in small((*ordinary, total), every, K)
    assert small(ordinary, every, K) == []


@given(situations)
def test_every_cell_has_k_answers_and_those_of_one_aspect_do_not_overlap(situation):
    shown = cells(heard(situation), k=K)

    assert all(cell.answers >= K for cell in shown)
    for aspect in {cell.aspect for cell in shown}:
        bodies = [b for cell in shown if cell.aspect == aspect for b in cell.bodies]
        assert sorted(bodies) == sorted(BODIES)


@given(situations)
def test_something_is_shown_whenever_there_are_k_answers(situation):
    total = sum(len(said) for _, said in situation.values())

    assert bool(cells(heard(situation), k=K)) == (total >= K)


def test_an_answer_that_raises_two_aspects_counts_for_both_and_once_in_all():
    both, one, none = frozenset({"study", "work"}), frozenset({"study"}), frozenset({"style"})
    said = Heard(frozenset("a"), frozenset({"branch"}), (both,) * 3 + (one,) * 2 + (none,) * 4)
    shown = {cell.aspect: cell.answers for cell in cells([said], k=3)}

    assert shown == {ALL: 9, "study": 5, "work": 3, "style": 4}


def test_p03_what_everybody_raised_is_not_told_of_anybody():
    both, one = frozenset({"study", "work"}), frozenset({"study"})
    said = Heard(frozenset("a"), frozenset({"branch"}), (one,) * 6 + (both,) * 3)

    assert cells([said], k=3) == (Cell(ALL, frozenset("a"), 9),)


def closed_room(room):
    """Twelve bodies: u0 with 6 answers, u1 with 5, ten branches with 4 each."""
    issues = [Issue(body=f"b{n}", kind="branch", paper=4) for n in range(10)]
    issues += [Issue(body=f"u{n}", kind="unit", paper=6 - n) for n in range(2)]
    room.asked(*issues)
    for issue in issues:
        for n in range(issue.paper):
            room.pool.enter(BATCH, Entry(body=issue.body, day=DAY, text=f"意见{n}甲乙丙丁"))
    room.shut()
    for number, answer in enumerate(room.answers.of(BATCH)):
        aspect = "rare" if number < 2 else ("study", "work")[number % 2]
        room.coding.code(answer.id, "另说", by="col", aspect=aspect)
    with pytest.raises(BatchNotClosed):
        room.results.of(BATCH)
    room.coding.close(BATCH, today=DAY)


def test_p03_a_branch_of_four_shows_too_few_and_so_does_everything_but_it(room):
    closed_room(room)
    ask = room.results.ask

    for query in (
        {"bodies": ["b0"]},
        {"without": ["b0"]},
        {"bodies": ["b0", "b1"]},
        {"kind": "branch", "without": ["b3"]},
        {"bodies": ["u0", "b0"]},
        {"aspect": "rare"},
        {"aspect": "nothing"},
        {"without": [f"b{n}" for n in range(10)] + ["u0", "u1"]},
    ):
        with pytest.raises(TooFew, match="不满 5 份"):
            ask(BATCH, **query)
    with pytest.raises(BodyUnknown):
        ask(BATCH, bodies=["b0", "nowhere"])
    assert ask(BATCH) == 51
    assert ask(BATCH, kind="branch") == 40
    assert [ask(BATCH, bodies=[unit]) for unit in ("u0", "u1")] == [6, 5]
    assert ask(BATCH, kind="unit", without=["u1"]) == 6


def test_a_rare_aspect_hides_in_the_others_and_takes_one_along(room):
    closed_room(room)
    shown = {c.aspect: 0 for c in room.results.of(BATCH)}
    for cell in room.results.of(BATCH):
        shown[cell.aspect] += cell.answers

    assert "rare" not in shown
    assert shown[ALL] == 51
    assert set(shown) == {ALL, OTHER, "study"} or set(shown) == {ALL, OTHER, "work"}
