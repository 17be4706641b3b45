"""Signed one-time links: for one guest and one meeting, opened on one device."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from pydantic import ValidationError

from engine.cycle.guests import invited
from engine.cycle.state import Cycle
from engine.guests.refusals import (
    LinkBroken,
    LinkReplaced,
    NoSuchGuest,
    NotTheSecretary,
    OtherDevice,
)
from engine.guests.view import GuestView, meeting_of, view_of
from engine.ledger.database import exclusive, migrate
from engine.ledger.export import every
from engine.ledger.port import Ledger
from engine.policy.roles import SECRETARY
from engine.record import Id, Record
from engine.vault.keys import derived

SCRIPTS = Path(__file__).parent / "migrations"
WRITE_LOCK = 7_214_013
SIGNATURE_BYTES = 32

metadata = sa.MetaData()
LINK = sa.Table(
    "guest_link",
    metadata,
    sa.Column("cycle", sa.String, primary_key=True),
    sa.Column("guest", sa.String, primary_key=True),
    sa.Column("meeting", sa.Integer),
    sa.Column("serial", sa.Integer),
    sa.Column("device", sa.String),
)


class Claim(Record):
    """What a link says under its signature."""

    cycle: Id
    guest: Id
    meeting: int
    serial: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """An opened link; ``device`` is to be kept on this device and shown the next time."""

    guest: str
    cycle: str
    device: str
    view: GuestView


class Guests:
    """Gives out links and opens them; ``cycle`` returns a cycle as it stands."""

    def __init__(
        self, engine: sa.Engine, master: bytes, ledger: Ledger,
        cycle: Callable[[str], Cycle | None],
    ) -> None:  # fmt: skip
        migrate(engine, SCRIPTS, "guest_version")
        self._engine = engine
        self._key = derived(master, "guests' links")
        self._ledger = ledger
        self._cycle = cycle

    def issue(self, cycle: Cycle, guest: str, *, by: str) -> str:
        """Return a new link for ``guest``; any older one opens nothing from now on.

        Raises:
            NotTheSecretary, NoSuchGuest, MeetingOver.
        """
        person = cycle.people.get(by)
        if person is None or not person.holds(SECRETARY):
            raise NotTheSecretary(by)
        if guest not in invited(cycle):
            raise NoSuchGuest(guest)
        meeting = meeting_of(cycle)
        same = (LINK.c.cycle == cycle.id, LINK.c.guest == guest)
        with exclusive(self._engine, WRITE_LOCK) as connection:
            before = connection.scalar(sa.select(LINK.c.serial).where(*same))
            claim = Claim(
                cycle=cycle.id, guest=guest, meeting=meeting, serial=(before or 0) + 1
            )  # fmt: skip
            row = {**claim.model_dump(), "device": None}
            statement = sa.insert(LINK) if before is None else sa.update(LINK).where(*same)
            connection.execute(statement.values(row))
        return self._signed(claim)

    def open(self, link: str, *, device: str | None = None) -> Opened:
        """Return what the link opens; the first device to open it is the only one.

        Raises:
            LinkBroken, LinkReplaced, OtherDevice, MeetingOver.
        """
        claim = self._claimed(link)
        cycle = self._cycle(claim.cycle)
        if cycle is None:
            raise LinkBroken
        if meeting_of(cycle) != claim.meeting:
            raise LinkReplaced
        kept = self._bound(claim, device)
        view = view_of(cycle, claim.guest, speech=self._speech(claim))
        return Opened(guest=claim.guest, cycle=claim.cycle, device=kept, view=view)

    def _bound(self, claim: Claim, device: str | None) -> str:
        """Return the secret of the device, drawn when the link is opened first."""
        same = (LINK.c.cycle == claim.cycle, LINK.c.guest == claim.guest)
        with exclusive(self._engine, WRITE_LOCK) as connection:
            row = connection.execute(sa.select(LINK).where(*same)).first()
            if row is None or row.serial != claim.serial:
                raise LinkReplaced
            if row.device is None:
                device = secrets.token_urlsafe(24)
                hashed = self._hashed(device)
                connection.execute(sa.update(LINK).where(*same).values(device=hashed))
            elif device is None or not hmac.compare_digest(self._hashed(device), row.device):
                raise OtherDevice
        return device

    def _speech(self, claim: Claim) -> str | None:
        """Return the reference to the guest's own speech in this meeting, if they spoke."""
        speech = None
        for recorded in every(self._ledger, stream=f"cycle/{claim.cycle}"):
            data = recorded.event.data
            if recorded.event.kind == "RerunOrdered":
                speech = None
            elif recorded.event.kind == "GuestSpoke" and data["guest"] == claim.guest:
                speech = data["content"]
        return speech

    def _signed(self, claim: Claim) -> str:
        said = claim.model_dump_json().encode()
        return base64.urlsafe_b64encode(self._mac(said) + said).decode().rstrip("=")

    def _claimed(self, link: str) -> Claim:
        try:
            raw = base64.urlsafe_b64decode(link.encode("ascii") + b"=" * (-len(link) % 4))
            mac, said = raw[:SIGNATURE_BYTES], raw[SIGNATURE_BYTES:]
            if hmac.compare_digest(mac, self._mac(said)):
                return Claim.model_validate_json(said)
        except (binascii.Error, ValueError, ValidationError):
            pass
        raise LinkBroken

    def _mac(self, said: bytes) -> bytes:
        return hmac.digest(self._key, b"link|" + said, hashlib.sha256)

    def _hashed(self, device: str) -> str:
        typed = device.encode("utf-8", "surrogatepass")
        return hmac.digest(self._key, b"device|" + typed, hashlib.sha256).hex()
