"""The codec server: shows payloads in Temporal's own tools to operators who may read them.

It decrypts and never encrypts: whoever sends commands has the keys. It listens on loopback
only. What was shown, and to whom, is on record; what stood in it is not.

A tool sends the operator's token. The Web UI of a server without a sign-in has none to
send, so there the operator signs in here once, and the browser sends a cookie.
"""

from __future__ import annotations

import json
import socket
from collections import Counter
from collections.abc import Callable, Iterable
from urllib.parse import parse_qs

import structlog
import uvicorn
from google.protobuf.json_format import MessageToDict, Parse, ParseError
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route
from temporalio.api.common.v1 import Payload, Payloads

from workflows.codec import EncryptingCodec, sealed_for
from workflows.unreadable import unreadable

log = structlog.get_logger()

HOST = "127.0.0.1"
LIMIT_BYTES = 8 * 1024 * 1024
"""A page of history is at most 4 MB; as base64 in JSON it is a third longer."""

Permitted = Callable[[str], str | None]
"""Returns the operator whose token it is, or None."""

NOT_PERMITTED = "令牌无效:请用 taizhang codec-token 领取 | no valid token: taizhang codec-token"
TOO_LARGE = f"超过 {LIMIT_BYTES} 字节 | more than {LIMIT_BYTES} bytes"
NO_PAYLOADS = "不是 Temporal 的载荷 | these are no payloads of Temporal"
NO_ENCODING = "只解密,不加密;命令请用 taizhang cycle do | it decrypts only: taizhang cycle do"


COOKIE = "taizhang_codec"
PAGE = """<!doctype html><html lang="zh"><meta charset="utf-8"><title>台账 · 解密</title>
<h1>解密 · Decoding</h1>{}</html>"""
SIGN_IN = PAGE.format("""<form method="post"><label>令牌 · token <input name="token"
type="password" autocomplete="off" required></label> <button>登录 · sign in</button></form>
<p>令牌用 taizhang codec-token 领取 · tokens are given by taizhang codec-token</p>""")
SIGNED_IN = PAGE.format("""<p>已登录。在 Temporal 页面的数据编码设置中填入本服务地址,并勾选
“Include cross-origin credentials”。</p><p lang="en">Signed in. In the Web UI's data encoder
settings enter this server's address and tick "Include cross-origin credentials".</p>""")


class _Refused(Exception):
    """What is asked is not done: the status of HTTP, and the sentence that says why."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status, self.sentence = status, sentence


def application(codec: EncryptingCodec, permitted: Permitted, origin: str) -> Starlette:
    """Return the server over ``codec``; a page from ``origin`` may ask it, and no other."""

    async def decode(request: Request) -> Response:
        operator, asked = await _asked(request, permitted)
        _note(operator, asked.payloads)
        shown = [_shown(payload) for payload in await codec.decode(asked.payloads)]
        return JSONResponse(MessageToDict(Payloads(payloads=shown)))

    async def encode(request: Request) -> Response:
        _, asked = await _asked(request, permitted)
        if asked.payloads:
            raise _Refused(403, NO_ENCODING)
        return JSONResponse({"payloads": []})  # a query without arguments, as tools ask it

    async def sign_in(request: Request) -> Response:
        if request.method == "GET":
            return HTMLResponse(SIGN_IN)
        form = parse_qs((await _body(request)).decode("utf-8", "replace"))
        token = form.get("token", [""])[0]
        if not token or permitted(token) is None:
            log.warning("decode_refused", path=request.url.path)
            return HTMLResponse(SIGN_IN, status_code=401)
        answer = HTMLResponse(SIGNED_IN)
        answer.set_cookie(COOKIE, token, path="/decode", httponly=True, samesite="strict")
        return answer

    cors = Middleware(
        CORSMiddleware, allow_origins=[origin], allow_methods=["POST"],
        allow_headers=["authorization", "authorization-extras", "content-type", "x-namespace"],
        allow_credentials=True,
    )  # fmt: skip
    routes = [
        Route("/decode", decode, methods=["POST"]),
        Route("/encode", encode, methods=["POST"]),
        Route("/sign-in", sign_in, methods=["GET", "POST"]),
    ]
    return Starlette(routes=routes, middleware=[cors], exception_handlers={_Refused: _answer})


def serve(app: Starlette, port: int, told: Callable[[str], None]) -> None:
    """Serve ``app`` on loopback until asked to stop; ``told`` hears the address.

    Raises:
        OSError: the port is taken.
    """
    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((HOST, port))
        listening.listen()
        told(f"http://{HOST}:{listening.getsockname()[1]}")
        config = uvicorn.Config(
            app, log_config=None, access_log=False, lifespan="off", server_header=False
        )
        uvicorn.Server(config).run(sockets=[listening])


async def _asked(request: Request, permitted: Permitted) -> tuple[str, Payloads]:
    """Return who asks, and the payloads of the body.

    Raises:
        _Refused: no valid token, too long a body, or no payloads in it.
    """
    if (operator := _operator(request, permitted)) is None:
        log.warning("decode_refused", path=request.url.path)
        raise _Refused(401, NOT_PERMITTED)
    try:
        return operator, Parse(await _body(request), Payloads())
    except (ParseError, UnicodeDecodeError):
        raise _Refused(400, NO_PAYLOADS) from None


def _operator(request: Request, permitted: Permitted) -> str | None:
    """Return who asks, by a token in the header or else in the cookie of the sign-in."""
    said = request.headers.get("authorization")
    scheme, _, token = said.partition(" ") if said else ("bearer", "", "")
    token = token.strip() or (request.cookies.get(COOKIE, "") if said is None else "")
    return permitted(token) if scheme.lower() == "bearer" and token else None


async def _body(request: Request) -> bytes:
    """Return the body, read no further than the limit.

    Raises:
        _Refused: it is longer than any page of a history.
    """
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LIMIT_BYTES:
            raise _Refused(413, TOO_LARGE)
    return bytes(body)


async def _answer(_: Request, refused: Exception) -> Response:
    assert isinstance(refused, _Refused)
    return JSONResponse({"message": refused.sentence}, status_code=refused.status)


def _note(operator: str, payloads: Iterable[Payload]) -> None:
    """Put on record who was shown how many payloads of which workflow."""
    said = Counter(where[1] for payload in payloads if (where := sealed_for(payload)))
    for workflow, count in said.items():
        log.info("payloads_decoded", operator=operator, workflow=workflow, count=count)


def _shown(payload: Payload) -> Payload:
    """Return ``payload`` as it is shown: in place of what cannot be read, a sentence."""
    if (error := unreadable(payload)) is None:
        return payload
    sentence = json.dumps(str(error), ensure_ascii=False).encode()
    return Payload(metadata={"encoding": b"json/plain"}, data=sentence)
