"""The notifier beside the core worker: its parts, and a thread that never harms it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache

import structlog

from engine.ledger.sql import SqlLedger
from engine.notices.addresses import Addresses
from engine.notices.carried import AppriseDelivery
from engine.notices.filed import FilePost
from engine.notices.notifier import Notifier
from engine.notices.port import Post
from engine.notices.simulated import SimulatedPost
from engine.private import own_folder
from engine.settings import Settings
from engine.vault.keys import decoded, from_file
from engine.vault.port import KeyDestroyedError
from engine.vault.sql import SqlVault, open_vault
from workflows.following import following

log = structlog.get_logger()

EVERY_S = 3.0
READER, PURPOSE = "notices", "notice"


def master_key(settings: Settings) -> bytes:
    """Return the vault's master key from the environment or its file.

    Raises:
        MasterKeyError: it is missing, malformed or open to others.
    """
    if settings.master_key is not None:
        return decoded(settings.master_key.get_secret_value())
    own_folder(settings.data_dir)
    return from_file(settings.key_path)


def notifier(settings: Settings, ledger: SqlLedger) -> Notifier:
    """Return the notifier over the ledger's database; rehearsals only reach the file."""
    filed = FilePost(settings.data_dir / "notices")
    reaching = settings.notice_urls is not None or settings.notice_addresses is not None
    post: Post = AppriseDelivery(_names(settings)) if reaching else filed
    addresses = Addresses(settings.notice_urls, settings.notice_addresses)
    return Notifier(
        ledger, ledger.engine, post, rehearsals=filed, addresses=addresses,
        hour=settings.notice_hour,
    )  # fmt: skip


def _names(settings: Settings) -> Callable[[str], str | None]:
    """Return how to open a name; the vault is opened when the first name is needed."""

    @cache
    def vault() -> SqlVault:
        return open_vault(settings.vault, master_key(settings))

    def opened(content: str) -> str | None:
        try:
            return vault().open(content, reader=READER, purpose=PURPOSE)
        except KeyDestroyedError:
            return None

    return opened


@contextmanager
def notifying(settings: Settings, ledger: Callable[[], SqlLedger]) -> Iterator[None]:
    """Send notices in a thread for the length of the block, unless they are off."""
    if settings.notices == "off":
        yield
        return
    acting = (_simulating if settings.notices == "simulate" else _sending)(settings, ledger)

    def failed(error: str) -> None:
        log.warning("notices_failed", error_type=error)

    with following("notices", acting, failed, every_s=EVERY_S):
        yield


def _sending(settings: Settings, ledger: Callable[[], SqlLedger]) -> Callable[[], object]:
    made = cache(lambda: notifier(settings, ledger()))
    return lambda: made().send()


def _simulating(settings: Settings, ledger: Callable[[], SqlLedger]) -> Callable[[], object]:
    def told(key: str, person: str, _: str) -> None:
        log.info("digest_simulated", digest=key, person=person)

    made = cache(lambda: notifier(settings, ledger()))
    post = SimulatedPost(told)
    return lambda: made().simulate(post)
