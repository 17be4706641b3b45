"""What a role may be called in a sheet or on the command line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from types import MappingProxyType

from engine.people.roles import GRANTED, WORD, RoleId


def accepted(titles: Mapping[RoleId, str]) -> dict[str, RoleId]:
    """Return each title to its role, with each part of one that has a slash.

    A part is left out where it could mean another role too.
    """
    whole = {title: role for role, title in titles.items()}
    parts = {title: title.split("/") for title in whole if "/" in title}
    met = Counter(part for said in parts.values() for part in said)
    halves = {
        part: whole[title]
        for title, said in parts.items()
        for part in said
        if part and met[part] == 1 and part not in whole
    }
    return whole | halves


TITLES: Mapping[str, RoleId] = MappingProxyType(accepted({r: WORD[r] for r in GRANTED}))
"""Every Chinese title by which a role that a membership can carry is accepted."""

ROLES: Mapping[str, RoleId] = MappingProxyType({**TITLES, **{r: r for r in GRANTED}})
"""Every word that is accepted for a role: its titles, and its id."""
