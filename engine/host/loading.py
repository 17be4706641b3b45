"""Import one plugin and check that its hooks are ours, alone and within a time limit."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import TypeAlias

import pluggy

from engine import hooks
from engine.host.guard import Guarded, HostError, PluginCodeError
from engine.host.manifest import Found
from engine.host.signatures import mismatches
from engine.plan.calls import HOOKS, HookName, unknown_hook

LOAD_TIMEOUT_S = 5.0

Implementations: TypeAlias = dict[HookName, Callable[..., object]]
"""Hook to a function of the hook's arguments by name."""


class PluginRefusedError(HostError):
    """A plugin cannot be used; the message tells its author what to mend."""


def load(found: Found, *, timeout_s: float = LOAD_TIMEOUT_S) -> Implementations:
    """Return the plugin's hooks by name.

    Raises:
        PluginRefusedError: whatever went wrong, ``SystemExit`` and a hanging import
            included.
    """
    manifest = found.manifest
    if manifest is None or found.error:
        raise PluginRefusedError(found.error or "no manifest")
    name = f"taizhang_plugin_{manifest.id}"
    guarded = Guarded(
        lambda: _hooks_of(_imported(name, found.folder), manifest.id), folder=found.folder
    )
    try:
        hooks_found = guarded.answer(timeout_s=timeout_s)
    except TimeoutError:
        raise PluginRefusedError(f"import took longer than {timeout_s:g} s") from None
    except HostError as error:
        _forget(name)
        if isinstance(error, PluginCodeError):
            raise PluginRefusedError(f"import failed: {error}") from error
        raise
    _compare(declared=set(manifest.hooks), implemented=set(hooks_found))
    return hooks_found


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


def _hooks_of(module: ModuleType, plugin: str) -> Implementations:
    """Register the module alone and return what it implements; pluggy checks arguments."""
    manager = pluggy.PluginManager(hooks.PROJECT)
    manager.add_hookspecs(hooks)
    try:
        manager.register(module, name=plugin)
    except pluggy.PluginValidationError as error:
        raise PluginRefusedError(str(error).replace("\n", " ")) from None
    found: Implementations = {}
    for caller in manager.get_hookcallers(module) or ():
        known = next((hook for hook in HOOKS if hook == caller.name), None)
        if known is None:
            raise PluginRefusedError(unknown_hook(caller.name))
        implementation = caller.get_hookimpls()[0]
        if implementation.hookwrapper or implementation.wrapper:
            raise PluginRefusedError(f"{known}: wrappers are not allowed")
        if wrong := list(mismatches(known, implementation.function)):
            raise PluginRefusedError("; ".join(wrong))
        found[known] = _calling(implementation)
    return found


def _calling(implementation: pluggy.HookImpl) -> Callable[..., object]:
    """Return the implementation as a function of arguments it need not all take."""
    function = implementation.function
    taken = {*implementation.argnames, *implementation.kwargnames}
    return lambda **given: function(**{name: given[name] for name in given.keys() & taken})


def _compare(*, declared: set[HookName], implemented: set[HookName]) -> None:
    if missing := sorted(declared - implemented):
        raise PluginRefusedError(f"declared in plugin.toml, not implemented: {missing}")
    if silent := sorted(implemented - declared):
        raise PluginRefusedError(f"implemented, not declared in plugin.toml: {silent}")
