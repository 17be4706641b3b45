"""Single sign-on from a terminal, as RFC 8252 has it: the browser comes back to this machine.

Only the answer to this very sign-in ends the waiting. Whatever else asks on this address, a
page that guesses or a browser after an icon, is told that there is nothing for it.
"""

from __future__ import annotations

import secrets
import socket
from collections.abc import Callable
from datetime import timedelta
from http.server import BaseHTTPRequestHandler
from queue import Empty, Queue
from socketserver import ThreadingTCPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

from pydantic import field_validator

from engine.people.oidc import PASSAGE_LASTS, Provider, SingleSignOn
from engine.people.refusals import NotListening, PassageOver

HOSTS = ("127.0.0.1", "::1")
"""By number: the name of this machine may be somebody else's, says RFC 8252."""

STALLED_S = 10
PAGE = """<!doctype html><html lang="zh"><meta charset="utf-8"><title>台账 · 登录</title>
<h1>登录 · Signing in</h1><p>{}</p><p lang="en">{}</p></html>"""
RECEIVED = PAGE.format(
    "已收到,结果见终端。此窗口可以关闭。",
    "Received: the terminal says what came of it. You may close this window.",
)
NOTHING_HERE = PAGE.format(
    "这里没有可看的;请从终端给出的地址登录。",
    "There is nothing here; sign in at the address the terminal gave.",
)


class Registered(Provider):
    """The authority, as it registered a program on this machine."""

    @field_validator("redirect_uri")
    @classmethod
    def _on_this_machine(cls, url: str) -> str:
        """Refuse an address at which we could not listen, or others could."""
        parts = urlsplit(url)
        listens = parts.scheme == "http" and parts.hostname in HOSTS and parts.port
        if not listens or parts.query or parts.fragment:
            raise ValueError("须为本机地址与端口 | it takes loopback and a port")
        return url


def signed_on(
    sso: SingleSignOn, redirect: str, told: Callable[[str], None], *,
    within: timedelta = PASSAGE_LASTS,
) -> str:  # fmt: skip
    """Return the token of a new session of whoever signs in by a browser here.

    Args:
        sso: What sends the browser off and takes it back.
        redirect: Where on this machine it comes back, with a port.
        told: Called with the page to open, once somebody listens.
        within: How long to wait for the answer.

    Raises:
        NotListening: the address is taken.
        PassageOver: nobody came back in time.
        Refused: see ``SingleSignOn.begin`` and ``finish``.
    """
    with _listening(redirect) as listener:
        begun = sso.begin()
        told(begun.url)
        answer = listener.answer(begun.state, within)
    return sso.finish(answer, binding=begun.binding)


def _listening(redirect: str) -> _Listener:
    try:
        return _Listener(redirect)
    except OSError as error:
        raise NotListening(redirect, str(error.strerror)) from None


class _Listener(ThreadingTCPServer):
    """Listens from the moment it is made; whoever stalls holds up nobody else."""

    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False

    def __init__(self, redirect: str) -> None:
        parts = urlsplit(redirect)
        self.path, self.state = parts.path or "/", ""
        self.answers: Queue[str] = Queue()
        host = str(parts.hostname)
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        super().__init__((host, parts.port or 0), _Asked)

    def answer(self, state: str, within: timedelta) -> str:
        """Return the address at which the browser came back with ``state``.

        Raises:
            PassageOver: it did not ``within`` that time.
        """
        self.state = state
        Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()
        try:
            return self.answers.get(timeout=within.total_seconds())
        except Empty:
            raise PassageOver from None
        finally:
            self.shutdown()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a browser that hung up: what it asked may hold the code."""


class _Asked(BaseHTTPRequestHandler):
    """One request of a browser."""

    server: _Listener
    timeout = STALLED_S
    server_version, sys_version = "taizhang", ""

    def do_GET(self) -> None:
        """Take the answer to this sign-in, and nothing else."""
        asked = urlsplit(self.path)
        state = parse_qs(asked.query).get("state", [""])[0]
        ours = secrets.compare_digest(
            state.encode("utf-8", "replace"), self.server.state.encode()
        )
        if asked.path != self.server.path or not ours:
            return self._show(404, NOTHING_HERE)
        self._show(200, RECEIVED)
        return self.server.answers.put(self.path)

    def _show(self, status: int, page: str) -> None:
        body = page.encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("Content-Security-Policy", "default-src 'none'")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Write no line: the address holds the code."""
