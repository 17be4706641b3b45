"""An assertion proves one command by one person to one cycle, for minutes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from engine.people.actor import (
    ActorNotProved,
    Claims,
    Signer,
    certified,
    prove,
    prove_opening,
    signed,
    written,
)

NOW = datetime(2026, 11, 25, 8, tzinfo=UTC)
DAY = timedelta(days=1)
ASKED = {
    "by": "m01", "target": "cycle/c1", "kind": "claim_issue", "command": "k1",
    "digest": "0" * 64,
}  # fmt: skip
ROOT, OTHER, GATEWAY = (Ed25519PrivateKey.generate() for _ in range(3))
ROOTS = (written(ROOT.public_key()),)


def chain(root=ROOT, key=GATEWAY, *, use="gateway", since=NOW - DAY, until=NOW + DAY) -> str:
    return certified(root, key.public_key(), use=use, since=since, until=until)


def assertion(signer=None, now=NOW, **more) -> str:
    return (signer or Signer(GATEWAY, chain())).assertion(**{**ASKED, **more}, now=now)


def why(text, *, roots=ROOTS, now=NOW, **more) -> str:
    """Why the assertion proves nothing; nothing when it does prove."""
    try:
        prove(text, roots=roots, now=now, **{**ASKED, **more})
    except ActorNotProved as refused:
        return refused.why
    return ""


def test_it_proves_what_it_was_signed_for():
    assert why(assertion()) == ""


@pytest.mark.parametrize(
    ("field", "other", "told"),
    [
        ("target", "cycle/c2", "other_target"),
        ("kind", "close_issue", "other_command"),
        ("command", "k2", "other_command"),
        ("digest", "1" * 64, "other_command"),
        ("by", "m02", "other_actor"),
    ],
)
def test_it_proves_nothing_else(field, other, told):
    assert why(assertion(), **{field: other}) == told


def test_it_lasts_five_minutes_and_clocks_may_differ_by_one():
    text = assertion()

    assert why(text, now=NOW + timedelta(minutes=5)) == ""
    assert why(text, now=NOW + timedelta(minutes=5, seconds=1)) == "expired"
    assert why(text, now=NOW - timedelta(minutes=1)) == ""
    assert why(text, now=NOW - timedelta(minutes=1, seconds=1)) == "too_early"


@pytest.mark.parametrize("part", range(4))
@pytest.mark.parametrize("place", [3, -3])
def test_whoever_changes_one_letter_is_found_out(part, place):
    parts = assertion().split(".")
    letters = list(parts[part])
    letters[place] = "A" if letters[place] != "A" else "B"
    parts[part] = "".join(letters)

    assert why(".".join(parts)) in ("forged", "malformed", "untrusted")


@pytest.mark.parametrize(
    "text",
    ["x", "a.b.c", "a.b.c.d", "....", "é.b.c.d", "A" * 5000, *("." * n for n in (3, 5, 400))],
)
def test_what_is_no_assertion_is_said_so(text):
    assert why(text) == "malformed"


@pytest.mark.parametrize("text", [None, ""])
def test_without_one_nothing_is_proved(text):
    assert why(text) == "missing"


def test_a_gateway_no_trusted_root_vouches_for_is_nobody():
    assert why(assertion(Signer(GATEWAY, chain(OTHER)))) == "untrusted"


def test_a_certificate_counts_for_its_own_key_alone():
    assert why(assertion(Signer(OTHER, chain()))) == "forged"


def test_a_root_does_not_sign_commands_itself():
    claims = Claims(**ASKED, issued=int(NOW.timestamp()), expires=int((NOW + DAY).timestamp()))
    self_made = certified(
        ROOT, ROOT.public_key(), use="gateway", since=NOW - DAY, until=NOW + DAY
    )

    assert why(f"{signed(ROOT, 'actor', claims)}.{self_made}") == "untrusted"


def test_a_signature_made_for_one_purpose_is_none_for_another():
    claims = Claims(**ASKED, issued=int(NOW.timestamp()), expires=int((NOW + DAY).timestamp()))

    assert why(f"{signed(GATEWAY, 'certificate', claims)}.{chain()}") == "forged"


@pytest.mark.parametrize(
    ("since", "until", "told"),
    [(NOW - 2 * DAY, NOW - DAY, "expired"), (NOW + DAY, NOW + 2 * DAY, "too_early")],
)
def test_a_certificate_counts_in_its_time(since, until, told):
    assert why(assertion(Signer(GATEWAY, chain(since=since, until=until)))) == told


def linked(*, use="root", until=NOW + DAY) -> Signer:
    """A gateway under another root, which the trusted one named its successor."""
    link = chain(ROOT, OTHER, use=use, until=until)
    return Signer(GATEWAY, f"{chain(OTHER)}.{link}")


def test_a_root_may_name_its_successor_and_cycles_go_on():
    assert why(assertion(linked())) == ""
    assert why(assertion(linked()), roots=(written(OTHER.public_key()),)) == ""


def test_a_gateway_can_name_no_root():
    assert why(assertion(linked(use="gateway"))) == "malformed"


def test_a_link_counts_in_its_time():
    assert why(assertion(linked(until=NOW - timedelta(hours=1)))) == "expired"


def test_a_link_by_a_stranger_leads_nowhere():
    stranger = Ed25519PrivateKey.generate()
    link = chain(stranger, OTHER, use="root")

    assert why(assertion(Signer(GATEWAY, f"{chain(OTHER)}.{link}"))) == "untrusted"


def opened(text, *, pinned=ROOTS, roots=ROOTS, **more) -> str:
    """Why an opening is refused; nothing when it is not."""
    asked = {key: value for key, value in {**ASKED, **more}.items() if key != "command"}
    try:
        prove_opening(text, pinned=pinned, roots=roots, now=NOW, **asked)
    except ActorNotProved as refused:
        return refused.why
    return ""


OPENED = assertion(command="claim_issue")


def test_whoever_opens_pins_roots_that_are_known_or_were_named_by_one():
    new, gateway = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    link = chain(ROOT, new, use="root")
    text = assertion(Signer(gateway, f"{chain(new, gateway)}.{link}"), command="claim_issue")
    named = (written(new.public_key()),)

    assert opened(OPENED) == opened(text, pinned=named) == opened(text, pinned=ROOTS) == ""
    assert opened(OPENED, pinned=named) == "untrusted"


@pytest.mark.parametrize("pinned", [(), (written(OTHER.public_key()),), (*ROOTS, "A" * 43)])
def test_whoever_opens_pins_no_root_of_anybody_else(pinned):
    assert opened(OPENED, pinned=pinned) == "untrusted"


def test_the_gateways_own_key_is_no_root_to_pin():
    assert opened(OPENED, pinned=(written(GATEWAY.public_key()),)) == "untrusted"


def test_an_assertion_for_a_command_opens_nothing():
    assert opened(assertion()) == "other_command"
