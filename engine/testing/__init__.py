"""The kit of plugin authors: a contract, a host and a cycle, all without a server.

pytest finds its fixtures by itself: ``plugin_folder``, ``plugin_host``,
``cycle_without_server``. Everything here is public, as the names of ``engine`` are.
"""

from __future__ import annotations

from engine.testing.cast import CAST, plan_context
from engine.testing.contract import assert_contract, breaches
from engine.testing.cycle import CycleWithoutServer, RehearsedCycle
from engine.testing.hosted import PluginHost

__all__ = [
    "CAST",
    "CycleWithoutServer",
    "PluginHost",
    "RehearsedCycle",
    "assert_contract",
    "breaches",
    "plan_context",
]
