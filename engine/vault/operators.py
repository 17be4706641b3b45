"""Operators who may read payloads: a file of their names and the digests of their tokens."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from pathlib import Path

from engine.private import NotPrivateError, read_private, write_private

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
        try:
            lines = read_private(self._path).decode("utf-8").splitlines()
        except NotPrivateError as error:
            raise OperatorsError(str(error)) from None
        rows = (line.split() for line in lines)
        return {words[0]: words[1] for words in rows if len(words) == 2}

    def _write(self, digests: dict[str, str]) -> None:
        lines = (f"{operator} {digest}\n" for operator, digest in digests.items())
        write_private(self._path, "".join(lines).encode())


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
