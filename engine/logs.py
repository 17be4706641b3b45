"""Logs: constant event names, ids as keys, never content; JSON when nobody watches."""

from __future__ import annotations

import logging
import sys
import traceback
from pathlib import Path
from types import TracebackType
from typing import Any

import structlog
from structlog.types import EventDict, Processor, WrappedLogger

CONTENT_KEYS = frozenset(
    {"text", "content", "name", "names", "body", "args", "reason", "opinion"}
)
SEALED = "(sealed)"


def drop_content(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Replace whatever might be content: a log is read by people who may not read it."""
    return {key: _guarded(key, value) for key, value in event.items()}


def _guarded(key: object, value: Any) -> Any:
    if str(key).lower() in CONTENT_KEYS:
        return SEALED
    if isinstance(value, dict):
        return {inner: _guarded(inner, held) for inner, held in value.items()}
    if isinstance(value, list | tuple):
        return [_guarded("", held) for held in value]
    return value


def without_message(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Replace an exception by its type and where it rose: its message may quote content."""
    raised = event.pop("exc_info", None)
    event.pop("stack_info", None)
    error = sys.exc_info()[1] if raised is True else _error_in(raised)
    if error is not None:
        event["error_type"] = type(error).__qualname__
        event["raised_at"] = _places(error.__traceback__)
    return event


def _error_in(raised: object) -> BaseException | None:
    found = raised[1] if isinstance(raised, tuple) else raised
    return found if isinstance(found, BaseException) else None


def _places(trace: TracebackType | None) -> list[str]:
    """Return ``file:line function`` a frame, outermost first; no source, no values."""
    return [
        f"{Path(frame.filename).name}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(trace)
    ]


class LibraryLines(logging.Handler):
    """Writes what libraries log through ``logging`` the way we write our own."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write the line to whatever stderr is now."""
        print(self.format(record), file=sys.stderr)


def configure(*, level: int = logging.INFO) -> None:
    """Set structlog up for this process; lines go to stderr, those of libraries too."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        without_message,
        drop_content,
    ]
    renderer: Processor = (
        structlog.dev.ConsoleRenderer()
        if sys.stderr.isatty()
        else structlog.processors.JSONRenderer()
    )
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    _take_in_libraries(shared, renderer)


def _take_in_libraries(shared: list[Processor], renderer: Processor) -> None:
    """Give the root logger our one handler, however often this is called."""
    handler = LibraryLines(level=logging.WARNING)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    for old in [h for h in root.handlers if isinstance(h, LibraryLines)]:
        root.removeHandler(old)
    root.addHandler(handler)
