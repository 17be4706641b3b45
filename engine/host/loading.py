"""Import one plugin and check that its hooks are ours, alone and within a time limit."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, TypeAlias

import pluggy

from engine import hooks
from engine.host.answers import rows
from engine.host.api import is_current
from engine.host.configured import ConfigModel, model_of
from engine.host.guard import Guarded, HostError, PluginCodeError
from engine.host.imports import strays
from engine.host.manifest import Found, Manifest
from engine.host.signatures import mismatches, unannotated
from engine.plan.calls import HOOKS, HookName, unknown_hook
from engine.plan.kinds import EventType

LOAD_TIMEOUT_S = 5.0

Implementations: TypeAlias = dict[HookName, Callable[..., object]]
"""Hook to a function of the hook's arguments by name."""


class PluginRefusedError(HostError):
    """A plugin cannot be used; each line of the message is one thing to mend."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What a plugin turned out to have once it was imported."""

    hooks: Implementations
    config: ConfigModel | None = None
    types: tuple[EventType, ...] = ()


def load(found: Found, *, timeout_s: float = LOAD_TIMEOUT_S) -> Loaded:
    """Return what the plugin implements.

    Raises:
        PluginRefusedError: whatever went wrong, ``SystemExit`` and a hanging import
            included.
    """
    manifest = found.manifest
    if manifest is None or found.error:
        raise PluginRefusedError(found.error or "no manifest")
    if wrong := tuple(strays(Path(found.folder))):
        raise PluginRefusedError("\n".join(wrong))
    name = f"taizhang_plugin_{manifest.id}"
    guarded = Guarded(
        lambda: _examined(_imported(name, found.folder), manifest), folder=found.folder
    )
    try:
        return guarded.answer(timeout_s=timeout_s)
    except TimeoutError:
        raise PluginRefusedError(f"import took longer than {timeout_s:g} s") from None
    except HostError as error:
        _forget(name)
        if isinstance(error, PluginCodeError):
            raise PluginRefusedError(f"import failed: {error}") from error
        raise


def _imported(name: str, folder: str) -> ModuleType:
    """Import the folder under a name of its own, so that no other package is shadowed."""
    file = Path(folder) / "__init__.py"
    spec = importlib.util.spec_from_file_location(
        name, file, submodule_search_locations=[folder]
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def _forget(name: str) -> None:
    """Drop the half-imported package, so that mending it needs no trick."""
    for module in [m for m in sys.modules if m == name or m.startswith(f"{name}.")]:
        del sys.modules[module]


def _examined(module: ModuleType, manifest: Manifest) -> Loaded:
    """Return what ``module`` has; everything wrong with it is told at once."""
    found = dict(_marked(module))
    wrong = [line for name in found for line in _faults(name, *found[name], manifest)]
    wrong += _differences(declared=set(manifest.hooks), implemented=found.keys() & set(HOOKS))
    if wrong:
        raise PluginRefusedError("\n".join(wrong))
    ours: Implementations = {h: _calling(found[h][0]) for h in HOOKS if h in found}
    config, complaint = model_of(module, manifest.config)
    if complaint:
        raise PluginRefusedError(complaint)
    return Loaded(hooks=ours, config=config, types=_event_types(ours, manifest.id))


def _marked(module: ModuleType) -> Iterator[tuple[str, tuple[Callable[..., Any], bool]]]:
    """Yield every function marked as a hook by its hook's name, and whether it is a wrapper."""
    manager = pluggy.PluginManager(hooks.PROJECT)
    for name in dir(module):
        options = manager.parse_hookimpl_opts(module, name)
        if options is not None:
            wraps = bool(options.get("wrapper") or options.get("hookwrapper"))
            yield options.get("specname") or name, (getattr(module, name), wraps)


def _faults(
    name: str, function: Callable[..., Any], wraps: bool, manifest: Manifest
) -> Iterator[str]:
    if name not in HOOKS:
        yield unknown_hook(name)
    elif wraps:
        yield f"{name}: wrappers are not allowed"
    else:
        yield from mismatches(name, function)
        if is_current(manifest.api):
            yield from unannotated(name, function)


def _calling(function: Callable[..., Any]) -> Callable[..., object]:
    """Return ``function`` as one of arguments by name that it need not all take."""
    code = function.__code__
    taken = set(code.co_varnames[: code.co_argcount + code.co_kwonlyargcount])
    return lambda **given: function(**{name: given[name] for name in given.keys() & taken})


def _differences(*, declared: Set[str], implemented: Set[str]) -> Iterator[str]:
    if missing := sorted(declared - implemented):
        yield f"declared in plugin.toml, not implemented: {', '.join(missing)}"
    if silent := sorted(implemented - declared):
        yield f"implemented, not declared in plugin.toml: {', '.join(silent)}"


def _event_types(ours: Implementations, plugin: str) -> tuple[EventType, ...]:
    """Return the types of event that belong to the plugin."""
    hook: HookName = "register_event_types"
    if hook not in ours:
        return ()
    types = tuple(EventType.model_validate(row) for row in rows(hook, ours[hook]()))
    kinds = [type_.kind for type_ in types]
    if foreign := sorted(kind for kind in kinds if not kind.startswith(f"{plugin}.")):
        raise PluginRefusedError(f"{hook}: {', '.join(foreign)} must begin with {plugin}.")
    if len(set(kinds)) < len(kinds):
        raise PluginRefusedError(f"{hook}: a kind is registered twice")
    return types
