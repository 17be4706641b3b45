"""Commands and refusals as Temporal carries them."""

from __future__ import annotations

from collections.abc import Sequence

from temporalio import workflow
from temporalio.common import RawValue
from temporalio.exceptions import ApplicationError

from engine.cycle.commands import CycleCommand
from engine.cycle.errors import BadCommand
from engine.cycle.parse import parse
from engine.refusal import Refused
from workflows.unreadable import unreadable

COMMAND_LIMIT_BYTES = 64 * 1024


def refusal(refused: Refused) -> ApplicationError:
    """Return ``refused`` as Temporal carries it: every reason, in both languages."""
    reasons = [
        {"code": r.code, "zh": r.sentence("zh"), "en": r.sentence("en"), "facts": r.facts}
        for r in refused.reasons
    ]
    return ApplicationError(str(refused), reasons, type="Refused", non_retryable=True)


def parsed(name: str, args: Sequence[RawValue]) -> CycleCommand:
    """Return the command sent under ``name``; past the gateway the same limits hold.

    Raises:
        Refused: unknown name, wrong fields, not one argument, or too large.
        PayloadUnreadableError: it could not be decrypted. Past the door that is no refusal:
            the command is in the history, and the task waits for the key.
    """
    return parse(name, argument(name, args))


def argument(name: str, args: Sequence[RawValue]) -> object:
    """Return the one argument of the update ``name``; None when there is not one.

    Raises:
        BadCommand: it is too large.
    """
    if len(args) != 1:
        return None
    payload = args[0].payload
    if error := unreadable(payload):
        raise error
    if (size := len(payload.data)) > COMMAND_LIMIT_BYTES:
        raise BadCommand(name, f"{size} bytes, the limit is {COMMAND_LIMIT_BYTES}")
    return workflow.payload_converter().from_payload(payload)
