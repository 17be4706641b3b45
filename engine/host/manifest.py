"""What a plugin says of itself in ``plugin.toml``, read without importing anything."""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, ValidationError

from engine.host.api import refusal
from engine.plan.calls import HOOKS, HookName, unknown_hook
from engine.plan.steps import PluginId, PluginPin, ScopeLevel
from engine.record import Record

MANIFEST = "plugin.toml"
RESERVED = ("engine", "taizhang")
CACHES = ("__pycache__", "build", "dist")
ABOUT = ("README.md", "pyproject.toml")

KindOfEvent: TypeAlias = Annotated[
    str, Field(pattern=r"^([a-z][a-z0-9_]*\.)?[A-Z][A-Za-z0-9]*$")
]
"""``MeasureDone``, or ``<plugin id>.<Name>``."""


def _not_ours(name: str) -> str:
    if name in RESERVED:
        raise ValueError(f"{name!r} is the engine's own name")
    return name


def _spoken(wanted: str) -> str:
    if reason := refusal(wanted):
        raise ValueError(reason)
    return wanted


def _known_hook(name: object) -> object:
    if isinstance(name, str) and name not in HOOKS:
        raise ValueError(unknown_hook(name))
    return name


class Subscribed(Record):
    """The kinds of events ``on_event`` is called for, from the first one on or from now."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    kinds: tuple[KindOfEvent, ...] = ()
    start: Literal["first", "now"] = Field(default="first", alias="from")


class Manifest(Record):
    """The content of ``plugin.toml``; ``hooks`` are the ones the plugin implements.

    ``config`` names the pydantic model of the package that its configuration is held
    to; without one it takes none. One that is ``opt_in`` takes part only in cycles whose
    opening names it.
    """

    id: Annotated[PluginId, AfterValidator(_not_ours)]
    version: Annotated[str, Field(pattern=r"^[0-9][0-9A-Za-z.+!-]{0,31}$")]
    api: Annotated[str, AfterValidator(_spoken)]
    scope: ScopeLevel = "unit"
    criticality: Literal["required", "optional"] = "optional"
    opt_in: bool = False
    config: Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$|^$")] = ""
    hooks: Annotated[
        tuple[Annotated[HookName, BeforeValidator(_known_hook)], ...], Field(min_length=1)
    ]
    events: Subscribed = Subscribed()
    title_zh: str
    title_en: str


class Found(Record):
    """A plugin folder: its manifest, or in ``error`` the reason why it cannot be used."""

    folder: str
    digest: str = ""
    manifest: Manifest | None = None
    error: str | None = None

    @property
    def id(self) -> str:
        """Return the plugin's id, or its folder's name when the manifest is broken."""
        return self.manifest.id if self.manifest else Path(self.folder).name

    @property
    def pin(self) -> PluginPin:
        """Return what a plan records of the plugin; only for a readable manifest."""
        assert self.manifest is not None
        return PluginPin(
            id=self.manifest.id,
            version=self.manifest.version,
            digest=self.digest,
            scope=self.manifest.scope,
            criticality=self.manifest.criticality,
        )


def read(place: Path) -> Found:
    """Return what lies in the folder ``place``; a fault is told, never raised."""
    folder = str(place)
    try:
        digest = digest_of(place)
        text = (place / MANIFEST).read_text("utf-8")
        manifest = Manifest.model_validate(tomllib.loads(text))
    except ValidationError as wrong:
        places = (f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in wrong.errors())
        return Found(folder=folder, digest=digest, error=f"{MANIFEST}: {'; '.join(places)}")
    except UnicodeDecodeError:
        return Found(folder=folder, digest=digest, error=f"{MANIFEST}: not UTF-8")
    except tomllib.TOMLDecodeError as wrong:
        return Found(folder=folder, digest=digest, error=f"{MANIFEST}: {wrong}")
    except OSError as wrong:
        return Found(folder=folder, error=f"{wrong.strerror}: {wrong.filename}")
    return Found(folder=folder, digest=digest, manifest=manifest)


def digest_of(place: Path) -> str:
    """Return the SHA-256 over what the plugin runs on, by name and content.

    The same for a folder and for the distribution built from it.
    """
    total = hashlib.sha256()
    for path in sorted(path for path in place.rglob("*") if path.is_file()):
        parts = path.relative_to(place).parts
        if not _is_aside(parts):
            content = hashlib.sha256(path.read_bytes()).hexdigest()
            total.update(f"{'/'.join(parts)}\n{content}\n".encode())
    return total.hexdigest()


def _is_aside(parts: tuple[str, ...]) -> bool:
    """Say whether a file is a cache, a build or a text about the plugin."""
    return (
        any(p.startswith(".") or p in CACHES or p.endswith(".egg-info") for p in parts)
        or parts[-1] in ABOUT
    )
