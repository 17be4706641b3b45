"""Whether a plugin takes part in a unit's cycles, and the roster that follows from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, TypeAlias

from engine.host.manifest import MANIFEST, Found
from engine.host.scopes import Block, Level, Retired, Scopes
from engine.plan.calls import Roster, RosterEntry, own_queue
from engine.plan.steps import Conflict
from engine.record import Record, digest

Why: TypeAlias = Literal["unsaid", "on", "required", "off", "elsewhere", "disabled", "blocked"]
EVERYBODY = "*"
DEAF = "on_event: a worker of a unit's own hears of no events"


class Standing(Record):
    """How a plugin stands with one unit; ``imposed`` from above, the unit cannot refuse it."""

    why: Why
    imposed: bool = False

    @property
    def on(self) -> bool:
        """Say whether the plugin takes part."""
        return self.why in ("unsaid", "on", "required")


def standing(plugin: Found, scopes: Scopes, unit: str | None) -> Standing:
    """Return how ``plugin`` stands with ``unit``.

    One that no table switches on is on for everybody; one that some table switches on is
    on below that table alone.
    """
    if is_disabled(scopes, plugin.id):
        return Standing(why="disabled")
    imposed = _imposed(plugin, scopes, unit)
    if not imposed and is_disabled(scopes, plugin.id, unit):
        return Standing(why="disabled")
    said = _said(plugin.id, scopes, scopes.chain(unit))
    how = Standing(why="required" if imposed else said, imposed=imposed)
    if how.on and blocked(scopes, plugin.id, _version(plugin)):
        return Standing(why="blocked", imposed=imposed)
    return how


def blocked(scopes: Scopes, plugin: str, version: str) -> Block | None:
    """Return the entry that keeps this version from everybody, if there is one."""
    entry = scopes.block.get(plugin)
    return entry if entry and entry.covers(version) else None


def is_disabled(scopes: Scopes, plugin: str, unit: str | None = None) -> bool:
    """Say whether an operator switched ``plugin`` off, for ``unit`` or else for everybody.

    One that is retired is off for everybody.
    """
    if unit is None and retired(scopes, plugin):
        return True
    return any(d.plugin == plugin and d.unit == unit for d in scopes.disabled)


def retired(scopes: Scopes, plugin: str) -> Retired | None:
    """Return by whom and when ``plugin`` was taken out for good, if it was."""
    return next((entry for entry in scopes.retired if entry.plugin == plugin), None)


def usable(
    found: Iterable[Found], scopes: Scopes, unit: str | None = None
) -> tuple[Found, ...]:
    """Return the plugins a host may load: that of ``unit`` has those of its own alone."""
    return tuple(
        plugin for plugin in found
        if not is_disabled(scopes, plugin.id)
        and not blocked(scopes, plugin.id, _version(plugin))
        and _runs_at(plugin.id, scopes, unit)
    )  # fmt: skip


def _runs_at(plugin: str, scopes: Scopes, unit: str | None) -> bool:
    """Say whether the host of ``unit``, or the one all share, runs ``plugin``."""
    if unit:
        return plugin in scopes.own(unit)
    owned = {f"unit/{name}" for name, table in scopes.unit.items() if plugin in table.own}
    return not owned or bool(set(places(scopes, plugin)) - owned)


def places(scopes: Scopes, plugin: str) -> tuple[str, ...]:
    """Return where ``plugin`` is switched on: ``*``, ``city/x`` or ``unit/y``."""
    named = [
        f"{level}/{name}" if name else EVERYBODY
        for level, name, table in scopes.tables()
        if plugin in table.switched_on
    ]
    return tuple(named) or (EVERYBODY,)


def queues(scopes: Scopes, plugin: str, shared: str) -> tuple[str, ...]:
    """Return the task queues on which ``plugin`` is asked: that of all, those of units."""
    owners = [name for name, table in scopes.unit.items() if plugin in table.own]
    everybodys = (shared,) if _runs_at(plugin, scopes, None) else ()
    return (*everybodys, *(own_queue(shared, unit) for unit in sorted(owners)))


def roster_of(found: Iterable[Found], scopes: Scopes, unit: str | None) -> Roster:
    """Return the plugins a cycle of ``unit`` may call, by their manifests alone.

    One that should be there and cannot be used is a conflict by name; one that is off is
    there only for a cycle whose opening names it.
    """
    found = tuple(found)
    known = {plugin.id: (plugin, standing(plugin, scopes, unit)) for plugin in found}
    needed = {name for name, (_, how) in known.items() if how.imposed}
    needed |= set(_required(scopes, unit)) - _switched_off(scopes)
    return Roster(
        entries=tuple(
            _entry(plugin, how, scopes, unit)
            for plugin, how in known.values()
            if (how.on or how.why == "off") and plugin.manifest and not plugin.error
        ),
        conflicts=(*_conflicts(known, needed, scopes), *_deaf(found, scopes.own(unit))),
        needed=tuple(sorted(needed)),
        order=scopes.order(unit),
    )


def _entry(plugin: Found, how: Standing, scopes: Scopes, unit: str | None) -> RosterEntry:
    assert plugin.manifest is not None
    must = any(plugin.id in table.required for _, _, table in scopes.chain(unit))
    pin = plugin.pin.model_copy(update={"criticality": "required"}) if must else plugin.pin
    config = scopes.config(plugin.id, unit)
    return RosterEntry(
        pin=pin,
        hooks=plugin.manifest.hooks,
        opt_in=how.why == "off" or (plugin.manifest.opt_in and how.why == "unsaid"),
        config_digest=digest(_plain(config)) if config else "",
        own=plugin.id in scopes.own(unit),
    )


def _conflicts(
    known: dict[str, tuple[Found, Standing]], needed: set[str], scopes: Scopes
) -> Iterator[Conflict]:
    for name, (plugin, how) in known.items():
        entry = blocked(scopes, name, _version(plugin))
        if how.why == "blocked" and entry:
            yield Conflict(code="plugin_blocked", plugin=name, detail=entry.reason)
        elif how.on and (plugin.error or not plugin.manifest):
            yield Conflict(code="plugin_failed", plugin=name, detail=MANIFEST)
    for name in sorted(needed - known.keys()):
        yield Conflict(code="plugin_failed", plugin=name, detail="not there")


def _deaf(found: Iterable[Found], own: tuple[str, ...]) -> Iterator[Conflict]:
    """Yield a conflict for each plugin that wants events where none are delivered."""
    for plugin in found:
        if plugin.id in own and plugin.manifest and "on_event" in plugin.manifest.hooks:
            yield Conflict(code="plugin_failed", plugin=plugin.id, detail=DEAF)


def _version(plugin: Found) -> str:
    return plugin.manifest.version if plugin.manifest else ""


def _required(scopes: Scopes, unit: str | None) -> Iterator[str]:
    """Yield what the province or the city requires of ``unit``."""
    for level, _, table in scopes.chain(unit):
        if level != "unit":
            yield from table.required


def _switched_off(scopes: Scopes) -> set[str]:
    off = {entry.plugin for entry in scopes.disabled if entry.unit is None}
    return off | {entry.plugin for entry in scopes.retired}


def _imposed(plugin: Found, scopes: Scopes, unit: str | None) -> bool:
    if plugin.id in _required(scopes, unit):
        return True
    manifest = plugin.manifest
    if manifest is None or manifest.criticality != "required" or manifest.scope == "unit":
        return False
    above = [level for level in scopes.chain(unit) if level[0] != "unit"]
    return _said(plugin.id, scopes, above) in ("unsaid", "on")


def _said(plugin: str, scopes: Scopes, levels: Iterable[Level]) -> Why:
    said = _walked(plugin, levels)
    if said == "unsaid" and places(scopes, plugin) != (EVERYBODY,):
        return "elsewhere"
    return said


def _walked(plugin: str, levels: Iterable[Level]) -> Why:
    """Return the last word of ``levels`` about ``plugin``."""
    word: Why = "unsaid"
    for _, _, table in levels:
        if plugin in table.switched_on:
            word = "on"
        elif plugin in table.off:
            word = "off"
    return word


def _plain(value: object) -> object:
    """Return a TOML value as JSON has it: a date becomes text."""
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return value if isinstance(value, str | int | float | bool) else str(value)
