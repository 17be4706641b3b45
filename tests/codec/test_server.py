"""The codec server in a process of its own, asked over HTTP and by Temporal's own CLI."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import re
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest
from encrypted import DAY, FILED
from google.protobuf.json_format import MessageToDict
from temporalio.api.common.v1 import Payload, Payloads
from temporalio.converter import WorkflowSerializationContext

from engine.vault.keyring import Keyring
from engine.vault.operators import Operators, OperatorsError
from workflows.codec import EncryptingCodec
from workflows.codec_server import LIMIT_BYTES
from workflows.gateway import workflow_id
from workflows.places import temporal_binary

ROOT = Path(__file__).parents[2]
UI = "http://127.0.0.1:8233"
CANARY = Payload(metadata={"encoding": b"json/plain"}, data=b'"CANARY"')


class Asked:
    """A codec server that is up, one operator's token, and where its log is."""

    def __init__(self, address: str, token: str, log: Path, keyring: Keyring) -> None:
        self.address, self.token, self.log, self.keyring = address, token, log, keyring

    def post(self, path, body, **headers):
        """Return the status, the answer and the headers of it."""
        asked = urllib.request.Request(
            self.address + path, data=body, method="POST",
            headers={"Authorization": f"Bearer {self.token}", **headers},
        )  # fmt: skip
        try:
            with urllib.request.urlopen(asked, timeout=10) as answer:
                return answer.status, json.load(answer), answer.headers
        except urllib.error.HTTPError as error:
            return error.code, json.load(error), error.headers

    def decoded(self, *payloads):
        body = json.dumps(MessageToDict(Payloads(payloads=payloads))).encode()
        status, answer, _ = self.post("/decode", body)
        assert status == 200, answer
        return [base64.b64decode(p["data"]).decode() for p in answer["payloads"]]

    def lines(self):
        return [json.loads(x) for x in self.log.read_text("utf-8").splitlines() if x[:1] == "{"]


@contextmanager
def up(folder):
    """The command, as an operator starts it, over the keys in ``folder``."""
    token = Operators(folder / "codec-operators").grant("zhang")
    log = folder / "codec.log"
    with log.open("wb") as stderr:
        process = subprocess.Popen(
            [sys.executable, "-m", "workflows.main", "codec-server", "--port", "0",
             "--lang", "en"],
            cwd=ROOT, stdout=subprocess.PIPE, stderr=stderr, text=True,
            env={**os.environ, "TAIZHANG_DATA_DIR": str(folder), "PYTHONUNBUFFERED": "1"},
        )  # fmt: skip
        try:
            said = process.stdout.readline()
            assert "the codec server is up: " in said, log.read_text()
            address = said.split("up: ")[1].split(",")[0]
            yield Asked(address, token, log, Keyring(folder / "payload-keys"))
        finally:
            process.terminate()
            process.wait(10)
            process.stdout.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("server")
    Keyring(folder / "payload-keys").ensure(DAY)
    with up(folder) as asked:
        yield asked


async def sealed(keyring, workflow="cycle/a"):
    context = WorkflowSerializationContext(namespace="default", workflow_id=workflow)
    return (await EncryptingCodec(keyring, "").with_context(context).encode([CANARY]))[0]


async def test_an_operator_reads_and_it_is_on_record_without_what_was_read(server):
    first, other = await sealed(server.keyring), await sealed(server.keyring, "cycle/b")

    assert server.decoded(first, first, other, CANARY) == ['"CANARY"'] * 4
    said = [line for line in server.lines() if line["event"] == "payloads_decoded"][-2:]
    assert [(x["operator"], x["workflow"], x["count"]) for x in said] == [
        ("zhang", "cycle/a", 2), ("zhang", "cycle/b", 1),
    ]  # fmt: skip
    assert "CANARY" not in server.log.read_text("utf-8")


async def test_what_cannot_be_read_is_shown_as_a_sentence(server):
    gone = await sealed(server.keyring)
    first = server.keyring.newest().id
    server.keyring.rotate(DAY)
    server.keyring.destroy(first, DAY)
    spliced = await sealed(server.keyring)
    spliced.metadata["workflow-id"] = b"cycle/other"
    shown = server.decoded(gone, spliced)

    assert "已销毁" in shown[0]
    assert "belongs to another workflow, refused" in shown[1]


@pytest.mark.parametrize("said", ["", "Bearer", "Bearer ", "Bearer wrong", "Basic {token}"])
async def test_without_a_valid_token_nothing_is_read(server, said):
    body = json.dumps(MessageToDict(Payloads(payloads=[await sealed(server.keyring)])))
    status, answer, _ = server.post(
        "/decode", body.encode(), Authorization=said.format(token=server.token)
    )

    assert status == 401
    assert "taizhang codec-token" in answer["message"]
    assert [line["event"] for line in server.lines()][-1] == "decode_refused"


def signed_in(server, token):
    """Return the status of a sign-in, and the cookie it set."""
    form = urllib.parse.urlencode({"token": token}).encode()
    asked = urllib.request.Request(f"{server.address}/sign-in", data=form)
    try:
        with urllib.request.urlopen(asked, timeout=10) as answer:
            return answer.status, answer.headers["Set-Cookie"]
    except urllib.error.HTTPError as error:
        return error.code, error.headers["Set-Cookie"]


