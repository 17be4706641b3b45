"""Commands and refusals as Temporal carries them."""

from __future__ import annotations

from collections.abc import Sequence

from temporalio import workflow
from temporalio.common import RawValue
from temporalio.exceptions import ApplicationError

from engine.cycle.commands import CycleCommand
from engine.cycle.errors import BadCommand
from engine.cycle.parse import parse
from engine.misshapen import too_large
from engine.people.actor import prove
from engine.record import Command, digest
from engine.refusal import Refused
from workflows.unreadable import unreadable

COMMAND_LIMIT_BYTES = 64 * 1024
REFUSED = "Refused"


def refusal(refused: Refused) -> ApplicationError:
    """Return ``refused`` as Temporal carries it: every reason, in both languages."""
    reasons = [
        {"code": r.code, "zh": r.sentence("zh"), "en": r.sentence("en"), "facts": r.facts}
        for r in refused.reasons
    ]
    return ApplicationError(str(refused), reasons, type=REFUSED, non_retryable=True)


def parsed(name: str, args: Sequence[RawValue]) -> CycleCommand:
    """Return the command sent under ``name``; past the gateway the same limits hold.

    Raises:
        Refused: unknown name, wrong fields, no argument or too many, or too large.
        PayloadUnreadableError: it could not be decrypted. Past the door that is no refusal:
            the command is in the history, and the task waits for the key.
    """
    return parse(name, argument(name, args))


def argument(name: str, args: Sequence[RawValue]) -> object:
    """Return the body of the update ``name``; None when there is none.

    Behind it there may be one argument more, see ``assertion``.

    Raises:
        BadCommand: it is too large.
    """
    if len(args) not in (1, 2):
        return None
    payload = args[0].payload
    if error := unreadable(payload):
        raise error
    if (size := len(payload.data)) > COMMAND_LIMIT_BYTES:
        raise BadCommand(name, too_large(size, COMMAND_LIMIT_BYTES))
    return workflow.payload_converter().from_payload(payload)


def assertion(args: Sequence[RawValue]) -> str | None:
    """Return what came with a command to prove who sends it; it is not looked at yet."""
    if len(args) < 2 or len(args[1].payload.data) > COMMAND_LIMIT_BYTES:
        return None
    if error := unreadable(args[1].payload):
        raise error
    said = workflow.payload_converter().from_payload(args[1].payload)
    return said if isinstance(said, str) else None


def prove_actor(
    roots: tuple[str, ...], command: Command, kind: str, command_id: str,
    args: Sequence[RawValue],
) -> None:  # fmt: skip
    """Refuse a command nobody vouches for, where there are roots; by the workflow's clock.

    For a validator: what was accepted once is in the history and not looked at again.

    Raises:
        ActorNotProved: nobody under ``roots`` vouches for this command.
    """
    if roots:
        prove(
            assertion(args), roots=roots, by=command.by, target=workflow.info().workflow_id,
            kind=kind, command=command_id, now=workflow.now(),
            digest=digest(command.model_dump(mode="json")),
        )  # fmt: skip
