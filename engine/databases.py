"""Which database a URL names, so that two spellings of one are not taken for two.

Only what stands in the URL, in libpq's variables and on this machine is looked at. Two
names of one server that only the network knows for one (aliases in DNS, a pooler, a
forwarded port, a libpq service) pass for two.
"""

from __future__ import annotations

import getpass
import os
from collections.abc import Iterator
from contextlib import suppress
from ipaddress import IPv6Address, ip_address
from pathlib import Path
from typing import TypeAlias
from urllib.parse import unquote, urlsplit

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

Place: TypeAlias = tuple[str, ...]
PORT = "5432"
HERE = "localhost"


def places(url: str) -> frozenset[Place]:
    """Return the places where the database of ``url`` may lie; none for one in memory.

    Two URLs with a place in common name one database. A URL with several hosts has a place
    at each. A SQLite file is its device and inode once it exists, and its real path before.
    A URL that cannot be read stands for itself: whoever connects says what is wrong.
    """
    try:
        where = make_url(url)
    except (ArgumentError, ValueError):
        return frozenset({(url,)})
    if where.get_backend_name() == "sqlite":
        return frozenset(_file(where.database or ""))
    return frozenset(_served(where))


def _file(database: str) -> Iterator[Place]:
    if database.startswith("file:"):
        database = unquote(urlsplit(database).path)
    if not database or database.startswith(":memory:"):
        return
    path = Path(os.path.realpath(database))
    try:
        found = path.stat()
    except OSError:
        yield ("file", str(path))
    else:
        yield ("inode", str(found.st_dev), str(found.st_ino))


def _served(where: URL) -> Iterator[Place]:
    """Yield host, port and database for each host; libpq's defaults stand in for what lacks."""
    user = _asked(where, "user") or where.username or os.environ.get("PGUSER") or _login()
    database = _asked(where, "dbname") or where.database or os.environ.get("PGDATABASE") or user
    hosts = _asked(where, "hostaddr") or _asked(where, "host") or where.host
    ports = (_asked(where, "port") or str(where.port or "")).split(",")
    for number, told in enumerate((hosts or os.environ.get("PGHOST", "")).split(",")):
        host, port = _split(unquote(told))
        listed = ports[number : number + 1] if len(ports) > 1 else ports
        port = port or "".join(listed) or os.environ.get("PGPORT", PORT)
        yield (where.get_backend_name(), _host(host), port, database)


def _asked(where: URL, name: str) -> str:
    """Return what the query of ``where`` says of ``name``, several values behind commas."""
    told = where.query.get(name, "")
    return told if isinstance(told, str) else ",".join(told)


def _split(host: str) -> tuple[str, str]:
    """Return ``host`` and the port behind it; an address of IPv6 has colons of its own."""
    name, _, port = host.rpartition(":")
    return (name, port) if name and port.isdecimal() and ":" not in name else (host, "")


def _host(host: str) -> str:
    """Return one name for every way to say this machine, a Unix socket among them."""
    host = host.strip("[]").rstrip(".").lower()
    if not host or host[0] in "/@" or host == HERE:
        return HERE
    with suppress(ValueError):
        address = ip_address(host)
        if isinstance(address, IPv6Address):
            address = address.ipv4_mapped or address
        return HERE if address.is_loopback else str(address)
    return host


def _login() -> str:
    """Return who runs this; empty where the system knows no name, as in some containers."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""
