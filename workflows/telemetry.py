"""What operators measure: an endpoint for Prometheus on loopback, where one is asked for."""

from __future__ import annotations

import structlog
from temporalio.runtime import PrometheusConfig, Runtime, TelemetryConfig

from engine.settings import Settings

log = structlog.get_logger()

PARTS = ("worker", "host")
"""Each part that serves metrics takes a port of its own, counted from the configured one."""


def measured(settings: Settings, part: str) -> Runtime | None:
    """Return the runtime of ``part`` that serves what it measures; None serves nothing.

    An address that cannot be had is said in the log, and work goes on without.
    """
    address = settings.metrics_address(PARTS.index(part))
    if address is None:
        return None
    metrics = PrometheusConfig(
        bind_address=address, counters_total_suffix=True, unit_suffix=True,
        durations_as_seconds=True,
    )  # fmt: skip
    try:
        runtime = Runtime(telemetry=TelemetryConfig(metrics=metrics))
    except ValueError:
        log.error("metrics_unavailable", part=part, address=address)
        return None
    log.info("metrics_served", part=part, address=address)
    return runtime
