"""The post that reaches people: e-mail, WeCom, DingTalk, Feishu, webhooks by Apprise."""

from __future__ import annotations

import logging
from collections.abc import Callable
from urllib.parse import quote

import apprise

from engine.notices.port import Address, AddressMissingError, UndeliveredError
from engine.notices.words import say

HEADED = frozenset({"json", "jsons", "xml", "xmls", "form", "forms", "mailto", "mailtos"})
"""Schemes whose receiver can be given a header: ours is the idempotency key."""

SILENT = logging.CRITICAL + 1


class AppriseDelivery:
    """Carries digests to the addresses of a person; ``opened`` reads a name in the vault."""

    def __init__(self, opened: Callable[[str], str | None]) -> None:
        self._opened = opened
        logging.getLogger("apprise").setLevel(SILENT)  # it would quote hosts and users
        self._asset = apprise.AppriseAsset(
            app_id="Taizhang", app_desc="台账", async_mode=False, secure_logging=True
        )

    def deliver(
        self, *, key: str, person: str, address: Address, subject: str, body: str
    ) -> None:
        """Send to every address of the person; all have to take it.

        Raises:
            AddressMissingError: there is no address, or none that Apprise understands.
            UndeliveredError: one did not take it.
        """
        carrier = apprise.Apprise(asset=self._asset)
        urls = [_keyed(url.get_secret_value(), key) for url in address.urls]
        if not urls or not carrier.add(urls):
            raise AddressMissingError(person)
        name = self._opened(address.name) if address.name else None
        greeted = f"{_dear(name)}{body}" if name else body
        if not carrier.notify(title=subject, body=greeted, body_format="text"):
            raise UndeliveredError(person)


def _keyed(url: str, key: str) -> str:
    """Return ``url`` with the key as a header, where the scheme has headers."""
    if url.partition("://")[0].lower() not in HEADED:
        return url
    return f"{url}{'&' if '?' in url else '?'}+Idempotency-Key={quote(key, safe='')}"


def _dear(name: str) -> str:
    """Return the greeting in both languages."""
    zh, en = (say(lang, "digest", "dear", name=name) for lang in ("zh", "en"))
    return f"{zh} | {en}\n\n"
