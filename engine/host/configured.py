"""A plugin's configuration: held to the plugin's own model, its secrets looked up late.

In the file a secret is a reference, ``{env = "NAME"}`` or ``{file = "path"}``. It is
looked up in the host's process for the length of one call, and nowhere else.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any, TypeAlias

from pydantic import BaseModel, ValidationError

from engine.host.answers import InvalidAnswerError
from engine.host.guard import HostError

ConfigModel: TypeAlias = type[BaseModel]
SHORTEST_SECRET = 4
"""Shorter values are found everywhere by accident."""


class ConfigurationError(HostError):
    """The configuration cannot be used; names keys and references, never values."""


def model_of(module: ModuleType, name: str) -> tuple[ConfigModel | None, str]:
    """Return the model a manifest calls ``name``, or what is wrong with it."""
    if not name:
        return None, ""
    found = getattr(module, name, None)
    if isinstance(found, type) and issubclass(found, BaseModel):
        return found, ""
    return None, f"plugin.toml: config: {name} is no pydantic model of the plugin"


def resolved(config: Mapping[str, Any], secrets: set[str]) -> dict[str, Any]:
    """Return ``config`` with every reference looked up; adds what it found to ``secrets``.

    Raises:
        ConfigurationError: a variable is not set, or a file cannot be read.
    """
    return {key: _resolved(key, value, secrets) for key, value in config.items()}


def checked(config: Mapping[str, Any], model: ConfigModel | None) -> dict[str, Any]:
    """Return ``config`` as ``model`` has it, with its defaults.

    Raises:
        ConfigurationError: a key the plugin does not know, or a value it does not take.
    """
    known = set(model.model_fields) if model else set()
    if unknown := sorted(config.keys() - known):
        raise ConfigurationError(f"config: unknown key {', '.join(unknown)}")
    if model is None:
        return {}
    try:
        return model.model_validate(dict(config)).model_dump()
    except ValidationError as wrong:
        places = sorted(
            {".".join(map(str, e["loc"])) + f": {e['type']}" for e in wrong.errors()}
        )
        raise ConfigurationError(f"config: {'; '.join(places)}") from None


def without_secrets(rows: list[dict[str, Any]], secrets: Iterable[str]) -> list[dict[str, Any]]:
    """Return ``rows`` unchanged.

    Raises:
        InvalidAnswerError: a secret of the configuration stands in them.
    """
    text = json.dumps(rows, ensure_ascii=False)
    if any(json.dumps(secret, ensure_ascii=False)[1:-1] in text for secret in secrets):
        raise InvalidAnswerError("the answer holds a secret of the configuration")
    return rows


def _resolved(key: str, value: Any, secrets: set[str]) -> Any:
    if not isinstance(value, Mapping):
        return value
    if set(value) == {"env"}:
        found = os.environ.get(str(value["env"]))
        if found is None:
            raise ConfigurationError(f"config: {key}: {value['env']} is not set")
    elif set(value) == {"file"}:
        found = _content(key, Path(str(value["file"])))
    else:
        return resolved(value, secrets)
    if len(found) >= SHORTEST_SECRET:
        secrets.add(found)
    return found


def _content(key: str, file: Path) -> str:
    try:
        return file.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = type(error).__name__
        raise ConfigurationError(f"config: {key}: {file} cannot be read: {reason}") from None
