"""Subjects of appeals: a key for each text alone, so that none goes with another.

The name says that it is an appeal and of which cycle, by a digest; never whose.
"""

from __future__ import annotations

import hashlib
import re

from engine.vault.subjects import APPEAL

OWN = re.compile(rf"{re.escape(APPEAL)}[0-9a-f]{{16}}\.[0-9a-f]{{16}}")


def own_subject(cycle: str, command_id: str, field: str) -> str:
    """Return the subject of one text of an appeal in ``cycle``; sent again, it is the same."""
    return f"{APPEAL}{_digest(cycle)}.{_digest(f'{cycle}/{command_id}|{field}')}"


def is_own(subject: str) -> bool:
    """Say whether ``subject`` stands for one text of an appeal."""
    return OWN.fullmatch(subject) is not None


def of_cycle(subject: str, cycle: str) -> bool:
    """Say whether ``subject`` stands for a text of an appeal in ``cycle``."""
    return is_own(subject) and subject.split(".")[1] == _digest(cycle)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
