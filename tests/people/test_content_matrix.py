"""Every role, by itself and with no part in it, tries to read every kind of sealed text.

Who may is written down here from the rules about people, not taken from the table in the
code. Whoever is turned away reads the one sentence of every denial, and the refusal is on
record.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from cli.conftest import terminal
from pydantic import SecretStr

from engine.people.organisation import Organisation
from engine.people.roles import GRANTED
from engine.reading.room import reading
from engine.scenario.load import load
from engine.scenario.play import play

from .conftest import ABOVE

SCRIPT = load(Path(__file__).parents[1] / "workflows" / "rights.yaml")
BRANCH = {"branch_secretary", "committee_member"}
HIGHER = {"superior_officer", "guidance_group"}
EVERYBODY_INSIDE = {
    *BRANCH, *HIGHER, "party_group_leader", "member", "probationary_member", "leading_cadre",
    "recorder", "verifier",
}  # fmt: skip
TEXTS = {
    ("CriticismRecorded", "problem"): {"recorder"},
    ("CriticismRecorded", "suggestion"): {"recorder"},
    ("CriticismReplied", "content"): {"recorder"},
    ("CriticismDecided", "reason"): {"recorder"},
    ("TalkRequired", "content"): set(),
    ("SelfExamSubmitted", "content"): {*BRANCH, *HIGHER, "party_group_leader"},
    ("StepRecorded", "evidence"): {*BRANCH, *HIGHER, "recorder"},
    ("VerdictProposed", "content"): BRANCH,
    ("VerdictReplied", "content"): BRANCH,
    ("VerdictTold", "content"): BRANCH,
    ("AppealFiled", "content"): {"superior_officer", "appeal_reviewer"},
    ("AppealDecided", "reason"): {"superior_officer", "appeal_reviewer"},
    ("IssueFound", "content"): {*EVERYBODY_INSIDE, "publisher", "privacy_officer"},
}
"""Event and field to the roles that read it without being named in it."""

PLACES = ("b1", "b2")
"""The unit of whoever tries, and another."""

NOTHING = f"sealed:{'7' * 32}:{'7' * 64}"
DENIED = (1, "", "not permitted, or there is no such thing [denied]\n")
COMBINATIONS = [(r, t, u) for r in GRANTED for t in TEXTS for u in (*PLACES, "nowhere")]


@pytest.fixture(scope="module")
def library(house, tmp_path_factory):
    """The command line behind the door, and each text by event, field and unit."""
    door, credentials, delegations, tokens = house
    made = terminal(tmp_path_factory.mktemp("library"), ())
    ledger, vault = made.parts.ledger(), made.parts.vault()
    asyncio.run(played(made.parts))
    room = reading(vault, ledger, Organisation(tokens.engine), delegations)

    def of(role):
        token = SecretStr(credentials[f"p-{role}"])
        settings = made.parts.settings.model_copy(update={"token": token})
        parts = {"settings": settings, "door": lambda: door, "reading": lambda: room}
        return type(made)(replace(made.parts, **parts))

    return of, references(ledger), vault


async def played(parts):
    async with parts.gateway() as gateway:
        for unit in PLACES:
            script = SCRIPT.named(f"c-{unit}")
            units = tuple(u.model_copy(update={"unit": unit}) for u in script.units)
            await play(
                script.model_copy(update={"units": units}), gateway, parts.vault(),
                told=lambda _: None, limit_bytes=16384,
            )  # fmt: skip


def references(ledger):
    found = {}
    for row in ledger.read(limit=9999):
        event, unit = row.event, row.event.stream.split("/")[1].removeprefix("c-")
        for kind, field in TEXTS:
            if event.kind == kind and field in event.data:
                found.setdefault((kind, field, unit), event.data[field])
    return found


def permitted(role, text, unit) -> bool:
    return role in TEXTS[text] and (unit == "b1" or (unit == "b2" and role in ABOVE))


@pytest.mark.timeout(600)
def test_each_reads_what_the_rules_about_people_say_and_nothing_else(library):
    of, known, _ = library
    said, wrong, counts = set(), [], Counter()
    for role, text, unit in COMBINATIONS:
        reference = known[(*text, unit)] if unit in PLACES else NOTHING
        done = of(role)(
            "vault", "read", reference, "--as", f"p-{role}", "--purpose", "rectify",
            "--lang", "en",
        )  # fmt: skip
        let = done.exit_code == 0
        counts[let] += 1
        if not let:
            said.add((done.exit_code, done.stdout, done.stderr))
        if let is not permitted(role, text, unit):
            wrong.append((role, text, unit, done.stderr))

    assert not wrong
    assert said == {DENIED}
    assert counts[False] >= 500
    assert counts[True] >= 40


def test_a_refused_reading_is_on_record_like_one_that_was_let(library):
    of, known, vault = library
    reference = known["CriticismRecorded", "problem", "b1"]
    before = len(vault.reads())
    for role in ("superior_officer", "recorder"):
        of(role)("vault", "read", reference, "--as", f"p-{role}", "--purpose", "rectify")

    outcomes = [read.outcome for read in vault.reads()][before:]
    assert outcomes == ["refused", "opened"]
