"""Hold an implementation's arguments and annotations to those of its hook."""

from __future__ import annotations

import inspect
import typing
from collections.abc import Callable, Iterator
from typing import Any

from engine import hooks

BY_NAME = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)


def mismatches(name: str, function: Callable[..., Any]) -> Iterator[str]:
    """Yield what differs between ``function`` and the hook ``name``: argument, got, expected.

    An implementation may leave out arguments of its hook; those it takes have the hook's
    names and order, and what it annotates is what the hook says.
    """
    if inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function):
        yield f"{name}: is async, hooks are plain functions"
    spec = getattr(hooks, name)
    known = list(inspect.signature(spec).parameters)
    taken = inspect.signature(function).parameters
    for argument, parameter in taken.items():
        if argument not in known:
            yield f"{name}: unknown argument {argument}, expected {', '.join(known) or 'none'}"
        elif parameter.kind not in BY_NAME:
            yield f"{name}: {argument} cannot be given by name"
    ours = [argument for argument in taken if argument in known]
    if ours != sorted(ours, key=known.index):
        yield f"{name}: arguments are {', '.join(ours)}, expected {', '.join(known)}"
    yield from _types(name, function)


def unannotated(name: str, function: Callable[..., Any]) -> Iterator[str]:
    """Yield each argument, and the answer, that ``function`` does not annotate."""
    expected = typing.get_type_hints(getattr(hooks, name))
    signature = inspect.signature(function)
    found = {a: p.annotation for a, p in signature.parameters.items()}
    found["return"] = signature.return_annotation
    for argument, annotation in found.items():
        if annotation is inspect.Parameter.empty and argument in expected:
            wanted = shown(expected[argument])
            yield f"{name}: {argument} has no annotation, expected {wanted}"


def _types(name: str, function: Callable[..., Any]) -> Iterator[str]:
    expected = typing.get_type_hints(getattr(hooks, name))
    try:
        found = typing.get_type_hints(function)
    except NameError as error:
        yield f"{name}: annotations cannot be read: no name {error.name}"
        return
    except Exception as error:  # an annotation is an expression of the plugin's own
        yield f"{name}: annotations cannot be read: {type(error).__name__}"
        return
    for argument, got in found.items():
        if argument in expected and got != expected[argument]:
            wanted = shown(expected[argument])
            yield f"{name}: {argument} is {shown(got)}, expected {wanted}"


def shown(annotation: object) -> str:
    """Return an annotation as its author would write it."""
    if annotation is type(None):
        return "None"
    if typing.get_origin(annotation) is None:
        return getattr(annotation, "__name__", str(annotation))
    inner = ", ".join("..." if a is ... else shown(a) for a in typing.get_args(annotation))
    outer = typing.get_origin(annotation)
    return f"{getattr(outer, '__name__', outer)}[{inner}]"
