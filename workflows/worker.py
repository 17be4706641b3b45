"""The two workers: the core, which runs cycles, and the host, which runs plugins."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from temporalio import activity
from temporalio.client import Client
from temporalio.worker import Worker
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

from engine.deliveries.deliverer import kept_folder
from engine.host.discovery import discover, roster
from engine.host.health import HEALTH_FILE
from engine.host.host import Host
from engine.host.kept import KeptTypes
from engine.host.scopes import load
from engine.ledger.port import Ledger
from engine.people.keys import ActorKeys
from engine.people.leaving import Cycles
from engine.plan.calls import HookCall, HookEnvelope, Roster, own_queue
from engine.plan.closing import ClosingContext
from engine.reading.retention import Retention
from engine.settings import Settings
from workflows.activities import Activities, OpeningActivity, RetentionActivity
from workflows.campaign import CampaignWorkflow
from workflows.cycle import CycleWorkflow
from workflows.places import plugins_folder
from workflows.retention import RetentionWorkflow
from workflows.shapes import HOOK

PASSED_THROUGH = (
    "cryptography",  # signatures; its Rust part may be loaded once a process, else it aborts
    "engine",  # pure rules: tests/house bans clock, chance and I/O in them
    "workflows.shapes",  # the records of the border, shared with activities
    "workflows.attributes",  # keys only
    "workflows.planning",  # asks activities and keeps nothing between calls
    "workflows.recording",  # counts what it is given, asks one activity
    "workflows.enduring",  # drives one coroutine and keeps nothing between runs
    "workflows.opening",  # asks one activity
    "workflows.answers",  # reads one update argument and the payload converter, nothing else
)
THREADS = 8
BEAT_S = 1.0
"""How often a host says that it lives while a plugin works: its death is known in seconds."""
WORKFLOWS = (CycleWorkflow, CampaignWorkflow, RetentionWorkflow)


def sandbox() -> SandboxedWorkflowRunner:
    """Return the runner that passes our pure rooms through, once."""
    restrictions = SandboxRestrictions.default.with_passthrough_modules(*PASSED_THROUGH)
    return SandboxedWorkflowRunner(restrictions=restrictions)


def core_worker(
    client: Client, settings: Settings, ledger: Callable[[], Ledger], *, cached: int = 500,
    retention: Callable[[], Retention] | None = None, keys: ActorKeys | None = None,
    cycles: Cycles | None = None,
) -> Worker:  # fmt: skip
    """Return the worker that runs cycles; it never imports a plugin.

    With ``retention`` it destroys what is due, too. With ``keys`` it takes no opening that
    nobody vouches for, as soon as there is a key. With ``cycles`` it takes none that leaves
    out whom an earlier cycle of the unit shields.
    """
    beside = [RetentionActivity(retention).destroy_due] if retention else []

    def present(unit: str) -> Roster:
        return rostered(settings, unit)

    activities = Activities(ledger, present, linger_s=settings.append_linger_s)
    return Worker(
        client,
        task_queue=settings.task_queue,
        workflows=WORKFLOWS,
        activities=[
            activities.append_events,
            activities.snapshot_roster,
            activities.merge_plan,
            OpeningActivity(keys, cycles).prove_opening,
            *beside,
        ],
        activity_executor=ThreadPoolExecutor(THREADS),
        workflow_runner=sandbox(),
        max_cached_workflows=cached,
    )


def rostered(settings: Settings, unit: str) -> Roster:
    """Return the plugins of ``unit``.

    Raises:
        ScopesError: the file of scopes cannot be read; a plan waits until it can.
    """
    scopes = load(settings.scopes_path)
    return roster(discover(plugins_folder(settings), settings.allowed_plugins), scopes, unit)


def plugin_host(settings: Settings, unit: str | None = None) -> Host:
    """Return the host all share, or that of ``unit``; it leaves word of how plugins fare."""
    seen = Path(HEALTH_FILE).with_suffix(f".{unit}.json" if unit else ".json")
    return Host(
        discover(plugins_folder(settings), settings.allowed_plugins),
        scopes=lambda: load(settings.scopes_path),
        seen=settings.data_dir / seen if settings.data_dir.is_dir() else None,
        unit=unit,
        kept=kept_types(settings),
    )


def kept_types(settings: Settings) -> KeptTypes | None:
    """Return where the types of event of plugins are kept; nowhere without a data folder."""
    return KeptTypes(settings.event_types_path) if settings.data_dir.is_dir() else None


def host_worker(
    client: Client, settings: Settings, host: Host | None = None, *, unit: str | None = None
) -> Worker:
    """Return the worker that calls plugins, for a process of its own.

    That of ``unit`` polls the unit's queue and no other.
    """
    host = host or plugin_host(settings, unit)
    queue = settings.plugin_task_queue
    threads = ThreadPoolExecutor(THREADS)
    host.load_all()

    @activity.defn(name=HOOK)
    async def run_hook(call: HookCall) -> HookEnvelope:
        """Call one hook of one plugin; whatever it does, an envelope comes back."""
        loop = asyncio.get_running_loop()
        answer = loop.run_in_executor(threads, host.invoke, housed(call, settings.facts_folder))
        while not (await asyncio.wait({answer}, timeout=BEAT_S))[0]:
            activity.heartbeat()
        return answer.result()

    return Worker(
        client,
        task_queue=own_queue(queue, unit) if unit else queue,
        activities=[run_hook],
        max_concurrent_activities=THREADS,
    )


def housed(call: HookCall, base: Path) -> HookCall:
    """Return ``call`` with the plugin's own folder below ``base``, where its hook reads one."""
    asked = call.context
    if not isinstance(asked, ClosingContext):
        return call
    folder = kept_folder(base, asked.plugin, asked.unit, rehearsal=asked.rehearsal)
    return call.at(folder)


async def serve(worker: Worker, stop: asyncio.Event) -> None:
    """Run ``worker`` until ``stop`` is set, then shut it down in order."""
    running = asyncio.create_task(worker.run())
    stopped = asyncio.create_task(stop.wait())
    await asyncio.wait({running, stopped}, return_when=asyncio.FIRST_COMPLETED)
    if running.done():
        running.result()
    await worker.shutdown()
    await running
