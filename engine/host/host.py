"""Call one implementation of one plugin at a time, and answer in a shape of our own.

Runs in the plugin host's process only: never in the core worker, never in a workflow.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from time import perf_counter
from typing import Any

import structlog

from engine.host.answers import InvalidAnswerError, rows
from engine.host.api import deprecation
from engine.host.guard import Guarded, HostError
from engine.host.health import PluginHealth, health_of
from engine.host.loading import Implementations, PluginRefusedError, load
from engine.host.manifest import Found
from engine.plan.calls import FailureCode, HookCall, HookEnvelope

log = structlog.get_logger()

CALL_TIMEOUT_S = 8.0
"""Below the activity's own limit, so that a slow plugin is told by name."""


class Host:
    """Holds what was found; loads a plugin at its first call and keeps its failure."""

    def __init__(self, found: Iterable[Found], *, timeout_s: float = CALL_TIMEOUT_S) -> None:
        self._found = {plugin.id: plugin for plugin in found}
        self._locks = {plugin: threading.Lock() for plugin in self._found}
        self._loaded: dict[str, Implementations | PluginRefusedError] = {}
        self._hung: dict[str, Guarded[Any]] = {}
        self._timeout_s = timeout_s

    def load_all(self) -> tuple[PluginHealth, ...]:
        """Load every plugin, one by one, and return how each fared."""
        for plugin in self._found.values():
            self._load(plugin)
        return self.health()

    def health(self) -> tuple[PluginHealth, ...]:
        """Return what is known of each plugin without calling or loading it."""
        return tuple(self._health_of(plugin) for plugin in self._found.values())

    def invoke(self, call: HookCall) -> HookEnvelope:
        """Return the validated answer of one implementation; raises nothing."""
        began = perf_counter()
        envelope = self._answered(call)
        log.info(
            "hook_called",
            plugin=call.plugin,
            hook=call.hook,
            cycle=call.context.cycle,
            ok=envelope.ok,
            error_code=envelope.error_code,
            count=len(envelope.result or ()),
            took_ms=round((perf_counter() - began) * 1000),
        )
        return envelope

    def _answered(self, call: HookCall) -> HookEnvelope:
        plugin = self._found.get(call.plugin)
        if plugin is None:
            return _failed(call, "worker_absent", "the host does not have this plugin")
        try:
            result = self._called(plugin, call)
        except TimeoutError:
            return _failed(call, "contribution_timeout", f"limit {self._timeout_s:g} s")
        except InvalidAnswerError as error:
            return _failed(call, "invalid_contribution", str(error))
        except HostError as error:
            return _failed(call, "plugin_failed", str(error))
        pin = plugin.pin
        return HookEnvelope(
            hook=call.hook,
            plugin=call.plugin,
            version=pin.version,
            digest=pin.digest,
            ok=True,
            result=result,
        )

    def _called(self, plugin: Found, call: HookCall) -> list[dict[str, Any]]:
        loaded = self._load(plugin)
        if isinstance(loaded, PluginRefusedError):
            raise loaded
        if call.hook not in loaded:
            raise PluginRefusedError(f"does not implement {call.hook}")
        self._refuse_while_hung(call.plugin)
        implementation = loaded[call.hook]
        guarded = Guarded(
            lambda: rows(call.hook, call.context, implementation(ctx=call.context)),
            folder=plugin.folder,
        )
        try:
            return guarded.answer(timeout_s=self._timeout_s)
        except TimeoutError:
            self._hung[call.plugin] = guarded
            raise

    def _refuse_while_hung(self, plugin: str) -> None:
        """Refuse at once while an earlier call hangs: each retry would cost a thread."""
        if plugin in self._hung and self._hung[plugin].running:
            log.warning("plugin_hung", plugin=plugin)
            raise TimeoutError

    def _load(self, plugin: Found) -> Implementations | PluginRefusedError:
        with self._locks[plugin.id]:
            if plugin.id not in self._loaded:
                self._loaded[plugin.id] = _loaded(plugin)
            return self._loaded[plugin.id]

    def _health_of(self, plugin: Found) -> PluginHealth:
        loaded = self._loaded.get(plugin.id)
        if loaded is None:
            return health_of(plugin)
        if isinstance(loaded, PluginRefusedError):
            return health_of(plugin, status="failed", error=str(loaded))
        return health_of(plugin, status="loaded")


def _loaded(plugin: Found) -> Implementations | PluginRefusedError:
    try:
        implementations = load(plugin)
    except PluginRefusedError as error:
        log.warning(
            "plugin_refused", plugin=plugin.id, error_type=type(error.__cause__).__name__
        )
        return error
    log.info("plugin_loaded", plugin=plugin.id, hooks=sorted(implementations))
    if plugin.manifest and (change := deprecation(plugin.manifest.api)):
        log.warning("plugin_deprecated", plugin=plugin.id, change=change)
    return implementations


def _failed(call: HookCall, code: FailureCode, error: str) -> HookEnvelope:
    return HookEnvelope(
        hook=call.hook, plugin=call.plugin, ok=False, error_code=code, error=error
    )
