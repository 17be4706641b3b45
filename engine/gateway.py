"""The one door through which people reach running cycles.

GatewayError
├── CommandRefused      the rules say no; every reason
│   └── RefusedLater    it is on record, and what it asked for was refused after that
├── CycleNotFound       no cycle of that name
├── CycleClosed         the cycle is archived and takes no command
├── CycleExists         a cycle of that name is there already
├── RunStopped          its run was ended from outside and can go on
├── CampaignNotFound    no campaign of that name
├── CampaignClosed      the campaign is reported and takes no command
├── CampaignExists      a campaign of that name is there already
└── ServerUnreachable   nothing was sent, or nobody knows: send it again with the same id
"""

from __future__ import annotations

from typing import Any, Protocol

from pydantic import Field

from engine.campaign.commands import OpenCampaign
from engine.cycle.commands import OpenCycle
from engine.record import Lang, Record
from engine.refusal import Refused


class GatewayError(Exception):
    """Base of everything a gateway may answer instead of a receipt."""


class Reason(Record):
    """One reason of a refusal, in both languages, with its numbers."""

    code: str
    zh: str
    en: str
    facts: dict[str, Any] = Field(default_factory=dict)

    def sentence(self, lang: Lang) -> str:
        """Return the reason in the reader's language."""
        return self.zh if lang == "zh" else self.en


class CommandRefused(GatewayError):
    """The command was refused; nothing was written anywhere."""

    def __init__(self, reasons: tuple[Reason, ...]) -> None:
        super().__init__("\n".join(reason.en for reason in reasons))
        self.reasons = reasons

    @classmethod
    def because(cls, refused: Refused) -> CommandRefused:
        """Return the answer that carries every reason of ``refused``."""
        return cls(
            tuple(
                Reason(code=r.code, zh=r.sentence("zh"), en=r.sentence("en"), facts=r.facts)
                for r in refused.reasons
            )
        )


class RefusedLater(CommandRefused):
    """The command is on record; what it asked for was refused by those asked after that."""


class CycleNotFound(GatewayError):
    """There is no running cycle of that name."""


class CycleClosed(GatewayError):
    """The cycle has been archived."""


class CycleExists(GatewayError):
    """A cycle of that name was opened before."""


class RunStopped(GatewayError):
    """The run of a cycle or campaign was ended from outside; an operator lets it go on."""


class CampaignNotFound(GatewayError):
    """There is no running campaign of that name."""


class CampaignClosed(GatewayError):
    """The campaign has been reported."""


class CampaignExists(GatewayError):
    """A campaign of that name was opened before."""


class ServerUnreachable(GatewayError):
    """The server does not answer."""


class Receipt(Record):
    """What a command caused: event kinds, and the last version of each stream touched.

    ``digest`` is the SHA-256 of the command, so that the same id with other content
    is noticed.
    """

    command: str
    digest: str
    events: tuple[str, ...]
    versions: dict[str, int]


class Gateway(Protocol):
    """Opens cycles and hands commands to them; a command id makes sending repeatable."""

    async def open(self, command: OpenCycle) -> None:
        """Open a cycle and return when its plan is pinned.

        Raises:
            CommandRefused, CycleExists, ServerUnreachable.
        """

    async def submit(
        self, cycle: str, kind: str, body: dict[str, Any], *, command_id: str
    ) -> Receipt:
        """Hand the command ``kind`` with the fields in ``body`` to ``cycle``.

        Raises:
            CommandRefused, CycleNotFound, CycleClosed, ServerUnreachable.
        """


class Campaigns(Protocol):
    """Opens campaigns and hands commands to them; see ``Gateway``."""

    async def open(self, command: OpenCampaign) -> None:
        """Open a campaign.

        Raises:
            CommandRefused, CampaignExists, ServerUnreachable.
        """

    async def submit(
        self, campaign: str, kind: str, body: dict[str, Any], *, command_id: str
    ) -> Receipt:
        """Hand the command ``kind`` with the fields in ``body`` to ``campaign``.

        Raises:
            CommandRefused, CampaignNotFound, CampaignClosed, ServerUnreachable.
        """
