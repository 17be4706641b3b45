"""What a gateway does to vouch for whoever sends a command; see ``engine.people.actor``."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import TypeAlias

from engine.people.keys import ActorKeys
from engine.record import Command
from workflows.opening import content
from workflows.shapes import CampaignStart, CycleStart

Now: TypeAlias = Callable[[], Awaitable[datetime]]
Start: TypeAlias = CycleStart | CampaignStart


async def wall_now() -> datetime:
    """Return what time it is here."""
    return datetime.now(UTC)  # noqa: TID251  the border to the server


class Vouching:
    """Signs with ``keys``; without any, nobody is vouched for.

    ``now`` is the server's time, where that is not the time here.
    """

    def __init__(self, keys: ActorKeys | None = None, now: Now = wall_now) -> None:
        self._keys = keys
        self._now = now

    async def roots(self) -> tuple[str, ...]:
        """Return what a workflow started now pins.

        Raises:
            ActorKeysError: the keys cannot be used.
        """
        return self._keys.roots(await self._now()) if self._keys else ()

    async def opening(self, start: Start, target: str) -> Start:
        """Return ``start`` with the roots it pins, and what proves who opens ``target``.

        Raises:
            ActorKeysError: the keys cannot be used.
        """
        command = start.opening
        assert command is not None
        pinning = replace(start, roots=await self.roots())
        proof = await self.proof(
            command, command.kind, target=target, command_id=command.kind,
            digest=content(pinning),
        )  # fmt: skip
        return replace(pinning, proof="".join(proof))

    async def proof(
        self, command: Command, kind: str, *, target: str, command_id: str, digest: str
    ) -> tuple[str, ...]:
        """Return what goes with the command besides its body.

        Raises:
            ActorKeysError: the keys cannot be used.
        """
        if self._keys is None:
            return ()
        now = await self._now()
        return (
            self._keys.signer(now).assertion(
                by=command.by, target=target, kind=kind, command=command_id, digest=digest,
                now=now,
            ),
        )  # fmt: skip


NOBODY = Vouching()
