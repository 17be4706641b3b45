"""Policy packs: the numbers a branch works by, read from TOML and pinned per cycle."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from engine.bilingual import halves
from engine.policy.almanac import Calendar, CalendarError, pinnable, seeded
from engine.policy.contradictions import contradictions
from engine.policy.model import Policy
from engine.policy.problems import PackError, problem, translated
from engine.policy.rules import (
    Extensions,
    LadderStep,
    LightRule,
    LookBack,
    Recipient,
    Retained,
    Rights,
    Share,
    Tracks,
)

__all__ = (
    "Calendar",
    "Extensions",
    "LadderStep",
    "LightRule",
    "LookBack",
    "PackError",
    "Policy",
    "Recipient",
    "Retained",
    "Rights",
    "Share",
    "Tracks",
    "load_pack",
    "pack_for",
    "shipped",
)

Raw = dict[str, Any]
PACKS = Path(str(files("engine.policy") / "packs"))
OWN = ("pack", "version")
"""Keys every file says for itself; they are never inherited."""


def shipped() -> tuple[str, ...]:
    """Return the names of the shipped packs, ``default`` first."""
    names = sorted(path.stem for path in PACKS.glob("*.toml"))
    return tuple(sorted(names, key=lambda name: name != "default"))


def load_pack(name: str = "default", *, years: tuple[int, int] | None = None) -> Policy:
    """Return the policy of a pack.

    Reads files, so it is never called in workflow code, nor with a name that came over
    the network.

    Args:
        name: A shipped pack, or the path of a ``.toml`` file.
        years: First and last year of the public calendar to pin. A calendar in the
            file itself comes first; None pins no other.

    Raises:
        PackError: nothing can be had from it; every problem at once.
    """
    raw, problems = _inherited(_place(name, Path()), ())
    problems += _misnamed(raw, name)
    if years is not None and "calendar" not in raw:
        problems += _pin(raw, years)
    problems += contradictions(raw)
    try:
        policy = Policy.model_validate_json(json.dumps(raw, default=str), strict=True)
    except ValidationError as wrong:
        problems = translated(wrong, Policy.model_fields) + problems
    if problems:
        raise PackError(problems)
    return policy


def pack_for(name: str, opened: date) -> Policy:
    """Return the pack for a cycle opened on a day, with the calendar of three years pinned.

    Raises:
        PackError: see ``load_pack``.
    """
    return load_pack(name, years=pinnable(opened.year, opened.year + 2))


def _place(name: str, folder: Path) -> Path:
    """Return the file that ``name`` means, seen from ``folder``."""
    if name.endswith(".toml") or "/" in name:
        return folder / name
    return PACKS / f"{name}.toml"


def _inherited(path: Path, below: tuple[Path, ...]) -> tuple[Raw, list[str]]:
    """Return the keys of a file over those it extends, and what is wrong with that."""
    raw = _read(path, inherited=bool(below))
    base, off = raw.pop("extends", None), raw.pop("off", [])
    if base is None:
        idle = _off(off, "没有 extends,无可关闭", "has no extends to switch off")
        return raw, [idle] if off else []
    if not isinstance(base, str):
        raise PackError([problem("extends", base, "应为规则包的名称", "must name a pack")])
    above = _place(base, path.parent)
    if above.resolve() in (path.resolve(), *below):
        raise PackError([problem("extends", base, "绕回了自己", "leads back to itself")])
    kept, problems = _inherited(above, (path.resolve(), *below))
    switched, wrong = _switched_off(kept, off, raw)
    return _merged(switched, raw), problems + wrong


def _switched_off(base: Raw, off: Any, raw: Raw) -> tuple[Raw, list[str]]:
    """Return ``base`` without the keys in ``off`` and its own name, and what is wrong."""
    if not isinstance(off, list) or not all(isinstance(key, str) for key in off):
        return base, [_off(off, "应为键名的列表", "must be a list of keys")]
    wrong = [
        _off(key, "上一级没有启用它", "is not switched on above")
        for key in off
        if key not in base
    ]
    wrong += [_off(key, "关了又写", "is switched off and written") for key in off if key in raw]
    return {k: v for k, v in base.items() if k not in (*off, *OWN)}, wrong


def _off(value: Any, zh: str, en: str) -> str:
    return problem("off", value, zh, en)


def _merged(base: Mapping[str, Any], own: Mapping[str, Any]) -> Raw:
    """Return ``own`` over ``base``: tables key by key, lists as a whole."""
    both = {
        key: _merged(base[key], value)
        for key, value in own.items()
        if isinstance(value, dict) and isinstance(base.get(key), dict)
    }
    return {**base, **own, **both}


def _read(path: Path, *, inherited: bool) -> Raw:
    key = "extends" if inherited else "pack"
    name = path.stem if path.parent == PACKS else str(path)
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except OSError:
        known = ", ".join(shipped())
        zh, en = "没有这套规则,现有", "there is no such policy pack; shipped are"
        raise PackError([problem(key, name, f"{zh} {known}", f"{en} {known}")]) from None
    except ValueError as wrong:
        zh, en = f"不是 TOML:{wrong}", f"is not TOML: {wrong}"
        raise PackError([problem(key, path.name, zh, en)]) from None


def _misnamed(raw: Raw, name: str) -> list[str]:
    """Say so when a file of one's own goes by the name of a shipped pack."""
    pack = raw.get("pack")
    if pack not in shipped() or _place(name, Path()).resolve().parent == PACKS.resolve():
        return []
    return [problem("pack", pack, "是自带规则的名称,请另起", "is a shipped name; take another")]


def _pin(raw: Raw, years: tuple[int, int]) -> list[str]:
    """Put the public calendar of ``years`` into ``raw``, or say why there is none."""
    try:
        raw["calendar"] = seeded(*years).model_dump(mode="json")
    except CalendarError as error:
        zh, en = halves(str(error))
        return [problem("years", years, zh, en)]
    return []
