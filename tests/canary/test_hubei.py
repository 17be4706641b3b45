"""Every place of the article is played once, whole, on a real server, its words marked.

Its numbers are counted and stand beside the article's, and no mark is where an operator can
look. The marks change no number: what is counted are facts, not words.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from canary.figures import ARTICLE, NUMBERS
from canary.marked import MANIFEST, MARK, ROOT, SPILLER, Marked
from commanding import printed
from measuring import LABELS, labels, watched
from temporalio.client import WorkflowExecutionStatus

from engine.ledger.sql import open_ledger
from engine.settings import Settings
from workflows.embedded import Stack, free_port
from workflows.gateway import connect
from workflows.telemetry import PARTS

pytestmark = pytest.mark.timeout(1500)
AT_LEAST = 200
ASKED = "cscec3-2021"
CODE = re.compile(r"\b(?:[A-Z2-7]{4}-){7}[A-Z2-7]{4}\b")
COMMANDS = (
    ("cycle", "list"), ("plugins", "list"), ("plugins", "list", "-o", "json"),
    ("plugins", "info", "spiller"), ("plugins", "dead-letters", "list"), ("notices", "list"),
    ("opinions", "list", ASKED), ("opinions", "list", ASKED, "-o", "json"),
    ("opinions", "results", "coded"), ("opinions", "results", "open"),
    ("ledger", "verify"), ("keys", "actors", "list"), ("keys", "payload", "list"),
)  # fmt: skip
OF_A_CYCLE = (
    ("cycle", "show"), ("cycle", "show", "-o", "json"), ("cycle", "history"),
    ("cycle", "history", "-o", "json"),
    ("issue", "list"), ("issue", "list", "-o", "json"), ("plan", "explain"),
    ("ledger", "lists"), ("ledger", "account"), ("ledger", "stats"),
    ("cycle", "do", "claim_issue", "--by", "nobody", "--json", '{"issue": 1}'),
)  # fmt: skip


@dataclass(frozen=True)
class Demo:
    """What the demo printed, the summary it wrote, and what each part measured last."""

    said: str
    told: dict[str, Any]
    measures: dict[str, str]


@pytest.fixture(scope="module")
def hubei(tmp_path_factory):
    """The demo of Hubei on a real server, the folder it left, its environment and marks."""
    folder = tmp_path_factory.mktemp("canary")
    marked = Marked(folder)
    shutil.copytree(ROOT / "plugins", folder / "plugins")
    (folder / "plugins" / "spiller").mkdir()
    (folder / "plugins" / "spiller" / "__init__.py").write_text(SPILLER, "utf-8")
    (folder / "plugins" / "spiller" / "plugin.toml").write_text(MANIFEST, "utf-8")
    env = {
        **os.environ, "TAIZHANG_DATA_DIR": str(folder / "data"), "SPILLED": f"{MARK}9999",
        "TAIZHANG_PLUGINS_DIR": str(folder / "plugins"),
    }  # fmt: skip
    metrics = f"127.0.0.1:{free_port()}"
    with watched(metrics) as last:
        done = subprocess.run(
            [sys.executable, "-m", "workflows.main", "demo", str(folder / "hubei.yaml"),
             "--server", "real", "--json", str(folder / "out.json")], cwd=ROOT,
            env={**env, "TAIZHANG_METRICS": metrics}, capture_output=True, text=True,
        )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    told = json.loads((folder / "out.json").read_text("utf-8"))
    return Demo(done.stdout, told, dict(last)), folder, env, marked.marks


@pytest.fixture(scope="module")
def demo(hubei):
    return hubei[0]


@pytest.fixture(scope="module")
def played(hubei):
    """The data folder after answers were given too, the environment, and all marks."""
    _, folder, env, marks = hubei
    answers(env, folder / "forms.md", marks)
    return folder / "data", env, marks


def answers(env, forms: Path, marks: list[str]) -> None:
    """Answer anonymously, every answer marked: one batch is shut and coded, one stays open."""

    def typed(*words: str, told: str = "") -> str:
        done = subprocess.run(
            [sys.executable, "-m", "workflows.main", "opinions", *words, "--lang", "en"],
            cwd=ROOT, env=env, input=told, capture_output=True, text=True,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    by = ("--by", "m04")
    for batch in ("coded", "open"):
        typed("issue", batch, "--cycle", ASKED, *by, "--body", "b1", "--links", "5")
        typed("links", batch, *by, "--to", str(forms))
        for code in dict.fromkeys(CODE.findall(forms.read_text("utf-8"))):
            marks.append(f"{MARK}{len(marks):04}")
            typed("answer", batch, "--link", code, told=f"窗口排队久{marks[-1]}\n")
        forms.unlink()
    typed("shut", "coded", *by)
    for row in json.loads(typed("read", "coded", *by, "-o", "json")):
        assert MARK in row["content"]
        marks.append(f"{MARK}z{len(marks):04}")
        words = ("--aspect", "style", "--text", f"等候 {marks[-1]}")
        typed("code", row["answer"], *by, *words)


def cycles(data: Path) -> list[str]:
    ledger = open_ledger(f"sqlite:///{data}/ledger.db")
    found = {row.event.stream for row in ledger.read(limit=99_999)}
    ledger.engine.dispose()
    return sorted(name.partition("/")[2] for name in found if name.startswith("cycle/"))


def test_every_number_is_counted_and_stands_beside_the_articles(demo):
    figures = {f"{f['place']['zh']} {f['what']['zh']}": f for f in demo.told["figures"]}

    assert {name: f["counted"] for name, f in figures.items()} == NUMBERS
    assert {name: figures[name]["article"] for name in ARTICLE} == ARTICLE
    assert all(f["holds"] for f in figures.values())
    assert demo.told["verify"]["ok"]
    assert [play["differences"] for play in demo.told["plays"]] == [[]] * 10


def test_an_open_bound_is_never_printed_as_exact_and_terms_are_pointed_out(demo):
    assert "≥ 5,000" in demo.said
    assert not re.search(r"(?<!≥ )\b5,?000\b", demo.said)
    assert "5,013 [FX]" in demo.said
    notes = [n["place"]["zh"] for n in demo.told["notes"] if "民主生活会" in n["said"]["zh"]]
    assert notes == ["京山之后一段", "顾家岗社区"]


def test_at_least_two_hundred_words_were_marked_and_are_in_the_vault(played):
    _, _, marks = played

    assert len(marks) + 1 >= AT_LEAST


def test_no_file_holds_one_and_the_secret_was_really_told(played):
    data, _, _ = played
    files = [path for path in data.rglob("*") if path.is_file()]
    holding = [str(p.relative_to(data)) for p in files if MARK.encode() in p.read_bytes()]

    assert {
        "temporal.db",
        "ledger.db",
        "vault.db",
        "opinions.db",
        "worker.log",
        "courier.log",
    } <= {path.name for path in files}
    assert holding == []
    assert "heard (secret)" in (data / "courier.log").read_text("utf-8")


def test_p20_no_history_holds_one_even_decrypted_nor_any_search_attribute(played):
    data, _, _ = played
    histories, attributes = asyncio.run(_exported(Settings(data_dir=data)))

    assert len(histories) > len(cycles(data))
    assert any("file_plan" in history for history in histories)
    assert not [history for history in histories if MARK in history]
    assert attributes
    assert MARK not in "".join(attributes)


def test_what_is_measured_has_no_mark_and_names_and_ids_alone(demo):
    told = "\n".join(demo.measures.values())
    said = labels(told)

    assert set(demo.measures) == set(PARTS)
    assert said["workflow_type"] == {"CycleWorkflow", "CampaignWorkflow", "RetentionWorkflow"}
    assert {"append_events", "prove_opening", "run_hook"} <= said["activity_type"]
    assert MARK not in told
    assert set(said) <= LABELS
    assert all(value.isascii() for values in said.values() for value in values)


async def _exported(settings):
    """Every run's history with its payloads decrypted, and what can be searched for."""
    stack = Stack(settings)
    await asyncio.to_thread(stack.start)
    try:
        reached = settings.model_copy(update={"temporal_address": stack.address})
        client = await connect(reached)
        histories, attributes = [], []
        async for run in client.list_workflows():
            assert run.status is not WorkflowExecutionStatus.FAILED
            attributes.append(str(run.typed_search_attributes))
            history = await client.get_workflow_handle(
                run.id, run_id=run.run_id
            ).fetch_history()
            histories.append(await _decrypted(client, history, run.id))
        return histories, attributes
    finally:
        await asyncio.to_thread(stack.stop)


