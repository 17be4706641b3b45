"""What a process that runs plugins may not know: where the stores are, and their keys."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

HIDDEN = frozenset(
    f"TAIZHANG_{name}"
    for name in (
        "LEDGER_URL", "VAULT_URL", "PEOPLE_URL", "TOKENS_URL", "OPINIONS_URL", "MASTER_KEY",
        "KEY_FILE", "NOTICE_URLS", "TOKEN", "OIDC_CLIENT_SECRET", "OIDC_CLIENT_SECRET_FILE",
    )
)  # fmt: skip


def surroundings(environment: Mapping[str, str]) -> dict[str, str]:
    """Return ``environment`` without what a plugin has no business with."""
    return {name: value for name, value in environment.items() if name not in HIDDEN}


def shed() -> None:
    """Begin this process again without what is hidden; return where there is nothing of it.

    Taking a variable away is not enough: the system keeps the first environment of a
    process where the process can read it.
    """
    if HIDDEN & os.environ.keys():
        command = [sys.executable, *sys.orig_argv[1:]]
        os.execve(sys.executable, command, surroundings(os.environ))  # noqa: S606  itself
