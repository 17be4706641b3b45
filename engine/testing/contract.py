"""Hold a plugin to its contract; everything that breaks it is told at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType

from engine.host.check import problems
from engine.plan.calls import HookEnvelope
from engine.plan.explain import explain_conflict
from engine.plan.steps import PlanContext
from engine.testing.asked import Heard, SilentError, heard
from engine.testing.cast import CAST, plan_context
from engine.testing.hosted import PluginHost

CANARY = "canary-8c1f0e"
SEEDS = (1, 2)
"""Strings hash otherwise in each process, so an answer made from a set differs."""


def assert_contract(
    plugin: Path | str | ModuleType,
    *,
    contexts: Sequence[PlanContext] = (),
    secrets: Mapping[str, str] | None = None,
) -> None:
    """Fail with every breach of the contract by ``plugin``, one a line.

    The manifest is valid; every hook is implemented as declared and annotated as its
    specification; nothing but the public names of ``engine`` is imported; whatever
    the roster of people, the answers are valid, stand in a plan, and are equal to
    the byte when asked again, also in another process; no secret comes out.

    Args:
        plugin: Its folder, or the imported package.
        contexts: Cycles to plan; by default one with somebody in every role, one with
            a secretary alone.
        secrets: Configuration by key whose values may not be in any answer or output.

    Raises:
        AssertionError: the contract is broken.
    """
    if found := breaches(plugin, contexts=contexts, secrets=secrets):
        raise AssertionError("\n".join((f"{folder_of(plugin).name}:", *found)))


def breaches(
    plugin: Path | str | ModuleType,
    *,
    contexts: Sequence[PlanContext] = (),
    secrets: Mapping[str, str] | None = None,
) -> tuple[str, ...]:
    """Return every breach of the contract; nothing when it is kept. See ``assert_contract``."""
    folder = folder_of(plugin)
    if found := problems(folder):
        return found
    secret = {"canary": CANARY, **(secrets or {})}
    asked = [c.model_copy(update={"config": {**c.config, **secret}}) for c in _all(contexts)]
    try:
        told = _heard(folder, asked, _hidden(secret))
    except SilentError as error:
        return (str(error),)
    return tuple(
        dict.fromkeys(
            (*_failed(told[0]), *_unlike(told), *_leaks(told, secret),
             *_refused(folder, told[0]))
        )
    )  # fmt: skip


def folder_of(plugin: Path | str | ModuleType) -> Path:
    """Return the folder of a plugin that is named by path or imported."""
    if isinstance(plugin, ModuleType):
        assert plugin.__file__ is not None, f"{plugin.__name__} has no folder"
        return Path(plugin.__file__).resolve().parent
    return Path(plugin).resolve()


def _heard(
    folder: Path, asked: Sequence[PlanContext], environment: Mapping[str, str]
) -> Sequence[Heard]:
    """Ask in a process for each seed, side by side."""
    with ThreadPoolExecutor() as pool:
        return list(
            pool.map(lambda s: heard(folder, asked, seed=s, environment=environment), SEEDS)
        )


def _all(contexts: Sequence[PlanContext]) -> Sequence[PlanContext]:
    return contexts or (plan_context(), plan_context(CAST[:1]))


def _hidden(secret: Mapping[str, str]) -> dict[str, str]:
    """Return an environment that holds the secrets too: whoever prints it is found out."""
    return {f"CANARY_{n}": value for n, value in enumerate(secret.values())}


def _answers(told: Heard) -> Iterator[HookEnvelope]:
    for answers in (*told.first, *told.second):
        yield from answers


def _failed(told: Heard) -> Iterator[str]:
    for answer in _answers(told):
        if not answer.ok:
            yield f"{answer.hook}: {answer.error} [{answer.error_code}]"


def _unlike(told: Sequence[Heard]) -> Iterator[str]:
    """Yield the hooks that answered otherwise when asked again."""
    first = told[0].first
    for where, other in (
        ("in the same process", told[0].second),
        ("in another process", told[1].first),
    ):
        for one, again in zip(first, other, strict=True):
            for a, b in zip(one, again, strict=True):
                if a.model_dump_json() != b.model_dump_json():
                    yield f"{a.hook}: answers otherwise when asked again {where}"


def _leaks(told: Sequence[Heard], secret: Mapping[str, str]) -> Iterator[str]:
    for one in told:
        answers = "".join(answer.model_dump_json() for answer in _answers(one))
        for key, value in secret.items():
            if value in answers:
                yield f"the secret {key} is in an answer"
            if value in one.printed:
                yield f"the secret {key} is printed"


def _refused(folder: Path, told: Heard) -> Iterator[str]:
    """Yield why the plan of a cycle would refuse what was answered."""
    host = PluginHost(folder)
    for answers in told.first:
        if all(answer.ok for answer in answers):
            yield from (explain_conflict(c, "en") for c in host.planned(answers).conflicts)
