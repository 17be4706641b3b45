"""Operators who may read payloads: a file of their names and the digests of their tokens."""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
import stat
from pathlib import Path

OPERATOR = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")


class OperatorsError(Exception):
    """The file is open to others, or a name is none; says what to do."""


class Operators:
    """A line an operator: ``<operator> <sha256 of the token>``; delete it to revoke.

    Read again for each question, so who is taken out is out at once.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def grant(self, operator: str) -> str:
        """Return a new token of ``operator``, shown this once; an older one is void.

        Raises:
            OperatorsError: that is no name, or others may read the file.
        """
        if not OPERATOR.fullmatch(operator):
            raise OperatorsError(
                "操作员编号须为小写字母、数字、. _ - | an operator's id is lower-case letters, "
                "digits and . _ -, no more than 64"
            )
        token = secrets.token_urlsafe(32)
        self._write({**self._read(), operator: _digest(token)})
        return token

    def permitted(self, token: str) -> str | None:
        """Return whose ``token`` it is, or None.

        Raises:
            OperatorsError: others may read the file.
        """
        asked, found = _digest(token), None
        for operator, digest in self._read().items():
            if hmac.compare_digest(asked, digest):
                found = operator
        return found

    def _read(self) -> dict[str, str]:
        if not self._path.exists():
            return {}
        mode = stat.S_IMODE(self._path.stat().st_mode)
        if mode & 0o077:
            raise OperatorsError(
                f"{self._path} 权限为 {mode:04o},请改为 0600 | "
                f"{self._path} has mode {mode:04o}: chmod 600 {self._path}"
            )
        lines = (line.split() for line in self._path.read_text("utf-8").splitlines())
        return {words[0]: words[1] for words in lines if len(words) == 2}

    def _write(self, digests: dict[str, str]) -> None:
        """Put the file there whole or not at all, readable by its owner alone."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        draft = self._path.with_name(f".{self._path.name}.{secrets.token_hex(4)}")
        descriptor = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.writelines(f"{operator} {digest}\n" for operator, digest in digests.items())
        draft.replace(self._path)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
