"""Which plugin API this engine speaks: the present one, and for a while the one before."""

from __future__ import annotations

from packaging.specifiers import InvalidSpecifier, SpecifierSet

CURRENT = 2
PREVIOUS = 1
CHANGED = "api 2: StepContribution has the shape each_member with stages"
"""What an author of a plugin for the API before has to know to move on."""


def refusal(wanted: str) -> str | None:
    """Return why a plugin that wants ``wanted`` cannot be used; None when it can.

    ``wanted`` is a version (``"2"``) or a specifier (``">=1,<3"``).
    """
    try:
        accepted = _specifier(wanted)
    except InvalidSpecifier:
        accepted = None
    if not wanted.strip() or accepted is None:
        return f"{wanted!r} is no version and no specifier such as '>=1,<3'"
    if accepted.contains(str(CURRENT)) or accepted.contains(str(PREVIOUS)):
        return None
    return f"wants api {wanted}, this engine speaks {CURRENT} and {PREVIOUS}"


def deprecation(wanted: str) -> str | None:
    """Return what to change in a plugin that knows only the API before; None otherwise."""
    return None if _specifier(wanted).contains(str(CURRENT)) else CHANGED


def _specifier(wanted: str) -> SpecifierSet:
    return SpecifierSet(f"=={wanted}.*" if wanted.isdigit() else wanted)
