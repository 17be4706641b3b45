"""Refusals: why a command was not carried out, with numbers and what to do.

Refused
├── RefusedForMany          several refusals at once, none hidden
└── one class per fact      engine.cycle.errors, engine.issue.errors
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import ClassVar

from engine.bilingual import half
from engine.record import Lang

Fact = str | int | tuple[str, ...]


@dataclass(eq=False)
class Refused(Exception):
    """Base of every refusal; subclasses are dataclasses whose fields are the facts.

    ``zh`` and ``en`` are sentences with the facts' names in braces.
    """

    zh: ClassVar[str] = "命令被拒绝"
    en: ClassVar[str] = "the command is refused"

    @property
    def code(self) -> str:
        """Return the class name in snake case: stable, for machines."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", type(self).__name__).lower()

    @property
    def facts(self) -> dict[str, Fact]:
        """Return the numbers and ids the sentence speaks of; never content."""
        return {f.name: getattr(self, f.name) for f in fields(self)}

    @property
    def reasons(self) -> tuple[Refused, ...]:
        """Return every reason; a plain refusal is its own only reason."""
        return (self,)

    def sentence(self, lang: Lang) -> str:
        """Return the reason as a sentence that says what to do."""
        template = self.zh if lang == "zh" else self.en
        return template.format(**{k: _shown(v, lang) for k, v in self.facts.items()})

    def __str__(self) -> str:
        """Return the sentence in both languages, Chinese first."""
        return f"{self.sentence('zh')} | {self.sentence('en')}"


@dataclass(eq=False)
class RefusedForMany(Refused):
    """Carries two or more refusals so that a person can mend all of them at once."""

    parts: tuple[Refused, ...] = ()

    @property
    def facts(self) -> dict[str, Fact]:
        """Return the codes of the reasons."""
        return {"codes": tuple(part.code for part in self.parts)}

    @property
    def reasons(self) -> tuple[Refused, ...]:
        """Return the reasons in the order they were found."""
        return self.parts

    def sentence(self, lang: Lang) -> str:
        """Return one line a reason."""
        return "\n".join(part.sentence(lang) for part in self.parts)

    def __str__(self) -> str:
        """Return one line a reason, in both languages."""
        return "\n".join(str(part) for part in self.parts)


def _shown(fact: Fact, lang: Lang) -> Fact:
    """Return a fact as it is read; of one that is told in both languages, the half."""
    if isinstance(fact, tuple):
        return ", ".join(fact)
    return half(fact, lang) if isinstance(fact, str) else fact


def refuse(reasons: Iterable[Refused]) -> None:
    """Raise every refusal in ``reasons`` together; return when there is none."""
    found = tuple(reasons)
    if len(found) == 1:
        raise found[0]
    if found:
        raise RefusedForMany(found)