async def test_a_browser_signs_in_once_for_the_web_ui(server):
    body = json.dumps(MessageToDict(Payloads(payloads=[await sealed(server.keyring)])))
    with urllib.request.urlopen(f"{server.address}/sign-in", timeout=10) as page:
        assert 'type="password"' in page.read().decode()
    status, cookie = signed_in(server, server.token)
    assert status == 200
    assert {"HttpOnly", "Path=/decode", "SameSite=strict"} <= set(cookie.split("; "))
    asked = urllib.request.Request(
        f"{server.address}/decode?preserveStorageRefs=true", data=body.encode(), method="POST",
        headers={"Cookie": cookie.split(";")[0], "Origin": UI},
    )  # fmt: skip
    with urllib.request.urlopen(asked, timeout=10) as answer:
        shown = json.load(answer)["payloads"][0]["data"]
        assert answer.headers["Access-Control-Allow-Credentials"] == "true"

    assert base64.b64decode(shown) == b'"CANARY"'


@pytest.mark.parametrize("token", ["", "wrong"])
def test_a_wrong_token_signs_nobody_in(server, token):
    assert signed_in(server, token) == (401, None)


def test_nothing_is_ever_encrypted(server):
    status, answer, _ = server.post("/encode", b'{"payloads": [{"data": "e30="}]}')

    assert status == 403
    assert "taizhang cycle do" in answer["message"]


def test_where_there_is_nothing_to_encrypt_nothing_is_refused(server):
    assert server.post("/encode", b'{"payloads": []}')[:2] == (200, {"payloads": []})
    assert server.post("/encode", b'{"payloads": []}', Authorization="Bearer no")[0] == 401


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b'{"payloads": 1}', b'{"x": 1}'])
def test_what_is_no_payload_is_said_so(server, body):
    status, answer, _ = server.post("/decode", body)

    assert status == 400
    assert "no payloads of Temporal" in answer["message"]


def test_more_than_a_page_of_history_is_not_even_read(server):
    status, answer, _ = server.post("/decode", b" " * (LIMIT_BYTES + 1))

    assert status == 413
    assert str(LIMIT_BYTES) in answer["message"]


def test_only_the_web_ui_may_ask_from_a_page(server):
    for origin, allowed in [(UI, UI), ("http://evil.example", None)]:
        asked = urllib.request.Request(
            f"{server.address}/decode", method="OPTIONS",
            headers={"Origin": origin, "Access-Control-Request-Method": "POST",
                     "Access-Control-Request-Headers": "authorization,x-namespace"},
        )  # fmt: skip
        try:
            headers = urllib.request.urlopen(asked, timeout=10).headers
        except urllib.error.HTTPError as error:
            headers = error.headers

        assert headers.get("Access-Control-Allow-Origin") == allowed


async def temporal(stage, cycle, *words, asked="show"):
    return await asyncio.to_thread(
        subprocess.run,
        [temporal_binary(), "workflow", asked, "--workflow-id", workflow_id(cycle),
         "--address", stage.server.address, "-o", "json", *words],
        capture_output=True, text=True, timeout=30,
    )  # fmt: skip


def readable(done):
    """Return what stands in the payloads of a history that the CLI printed."""
    found = re.findall(r'"data": "([^"]+)"', done.stdout)
    return b"".join(map(base64.b64decode, found)).decode("utf-8", "replace")


async def test_temporals_own_cli_shows_a_history_through_it(stage):
    async with stage.workers():
        cycle = await stage.opened()
        await stage.gateway.submit(cycle, "file_plan", FILED, command_id="c1")
    with up(stage.settings.data_dir) as asked:
        words = ["--codec-endpoint", asked.address, "--codec-auth", f"Bearer {asked.token}"]
        shown = await temporal(stage, cycle, *words)
        refused = await temporal(stage, cycle, *words[:2])
        without = await temporal(stage, cycle)
        [line] = {
            (x["operator"], x["workflow"])
            for x in asked.lines()
            if x["event"] == "payloads_decoded"
        }

    for said in (FILED["content"], "组织生活会周期"):  # a command, and a summary
        assert said in readable(shown)
        assert said not in readable(without) + readable(refused)
    assert line == ("zhang", workflow_id(cycle))


async def test_temporals_own_cli_shows_what_a_cycle_waits_for_through_it(stage):
    with up(stage.settings.data_dir) as asked:
        words = ["--codec-endpoint", asked.address, "--codec-auth", f"Bearer {asked.token}"]
        async with stage.workers():
            cycle = await stage.opened()
            shown = await temporal(stage, cycle, *words, asked="metadata")
            without = await temporal(stage, cycle, asked="metadata")

    (told,) = json.loads(shown.stdout)["queryResult"]
    assert "方案" in told["currentDetails"]
    assert "currentDetails" not in without.stdout + readable(without)


def test_an_operator_taken_out_of_the_file_is_out_at_once(tmp_path):
    path = tmp_path / "codec-operators"
    operators = Operators(path)
    first, second = operators.grant("zhang"), operators.grant("li")
    assert (operators.permitted(first), operators.permitted(second)) == ("zhang", "li")
    assert first not in path.read_text()
    assert path.stat().st_mode & 0o777 == 0o600

    renewed = operators.grant("zhang")
    assert (operators.permitted(first), operators.permitted(renewed)) == (None, "zhang")
    path.write_text("".join(x for x in path.open() if not x.startswith("li ")))
    assert operators.permitted(second) is None


def test_a_file_open_to_others_permits_nobody(tmp_path):
    path = tmp_path / "codec-operators"
    token = Operators(path).grant("zhang")
    path.chmod(0o644)

    with pytest.raises(OperatorsError, match="chmod 600"):
        Operators(path).permitted(token)
    with pytest.raises(OperatorsError, match="lower-case"):
        Operators(tmp_path / "other").grant("Zhang San")
