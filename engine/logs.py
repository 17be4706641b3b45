"""Logs: constant event names, ids as keys, never content; JSON when nobody watches."""

from __future__ import annotations

import logging
import sys

import structlog
from structlog.types import EventDict, WrappedLogger

CONTENT_KEYS = frozenset(
    {"text", "content", "name", "names", "body", "args", "reason", "opinion"}
)


def drop_content(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Replace whatever might be content: a log is read by people who may not read it."""
    for key in CONTENT_KEYS & event.keys():
        event[key] = "(sealed)"
    return event


def configure(*, level: int = logging.INFO) -> None:
    """Set structlog up for this process; lines go to stderr."""
    terminal = sys.stderr.isatty()
    renderer = (
        structlog.dev.ConsoleRenderer() if terminal else structlog.processors.JSONRenderer()
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            drop_content,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
