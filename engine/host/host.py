"""Load plugins one by one and call one implementation at a time."""

from __future__ import annotations

import importlib.util
import sys
import threading
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from pathlib import Path
from types import ModuleType
from typing import Any

import pluggy
import structlog
from pydantic import BaseModel, TypeAdapter, ValidationError

from engine import hooks
from engine.host.manifest import Found
from engine.plan.calls import HOOKS, FailureCode, HookCall, HookEnvelope
from engine.plan.steps import Invitation, PlanContext, StepContribution

log = structlog.get_logger()

LIMIT_BYTES = 128 * 1024
SHAPES: dict[str, TypeAdapter[Any]] = {
    "contribute_steps": TypeAdapter(list[StepContribution]),
    "contribute_participants": TypeAdapter(list[Invitation]),
}


class PluginRefusedError(Exception):
    """A plugin cannot be loaded; the message tells its author what to mend."""


class InvalidResultError(Exception):
    """A hook answered with something that is not what its specification says."""


def load(found: Found) -> ModuleType:
    """Import the plugin in its folder and check that its hooks are ours.

    Raises:
        PluginRefusedError: whatever went wrong, ``SystemExit`` included.
    """
    if found.manifest is None:
        raise PluginRefusedError(found.error or "no manifest")
    name = f"taizhang_plugin_{found.manifest.id.replace('-', '_').replace('.', '_')}"
    folder = Path(found.folder)
    spec = importlib.util.spec_from_file_location(
        name, folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:  # a plugin may do anything on import
        del sys.modules[name]
        raise PluginRefusedError(f"{type(error).__name__} on import") from error
    _check(module, found.manifest.hooks)
    return module


def _check(module: ModuleType, declared: Iterable[str]) -> None:
    """Refuse misspelt and undeclared hooks, with the nearest name."""
    manager = pluggy.PluginManager(hooks.PROJECT)
    manager.add_hookspecs(hooks)
    try:
        manager.register(module)
        manager.check_pending()
    except pluggy.PluginValidationError as error:
        marked = [n for n in vars(module) if hasattr(getattr(module, n), "taizhang_impl")]
        unknown = sorted(set(marked) - set(HOOKS))
        near = [m for u in unknown for m in get_close_matches(u, HOOKS, 1)]
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise PluginRefusedError(
            f"unknown hook {unknown}{hint}" if unknown else str(error)
        ) from error
    implemented = {hook.name for hook in manager.get_hookcallers(module) or ()}
    if missing := sorted(set(declared) - implemented):
        raise PluginRefusedError(f"declared in plugin.toml but not implemented: {missing}")


class Host:
    """Holds what was found; loads a plugin at its first call and keeps its failure."""

    def __init__(self, found: Iterable[Found], *, timeout_s: float = 8.0) -> None:
        self._found = {plugin.id: plugin for plugin in found}
        self._loaded: dict[str, ModuleType] = {}
        self._timeout_s = timeout_s

    def invoke(self, call: HookCall) -> HookEnvelope:
        """Return the validated answer of one implementation; raises nothing."""
        plugin = self._found.get(call.plugin)
        if plugin is None or plugin.manifest is None:
            return _failed(call, "worker_absent", "the host does not have this plugin")
        try:
            if call.plugin not in self._loaded:
                self._loaded[call.plugin] = load(plugin)
            implementation = getattr(self._loaded[call.plugin], call.hook)
            rows = _checked(call, _within(implementation, call.context, self._timeout_s))
        except TimeoutError:
            return _failed(call, "contribution_timeout", f"no answer in {self._timeout_s} s")
        except PluginRefusedError as error:
            return _failed(call, "plugin_failed", str(error))
        except InvalidResultError as error:
            return _failed(call, "invalid_contribution", str(error))
        except Exception as error:  # what a plugin raises is its own; only its type is kept
            return _failed(call, "plugin_failed", type(error).__name__)
        log.info("hook_called", plugin=call.plugin, hook=call.hook, count=len(rows))
        pin = plugin.pin
        return HookEnvelope(
            hook=call.hook, plugin=call.plugin, version=pin.version, digest=pin.digest,
            ok=True, result=rows,
        )  # fmt: skip


def _within(implementation: Callable[..., Any], context: PlanContext, timeout_s: float) -> Any:
    """Call in a thread of its own, so that a hanging plugin costs only its answer."""
    answer: dict[str, Any] = {}

    def call() -> None:
        try:
            answer["result"] = implementation(ctx=context)
        except BaseException as error:  # noqa: BLE001  SystemExit must not end the host
            answer["error"] = error

    thread = threading.Thread(target=call, daemon=True)
    thread.start()
    thread.join(timeout_s)
    if thread.is_alive():
        raise TimeoutError
    if "error" in answer:
        error = answer["error"]
        raise error if isinstance(error, Exception) else RuntimeError(type(error).__name__)
    return answer["result"]


def _checked(call: HookCall, result: Any) -> list[dict[str, Any]]:
    """Return the answer as rows, validated whole.

    Raises:
        InvalidResultError: wrong type, wrong field, or too large.
    """
    if hasattr(result, "close") and hasattr(result, "send"):
        result.close()
        raise InvalidResultError("a coroutine or generator, not a list")
    shape = SHAPES[call.hook]
    try:
        plain = [r.model_dump() if isinstance(r, BaseModel) else r for r in result]
        items = shape.validate_python(plain)
    except ValidationError as wrong:
        raise InvalidResultError(f"{wrong.error_count()} wrong field(s)") from wrong
    except TypeError as wrong:
        raise InvalidResultError(f"{type(result).__name__}, not a list") from wrong
    if len(shape.dump_json(items)) > LIMIT_BYTES:
        raise InvalidResultError(f"larger than {LIMIT_BYTES} bytes")
    rows: list[dict[str, Any]] = shape.dump_python(items, mode="json")
    return rows


def _failed(call: HookCall, code: FailureCode, error: str) -> HookEnvelope:
    log.warning("hook_failed", plugin=call.plugin, hook=call.hook, error_code=code)
    return HookEnvelope(
        hook=call.hook, plugin=call.plugin, ok=False, error_code=code, error=error
    )
