"""Call one implementation of one plugin at a time, and answer in a shape of our own.

Runs in the plugin host's process only: never in the core worker, never in a workflow.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from time import perf_counter
from typing import Any, TypeAlias

import structlog

from engine.host import loading
from engine.host.answers import InvalidAnswerError, rows
from engine.host.apart import answers
from engine.host.api import CURRENT, PREVIOUS, deprecations, is_current
from engine.host.configured import checked, resolved, without_secrets
from engine.host.guard import CALL_TIMEOUT_S, Guarded, HostError
from engine.host.health import PluginHealth, health_of, leave
from engine.host.hush import learn
from engine.host.kept import KeptTypes
from engine.host.loading import Loaded, PluginRefusedError
from engine.host.manifest import Found, Manifest
from engine.host.placing import usable
from engine.host.quarantine import Quarantine
from engine.host.scopes import Scopes, ScopesError
from engine.plan.calls import FailureCode, HookCall, HookEnvelope, HookName
from engine.plan.closing import ClosingContext
from engine.plan.condition import HealthContext
from engine.plan.delivered import Delivered, DeliveryContext
from engine.plan.steps import PlanContext

log = structlog.get_logger()

SUSPECTED = "ended the host's process; asked in a process of its own until it answers there"

Rows: TypeAlias = list[dict[str, Any]]
Context: TypeAlias = PlanContext | ClosingContext | DeliveryContext | HealthContext


class Host:
    """Holds what was found; loads a plugin at its first call and keeps its failure.

    ``scopes`` are asked again for each call: what they say takes effect at once. While they
    cannot be read, no plugin is loaded or called. How each plugin fares is left in
    ``seen`` whenever that changes, and beside it who was at work should the process die:
    a plugin so suspected is asked in a process of its own. The host of a ``unit`` runs the
    plugins that are the unit's own, for its cycles alone. What types of event a plugin has
    is kept in ``kept``, and one that leaves what it published is refused.
    """

    def __init__(
        self, found: Iterable[Found], *, scopes: Callable[[], Scopes] = Scopes,
        seen: Path | None = None, timeout_s: float = CALL_TIMEOUT_S,
        unit: str | None = None, kept: KeptTypes | None = None,
    ) -> None:  # fmt: skip
        self._found = {plugin.id: plugin for plugin in found}
        self._scopes = scopes
        self._locks = {plugin: threading.Lock() for plugin in self._found}
        self._loaded: dict[str, Loaded | PluginRefusedError] = {}
        self._hung: dict[str, Guarded[Any]] = {}
        self._troubles: dict[str, str] = {}
        self._seen = seen
        self._quarantine = Quarantine(seen.with_suffix(".running") if seen else None)
        self._leaving = threading.Lock()
        self._timeout_s = timeout_s
        self._unit = unit
        self._kept = kept

    def load_all(self) -> tuple[PluginHealth, ...]:
        """Load every plugin, one by one, ask each how it is, and return how each fared."""
        for plugin in self._usable():
            if not self._quarantine.holds(plugin):
                self._load(plugin)
        rows = tuple(self._asked(row) for row in self.health())
        self._leave(rows)
        return rows

    def health(self) -> tuple[PluginHealth, ...]:
        """Return what is known of each plugin without calling or loading it."""
        return tuple(self._health_of(plugin) for plugin in self._usable())

    def invoke(self, call: HookCall) -> HookEnvelope:
        """Return the validated answer of one implementation; raises nothing."""
        plugin = self._found.get(call.plugin)
        if plugin and self._quarantine.holds(plugin):
            return self._invoke_apart(plugin, call)
        more = {"steps": call.steps} if call.hook == "review_plan" else {}
        return self._told(call.plugin, call.hook, call.context, more)

    def _invoke_apart(self, plugin: Found, call: HookCall) -> HookEnvelope:
        """Return the answer of a suspected plugin; one that answers is suspected no more."""
        place = Path(plugin.folder).parent
        (answer,) = answers(place, [call], scopes=self._scopes(), timeout_s=self._timeout_s)
        if answer.error_code != "worker_absent":
            self._quarantine.acquit(plugin)
        log.info("hook_called_apart", plugin=call.plugin, hook=call.hook, ok=answer.ok)
        return answer

    def deliver(self, context: DeliveryContext, event: Delivered) -> HookEnvelope:
        """Give ``event`` to the plugin; the envelope has no rows. Raises nothing."""
        return self._told(context.plugin, "on_event", context, {"event": event})

    def _told(
        self, plugin: str, hook: HookName, context: Context, more: dict[str, Any]
    ) -> HookEnvelope:
        """Return the envelope, and leave one line about it in the log."""
        began = perf_counter()
        envelope = self._answered(plugin, hook, context, more)
        self._remember(envelope)
        log.info(
            "hook_called",
            plugin=plugin,
            hook=hook,
            cycle=getattr(context, "cycle", ""),
            ok=envelope.ok,
            error_code=envelope.error_code,
            count=len(envelope.result or ()),
            took_ms=round((perf_counter() - began) * 1000),
        )
        return envelope

    def _remember(self, envelope: HookEnvelope) -> None:
        """Keep a failure until the plugin answers again, and leave word of the change."""
        before = self._troubles.pop(envelope.plugin, None)
        if not envelope.ok and envelope.plugin in self._found:
            error = f"{envelope.hook}: {envelope.error_code}, {envelope.error}"
            self._troubles[envelope.plugin] = error
        if self._troubles.get(envelope.plugin) != before:
            self._leave(self.health())

    def _leave(self, rows: tuple[PluginHealth, ...]) -> None:
        if self._seen:
            with self._leaving:
                leave(rows, self._seen)

    def _answered(
        self, name: str, hook: HookName, context: Context, more: dict[str, Any]
    ) -> HookEnvelope:
        def failed(code: FailureCode, error: str) -> HookEnvelope:
            return HookEnvelope(hook=hook, plugin=name, ok=False, error_code=code, error=error)

        plugin = self._found.get(name)
        if plugin is None:
            return failed("worker_absent", "the host does not have this plugin")
        try:
            if not usable([plugin], self._scopes(), self._unit):
                return failed("worker_absent", "switched off, blocked or run elsewhere")
            if self._unit and getattr(context, "unit", self._unit) != self._unit:
                return failed("worker_absent", f"this worker serves {self._unit} alone")
            if self._quarantine.holds(plugin):
                return failed("worker_absent", SUSPECTED)
            result = self._called(plugin, hook, context, more)
        except TimeoutError:
            return failed("contribution_timeout", f"took longer than {self._timeout_s:g} s")
        except InvalidAnswerError as error:
            return failed("invalid_contribution", str(error))
        except HostError as error:
            return failed("plugin_failed", "; ".join(str(error).splitlines()))
        pin = plugin.pin
        return HookEnvelope(
            hook=hook, plugin=name, version=pin.version, digest=pin.digest, ok=True,
            result=result,
        )  # fmt: skip

    def _called(
        self, plugin: Found, hook: HookName, context: Context, more: dict[str, Any]
    ) -> Rows:
        loaded = self._load(plugin)
        if isinstance(loaded, PluginRefusedError):
            raise loaded
        if hook not in loaded.hooks:
            raise PluginRefusedError(f"does not implement {hook}")
        self._refuse_while_hung(plugin.id)
        secrets: set[str] = set()
        told = self._configured(plugin.id, loaded, context, secrets)
        people = context if isinstance(context, PlanContext) else None
        guarded = Guarded(
            lambda: rows(hook, loaded.hooks[hook](ctx=told, **more), people),
            folder=plugin.folder,
        )
        try:
            with self._quarantine.watched(plugin):
                result = guarded.answer(timeout_s=self._timeout_s)
            return without_secrets(result, secrets)
        except TimeoutError:
            self._hung[plugin.id] = guarded
            raise

    def _configured(
        self, plugin: str, loaded: Loaded, context: Context, secrets: set[str]
    ) -> Context:
        """Return ``context`` with the plugin's configuration, its secrets looked up."""
        unit = getattr(context, "unit", None)
        config = resolved(self._scopes().config(plugin, unit), secrets)
        learn(secrets)
        told: dict[str, Any] = {"config": {**context.config, **checked(config, loaded.config)}}
        if isinstance(context, PlanContext):
            told["api"] = spoken(self._found[plugin].manifest)
        return context.model_copy(update=told)

    def _usable(self) -> tuple[Found, ...]:
        try:
            return usable(self._found.values(), self._scopes(), self._unit)
        except ScopesError as error:
            log.error("plugins_file_unreadable", reason=str(error))
            return ()

    def _refuse_while_hung(self, plugin: str) -> None:
        """Refuse at once while an earlier call hangs: each retry would cost a thread."""
        if plugin in self._hung and self._hung[plugin].running:
            log.warning("plugin_hung", plugin=plugin)
            raise TimeoutError

    def _load(self, plugin: Found) -> Loaded | PluginRefusedError:
        with self._locks[plugin.id]:
            if plugin.id not in self._loaded:
                with self._quarantine.watched(plugin):
                    self._loaded[plugin.id] = _loaded(plugin, self._kept)
            return self._loaded[plugin.id]

    def _health_of(self, plugin: Found) -> PluginHealth:
        loaded = self._loaded.get(plugin.id)
        if self._quarantine.holds(plugin):
            return health_of(plugin, status="failed", error=SUSPECTED)
        if loaded is None:
            return health_of(plugin)
        if isinstance(loaded, PluginRefusedError):
            return health_of(plugin, status="failed", error=str(loaded))
        trouble = self._troubles.get(plugin.id)
        row = health_of(plugin, status="degraded" if trouble else "loaded", error=trouble)
        return row.model_copy(
            update={"event_types": tuple(type_.kind for type_ in loaded.types)}
        )

    def _asked(self, row: PluginHealth) -> PluginHealth:
        """Return ``row`` with what the plugin says of its health, if it says anything."""
        if row.status != "loaded" or "check_health" not in row.hooks:
            return row
        answer = self._told(row.id, "check_health", HealthContext(plugin=row.id), {})
        if not answer.result:
            return row.model_copy(update={"status": "degraded", "error": answer.error})
        report = answer.result[0]
        if report["status"] == "ok":
            return row
        return row.model_copy(update={"status": "degraded", "error": report["code"] or None})


def _loaded(plugin: Found, kept: KeptTypes | None) -> Loaded | PluginRefusedError:
    try:
        loaded = loading.load(plugin)
        if kept:
            kept.keep(plugin.id, loaded.types)
    except PluginRefusedError as error:
        log.warning(
            "plugin_refused", plugin=plugin.id, error_type=type(error.__cause__).__name__
        )
        return error
    log.info("plugin_loaded", plugin=plugin.id, hooks=sorted(loaded.hooks))
    for change in advice(plugin):
        log.warning("plugin_deprecated", plugin=plugin.id, change=change)
    return loaded


def spoken(manifest: Manifest | None) -> str:
    """Return the API under which a plugin is called: the present one where it knows it."""
    return str(CURRENT if manifest and is_current(manifest.api) else PREVIOUS)


def advice(plugin: Found) -> tuple[str, ...]:
    """Return what the author of a plugin that works should change before long."""
    manifest = plugin.manifest
    if manifest is None:
        return ()
    fields = (f"plugin.toml {field}" for field in manifest.model_fields_set)
    return tuple(deprecations(manifest.api, {*manifest.hooks, *fields}))
