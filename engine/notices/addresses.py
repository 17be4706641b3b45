"""How to reach a person: a line in a file of addresses, else a template for everybody."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from pydantic import SecretStr, ValidationError

from engine.notices.port import Address, AddressesError

REFERENCE = re.compile(r"sealed:[0-9a-f]{32}:[0-9a-f]{64}")


class Addresses:
    """Finds addresses; the file is read again each time, so a change needs no restart.

    A template is a URL in which ``{person}`` stands for the person's id; several are
    parted by spaces. The file has one table a person::

        [m01]
        urls = ["mailto://..."]
        name = "sealed:..."      # optional: the greeting, a reference into the vault
    """

    def __init__(self, templates: SecretStr | None = None, file: Path | None = None) -> None:
        self._templates = templates.get_secret_value().split() if templates else []
        self._file = file

    def of(self, person: str) -> Address:
        """Return the person's address; without URLs when nobody wrote one down.

        Raises:
            AddressesError: the file is missing, malformed or not ours to read.
        """
        written = self._written(person)
        if written.urls:
            return written
        urls = tuple(SecretStr(t.replace("{person}", person)) for t in self._templates)
        return Address(urls=urls, name=written.name)

    def _written(self, person: str) -> Address:
        if self._file is None:
            return Address()
        try:
            tables = tomllib.loads(self._file.read_text("utf-8"))
            return Address.model_validate(tables.get(person, {}))
        except (OSError, ValueError, ValidationError) as error:
            raise AddressesError(type(error).__name__) from None


def named(file: Path | None) -> tuple[str, ...]:
    """Return every reference to a name in ``file``, well-formed or not.

    Raises:
        OSError: it is missing or not ours to read: nobody knows what it carries.
    """
    return tuple(REFERENCE.findall(file.read_text("utf-8"))) if file else ()
