"""The codec server: shows payloads in Temporal's own tools to operators who may read them.

It decrypts and never encrypts: whoever sends commands has the keys. It listens on loopback
only. What it was shown and by whom is on record; what stood in it is not.
"""

from __future__ import annotations

import json
import socket
from collections import Counter
from collections.abc import Callable, Iterable

import structlog
import uvicorn
from google.protobuf.json_format import MessageToDict, Parse, ParseError
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
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


class _TooLarge(Exception):
    """The body is longer than any page of a history."""


def application(codec: EncryptingCodec, permitted: Permitted, origin: str) -> Starlette:
    """Return the server over ``codec``; a page from ``origin`` may ask it, and no other."""

    async def decode(request: Request) -> Response:
        if (operator := _operator(request, permitted)) is None:
            log.warning("decode_refused", path=request.url.path)
            return _refused(401, NOT_PERMITTED)
        try:
            asked = Parse(await _body(request), Payloads())
        except _TooLarge:
            return _refused(413, TOO_LARGE)
        except (ParseError, UnicodeDecodeError):
            return _refused(400, NO_PAYLOADS)
        _note(operator, asked.payloads)
        shown = [_shown(payload) for payload in await codec.decode(asked.payloads)]
        return JSONResponse(MessageToDict(Payloads(payloads=shown)))

    async def encode(_: Request) -> Response:
        return _refused(403, NO_ENCODING)

    cors = Middleware(
        CORSMiddleware, allow_origins=[origin], allow_methods=["POST"],
        allow_headers=["authorization", "content-type", "x-namespace"],
    )  # fmt: skip
    routes = [Route("/decode", decode, methods=["POST"])]
    routes += [Route("/encode", encode, methods=["POST"])]
    return Starlette(routes=routes, middleware=[cors])


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


def _operator(request: Request, permitted: Permitted) -> str | None:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return permitted(token.strip()) if scheme.lower() == "bearer" and token else None


async def _body(request: Request) -> bytes:
    """Return the body, read no further than the limit."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LIMIT_BYTES:
            raise _TooLarge
    return bytes(body)


def _refused(status: int, sentence: str) -> Response:
    return JSONResponse({"message": sentence}, status_code=status)


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
