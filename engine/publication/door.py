"""The door a command's texts go through: screened when they are for the public, then sealed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from functools import partial
from typing import Any, TypeAlias

from engine.cycle.errors import CommandIdReused
from engine.cycle.events import APPELLANT
from engine.gateway import CommandRefused, CycleClosed, Gateway, Receipt, RefusedLater
from engine.publication.screen import FIELDS, screened
from engine.refusal import Refused, refuse
from engine.vault.apart import own_subject
from engine.vault.port import KeyReusedError, Vault
from engine.vault.sealing import references, seal_texts

SCREENED = "draft_notice"
"""The one command whose texts are for the public."""

Naming: TypeAlias = Callable[[Mapping[str, str]], Iterable[Refused]]
"""Returns what speaks against a notice for naming somebody, of its fields and texts."""


APART = ("file_appeal", "report_retaliation")
"""Commands whose texts have a key each, and do not say who sealed them (P11, P13)."""

ABOUT = ("author", "of", "member", "guest", "subject")
"""Fields of a command that name whom it is about."""


def about(body: Mapping[str, Any]) -> frozenset[str]:
    """Return whom a command is about: a text of it goes under that key or the cycle's."""
    return frozenset(body[name] for name in ABOUT if isinstance(body.get(name), str))


def sealed_command(
    kind: str, body: Mapping[str, Any], vault: Vault, *, cycle: str, command_id: str,
    limit_bytes: int, sender: str | None = None, naming: Naming = lambda _: (),
) -> dict[str, Any]:  # fmt: skip
    """Return the command's fields with every text sealed; sealing again changes nothing.

    ``sender`` is who sends it, where that is another than ``by``: only the same sender's
    command with the same id is sealed as the same. Whoever repeats another's has a seal of
    their own, and learns nothing of the text.

    Raises:
        CommandRefused: a text is for the public and may not be, and nothing is sealed; or
            the sender's command of that id had another text.
        TextsRefusedError: texts that no store can keep.
    """
    if kind == SCREENED:
        _screen(body, naming)
    by, apart = str(body["by"]), kind in APART
    try:
        sealed: dict[str, Any] = seal_texts(
            dict(body), vault, about=about(body), by=APPELLANT if apart else by,
            subject=partial(own_subject, cycle, command_id) if apart else cycle,
            key=f"{cycle}/{command_id}|{sender or by}", limit_bytes=limit_bytes,
        )  # fmt: skip
    except KeyReusedError:
        raise CommandRefused.because(CommandIdReused(command_id)) from None
    return sealed


async def handed_in(
    gateway: Gateway, vault: Vault, cycle: str, kind: str, sealed: dict[str, Any], *,
    command_id: str, recorded: Callable[[Collection[str]], bool] = lambda _: True,
) -> Receipt:  # fmt: skip
    """Send a ``sealed_command``; when it is refused, nothing of its texts is left.

    Whether a cycle that is over had taken it before is for ``recorded`` to say, of the
    references; unless that is denied they stay, and so they do when nobody answers.

    Raises:
        GatewayError: see ``Gateway.submit``.
    """
    contents = tuple(references(sealed))
    try:
        return await gateway.submit(cycle, kind, sealed, command_id=command_id)
    except RefusedLater:
        raise
    except CommandRefused:
        vault.withdraw(contents)
        raise
    except CycleClosed:
        if not recorded(contents):
            vault.withdraw(contents)
        raise


def _screen(body: Mapping[str, Any], naming: Naming) -> None:
    texts = {name: _text(body.get(name)) for name in FIELDS}
    try:
        refuse((*screened(texts, issue=body.get("issue", "")), *naming(texts)))
    except Refused as refused:
        raise CommandRefused.because(refused) from None


def _text(value: object) -> str:
    """Return the text of a field; a reference to sealed content has none to read here."""
    return str(value["text"]) if isinstance(value, dict) and "text" in value else ""