async def _decrypted(client, history, workflow_id) -> str:
    """The history as text, each payload opened with our keys."""
    from temporalio.api.common.v1 import Payload

    codec = client.data_converter.payload_codec
    text = [history.to_json()]

    async def opened(message) -> None:
        for field, value in message.ListFields():
            if field.message_type is None:
                continue
            if field.is_repeated if hasattr(field, "is_repeated") else field.label == 3:
                values = value.values() if hasattr(value, "values") else value
            else:
                values = [value]
            for each in values:
                if isinstance(each, Payload):
                    (plain,) = await codec.decode([each])
                    text.append(plain.data.decode("utf-8", "replace"))
                elif hasattr(each, "ListFields"):
                    await opened(each)

    for event in history.events:
        await opened(event)
    return "\n".join(text)


def test_p28_no_command_of_an_operator_prints_one(played, tmp_path):
    data, env, _ = played
    asked = [*COMMANDS]
    for cycle in cycles(data):
        asked += [(*words[:2], cycle, *words[2:]) for words in OF_A_CYCLE]
    said = printed(asked, env, ROOT, tmp_path)

    assert all(said)
    assert not [text for text in said if MARK in text]


def test_a_mark_that_is_there_is_found(played):
    """The search itself: what is opened with the right key and purpose has its mark."""
    _, env, marks = played
    done = subprocess.run(
        [sys.executable, "-m", "workflows.main", "ledger", "lists", "nanzhang-2021",
         "--reader", "m01", "--purpose", "rectify"], cwd=ROOT, env=env,
        capture_output=True, text=True,
    )  # fmt: skip

    assert set(re.findall(rf"{MARK}\d{{4}}", done.stdout)) & set(marks), done.stderr
