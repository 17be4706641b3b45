"""One contract for every post: a file, Apprise to a webhook, simulation, memory."""

from __future__ import annotations

import json
from contextlib import contextmanager
from datetime import date
from email import message_from_string
from email.header import decode_header, make_header

import pytest
from pydantic import SecretStr

from engine import logs
from engine.notices.addresses import Addresses
from engine.notices.carried import AppriseDelivery
from engine.notices.filed import FilePost
from engine.notices.port import (
    Address,
    AddressesError,
    AddressMissingError,
    PostError,
    UndeliveredError,
)
from engine.notices.simulated import SimulatedPost

from .receivers import mailbox, webhook
from .samples import SEALED, InMemoryPost

DAY = date(2026, 1, 5)
KEY, NEXT = f"m01/{DAY}", f"m01/{date(2026, 1, 6)}"


def nameless(_):
    raise AssertionError("no name is asked for")


@contextmanager
def in_memory(_):
    post = InMemoryPost()
    yield post, Address(), lambda: [(d.key, d.subject) for d in post.got]


@contextmanager
def in_a_file(folder):
    def got():
        lines = [x for f in sorted(folder.glob("*.jsonl")) for x in f.read_text().splitlines()]
        return [(line["key"], line["subject"]) for line in map(json.loads, lines)]

    yield FilePost(folder), Address(), got


@contextmanager
def by_webhook(_):
    with webhook() as (port, got):
        address = Address(urls=(SecretStr(f"json://127.0.0.1:{port}/m01"),))
        yield AppriseDelivery(nameless), address, lambda: [(k, s) for _, k, s, _ in got]


@contextmanager
def simulated(_):
    told = []
    post = SimulatedPost(lambda key, person, subject: told.append((key, subject)))
    yield post, Address(), lambda: told


@pytest.fixture(params=[in_memory, in_a_file, by_webhook, simulated], ids=lambda p: p.__name__)
def post(request, tmp_path):
    with request.param(tmp_path) as made:
        yield made


def deliver(post, address, key=KEY, subject="主题 | subject", body="正文\nbody"):
    post.deliver(key=key, person="m01", address=address, subject=subject, body=body)


def test_a_digest_arrives_under_its_key(post):
    carrier, address, got = post
    deliver(carrier, address)
    deliver(carrier, address, NEXT, "次日")

    assert got() == [(KEY, "主题 | subject"), (NEXT, "次日")]


def test_a_second_delivery_carries_the_same_key(post):
    carrier, address, got = post
    deliver(carrier, address)
    deliver(carrier, address)

    assert {key for key, _ in got()} == {KEY}


def test_the_file_takes_each_key_once_also_from_another_process(tmp_path):
    for _ in range(2):
        deliver(FilePost(tmp_path), Address())

    assert len((tmp_path / f"{DAY}.jsonl").read_text("utf-8").splitlines()) == 1


def test_a_line_torn_by_a_crash_is_replaced_by_a_whole_one(tmp_path):
    deliver(FilePost(tmp_path), Address())
    file = tmp_path / f"{DAY}.jsonl"
    whole = file.read_bytes()
    file.write_bytes(whole + b'{"key": "m02/2026-01-')
    deliver(FilePost(tmp_path), Address(), f"m02/{DAY}")

    assert [json.loads(x)["key"] for x in file.read_text().splitlines()] == [KEY, f"m02/{DAY}"]
    assert file.read_bytes().startswith(whole)


def test_only_the_owner_reads_the_file_and_it_holds_no_address(tmp_path):
    deliver(FilePost(tmp_path / "notices"), Address(urls=(SecretStr("json://CANARY"),)))
    file = tmp_path / "notices" / f"{DAY}.jsonl"

    assert file.stat().st_mode & 0o777 == 0o600
    assert "CANARY" not in file.read_text("utf-8")


def test_a_name_is_opened_only_to_greet_and_the_body_stays_whole():
    opened = []
    with webhook() as (port, got):
        address = Address(urls=(SecretStr(f"json://127.0.0.1:{port}"),), name=SEALED)
        deliver(AppriseDelivery(lambda name: opened.append(name) or "陈默"), address)

    assert opened == [SEALED]
    assert got[0][3] == "陈默: | Dear 陈默,\n\n正文\nbody"


def test_a_mail_carries_subject_body_and_key():
    with mailbox() as (port, got):
        url = f"mailto://127.0.0.1:{port}?from=t@example.org&to=m01@example.org&mode=insecure"
        deliver(AppriseDelivery(nameless), Address(urls=(SecretStr(url),)))
    mail = message_from_string(got[0])
    bodies = [p.get_payload(decode=True).decode() for p in mail.walk() if not p.is_multipart()]

    assert str(make_header(decode_header(mail["Subject"]))) == "主题 | subject"
    assert mail["Idempotency-Key"] == KEY
    assert "正文" in bodies[0]


def test_a_receiver_that_fails_is_a_failure_that_quotes_nothing(capsys):
    logs.configure()
    with webhook(500) as (port, _):
        address = Address(urls=(SecretStr(f"json://u:CANARY@127.0.0.1:{port}/CANARY"),))
        with pytest.raises(UndeliveredError) as failed:
            deliver(AppriseDelivery(nameless), address)

    assert "CANARY" not in str(failed.value) + repr(address) + "".join(capsys.readouterr())


@pytest.mark.parametrize("urls", [(), ("CANARY://nowhere",), ("json://",)])
def test_without_a_usable_address_nothing_is_sent(urls, capsys):
    logs.configure()
    with pytest.raises(AddressMissingError):
        deliver(AppriseDelivery(nameless), Address(urls=tuple(map(SecretStr, urls))))

    assert "CANARY" not in "".join(capsys.readouterr())


def test_an_address_comes_from_the_file_else_from_the_templates(tmp_path):
    file = tmp_path / "addresses.toml"
    file.write_text(f'[m01]\nurls = ["json://one"]\n[m02]\nname = "{SEALED}"', "utf-8")
    addresses = Addresses(SecretStr("json://all/{person} json://log"), file)

    assert [u.get_secret_value() for u in addresses.of("m01").urls] == ["json://one"]
    assert [u.get_secret_value() for u in addresses.of("m02").urls] == [
        "json://all/m02",
        "json://log",
    ]
    assert addresses.of("m02").name == SEALED
    assert Addresses().of("m03") == Address()


@pytest.mark.parametrize("text", ["[m01", '[m01]\nurl = "json://CANARY"', None])
def test_a_file_that_cannot_be_read_is_a_failure_to_try_again(tmp_path, text):
    if text:
        (tmp_path / "a.toml").write_text(text, "utf-8")

    with pytest.raises(AddressesError) as failed:
        Addresses(None, tmp_path / "a.toml").of("m01")
    assert isinstance(failed.value, PostError)
    assert "CANARY" not in str(failed.value)
