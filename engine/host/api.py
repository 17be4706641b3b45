"""Which plugin API this engine speaks: the present one, and for a while the one before."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from packaging.specifiers import InvalidSpecifier, SpecifierSet

CURRENT = 2
PREVIOUS = 1
CHANGED = (
    f"knows only api {PREVIOUS}: annotate every argument and answer of its hooks, "
    f"then write api = '{CURRENT}' in plugin.toml"
)
"""What an author of a plugin for the API before has to do to move on."""

DEPRECATED: Mapping[str, str] = {}
"""Name of a hook, or ``plugin.toml FIELD``, to what takes its place; gone at the next API."""


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


def is_current(wanted: str) -> bool:
    """Say whether a plugin that wants ``wanted`` knows the present API."""
    return _specifier(wanted).contains(str(CURRENT))


def deprecations(
    wanted: str, used: Collection[str], *, replaced: Mapping[str, str] = DEPRECATED
) -> Iterator[str]:
    """Yield what to change in a plugin that can still be used.

    Args:
        wanted: The API its manifest names.
        used: Its hooks, and its manifest's fields as ``plugin.toml FIELD``.
        replaced: What is on its way out, and what takes its place.
    """
    if not is_current(wanted):
        yield CHANGED
    for name in sorted(replaced.keys() & used):
        yield f"{name} goes away with api {CURRENT + 1}: use {replaced[name]}"


def _specifier(wanted: str) -> SpecifierSet:
    return SpecifierSet(f"=={wanted}.*" if wanted.isdigit() else wanted)
