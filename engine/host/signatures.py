"""Hold an implementation's annotations to those of its hook."""

from __future__ import annotations

import inspect
import typing
from collections.abc import Callable, Iterator
from typing import Any

from engine import hooks

MISSING = inspect.Parameter.empty


def mismatches(name: str, function: Callable[..., Any]) -> Iterator[str]:
    """Yield what differs between ``function`` and the hook ``name``: argument, got, expected.

    An implementation may take fewer arguments than its hook; what it annotates has to be
    what the hook says.
    """
    spec = getattr(hooks, name)
    wanted = typing.get_type_hints(spec)
    try:
        found = typing.get_type_hints(function)
    except Exception as error:  # an annotation is an expression of the plugin's own
        yield f"{name}: annotations cannot be read: {type(error).__name__}"
        return
    for argument in inspect.signature(function).parameters:
        if argument not in inspect.signature(spec).parameters:
            yield f"{name}: unknown argument {argument}"
    for argument, got in found.items():
        expected = wanted.get(argument, MISSING)
        if expected is not MISSING and got != expected:
            yield f"{name}: {argument} is {shown(got)}, expected {shown(expected)}"


def shown(annotation: object) -> str:
    """Return an annotation as its author would write it."""
    if typing.get_origin(annotation) is None and isinstance(annotation, type):
        return annotation.__name__
    return str(annotation).replace("typing.", "").replace("engine.plan.steps.", "")
