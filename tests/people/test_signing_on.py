"""Signing in as people do: the program in a process of its own, a browser, a provider."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import signal
import socket
import subprocess
import sys
import termios
import time
from datetime import timedelta
from inspect import signature
from pathlib import Path
from threading import Timer
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from engine.cli.parts import Stopped
from engine.people.native import signed_on
from engine.people.oidc import SingleSignOn
from engine.people.organisation import Change, Named
from engine.people.refusals import PassageOver, SignInRefused
from engine.private import write_private
from engine.settings import Settings
from workflows.embedded import free_port
from workflows.signing_on import provider
from workflows.stores import Stores

from .conftest import SEALED, TREE, browsed, member

ROOT = Path(__file__).parents[2]
PASSWORD, OTHER = "correct horse battery", "staple, again staple"
TOKEN = re.compile(r"s[\w-]{43}")


class Machine:
    """A data folder, the program over it, and a provider that knows this machine."""

    def __init__(self, folder: Path, issuer: str) -> None:
        self.folder, self.redirect = folder, f"http://127.0.0.1:{free_port()}/callback"
        asked = {
            "redirect_uris": [self.redirect],
            "token_endpoint_auth_method": "client_secret_basic",
        }
        made = requests.post(f"{issuer}/oauth2/clients", json=asked, timeout=10).json()
        self.env = {
            "TAIZHANG_DATA_DIR": str(folder), "TAIZHANG_LANG": "en",
            "TAIZHANG_OIDC_ISSUER": issuer, "TAIZHANG_OIDC_CLIENT_ID": made["client_id"],
            "TAIZHANG_OIDC_CLIENT_SECRET": made["client_secret"],
            "TAIZHANG_OIDC_REDIRECT": self.redirect,
        }  # fmt: skip
        people = Stores(Settings(data_dir=folder), guarded=True).people
        people.organisation.apply(
            Change(
                units=TREE, persons=(Named(id="m01", name=SEALED),),
                memberships=(member("m01", unit="b1", role="branch_secretary"),),
            ),
            by="root",
        )  # fmt: skip
        people.accounts.give("m01", PASSWORD, login="wang", by="m01")
        people.identities.link("m01", issuer, "wang@example", by="root")
        self.people = people

    def started(self, *words, token="", **more):
        kept = {k: v for k, v in os.environ.items() if not k.startswith("TAIZHANG_")}
        env = {**kept, **self.env, **more.pop("env", {})}
        if token:
            env["TAIZHANG_TOKEN"] = token
        process = subprocess.Popen(
            [sys.executable, "-m", "workflows.main", *words], cwd=ROOT, env=env, text=True,
            **{"stdin": subprocess.PIPE, "stdout": subprocess.PIPE,
               "stderr": subprocess.PIPE, "preexec_fn": interruptible, **more},
        )  # fmt: skip
        overdue = Timer(60, process.kill)  # a test may fail, and waits for nobody for ever
        overdue.daemon = True
        overdue.start()
        return process

    def __call__(self, *words, stdin="", **more):
        process = self.started(*words, **more)
        out, said = process.communicate(stdin, timeout=60)
        return process.returncode, out, said

    def browser(self, **env) -> Browser:
        """Ask for single sign-on, and return a browser that was told where to begin."""
        process = self.started("people", "sign-in", "--sso", env=env)
        said = process.stderr.readline() + process.stderr.readline()
        found = re.search(r"https?://\S+", said)
        if found is None:
            process.kill()
            pytest.fail(said + process.stderr.read())
        return Browser(process, found[0], said, self.redirect)


def interruptible() -> None:
    """A shell's background job ignores Ctrl-C; what a person starts does not."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


class Browser:
    """What a person has open beside the terminal."""

    def __init__(self, process, url, said, redirect) -> None:
        self.process, self.url, self.said, self.redirect = process, url, said, redirect
        self.state = parse_qs(urlsplit(url).query)["state"][0]

    def __enter__(self) -> Browser:
        return self

    def __exit__(self, *_) -> None:
        self.process.kill()
        self.process.communicate()

    def get(self, url):
        return requests.get(url, timeout=10, allow_redirects=False)

    def ended(self):
        out, said = self.process.communicate(timeout=30)
        return self.process.returncode, out, self.said + said


@pytest.fixture(scope="module")
def machine(issuer, tmp_path_factory) -> Machine:
    return Machine(tmp_path_factory.mktemp("machine"), issuer)


def files_with(folder: Path, secret: str) -> list[str]:
    kept = [path for path in folder.rglob("*") if path.is_file()]
    assert kept
    return [path.name for path in kept if secret.encode() in path.read_bytes()]


def signed_in(machine, **more) -> str:
    code, out, said = machine(
        "people", "sign-in", "wang", "--stdin", stdin=f"{PASSWORD}\n", **more
    )
    assert (code, TOKEN.fullmatch(out.strip()) is not None) == (0, True), said
    assert out.strip() not in said
    return out.strip()


def test_by_password_a_session_begins_serves_and_ends_and_is_kept_nowhere(machine):
    token = signed_in(machine)
    read = ("people", "show", "m01")

    assert machine(*read)[0] == 1
    assert machine(*read, token=token)[0] == 0
    assert machine("people", "sign-out", token=token) == (0, "signed out\n", "")
    code, out, said = machine(*read, token=token)
    assert (code, out, "[session_over]" in said) == (1, "", True)
    assert not files_with(machine.folder, token)
    assert not files_with(machine.folder, PASSWORD)


def test_on_a_terminal_the_password_is_typed_unseen_and_stdout_is_the_token_alone(machine):
    ours, theirs = pty.openpty()

    def beside() -> None:
        os.setsid()
        fcntl.ioctl(theirs, termios.TIOCSCTTY, 0)

    process = machine.started("people", "sign-in", "wang", stdin=theirs, preexec_fn=beside)
    os.close(theirs)
    asked = process.stderr.read(len("password:"))
    os.read(ours, 100)  # the terminal's own prompt: from here on nothing is echoed
    os.write(ours, f"{PASSWORD}\n".encode())
    out, said = process.communicate(timeout=30)
    shown = os.read(ours, 1000)
    os.close(ours)

    assert asked == "password:"
    assert process.returncode == 0, said
    assert machine.people.accounts.whose(out.strip()) == "m01"
    assert TOKEN.fullmatch(out.removesuffix("\n"))
    assert PASSWORD.encode() not in shown
    assert PASSWORD not in said


def test_every_process_counts_the_same_failures_and_a_new_password_lifts_the_lock_out(machine):
    for _ in range(4):
        with pytest.raises(SignInRefused):
            machine.people.accounts.sign_in("wang", OTHER, address="elsewhere")
    asked = ("people", "sign-in", "wang", "--stdin")
    tried = [machine(*asked, stdin=f"{typed}\n") for typed in (OTHER, PASSWORD)]
    machine.people.accounts.set_password("m01", PASSWORD, by="root")

    assert {(code, out) for code, out, _ in tried} == {(1, "")}
    assert all("[sign_in_refused]" in said for _, _, said in tried)
    assert signed_in(machine)


def test_by_a_browser_who_is_linked_gets_a_session_and_no_page_shows_it(machine):
    with machine.browser() as browser:
        page = browser.get(browsed(browser.url, "wang@example"))
        code, out, said = browser.ended()

    assert (code, page.status_code) == (0, 200), said
    assert machine.people.accounts.whose(out.removesuffix("\n")) == "m01"
    assert TOKEN.fullmatch(out.removesuffix("\n"))
    assert "此窗口可以关闭" in page.text
    assert "You may close this window" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    for shown in (page.text, str(page.headers), said):
        assert out.strip() not in shown
    assert not files_with(machine.folder, out.strip())
    assert machine("people", "show", "m01", token=out.strip())[0] == 0


def test_strays_and_forgeries_neither_end_it_nor_admit_anybody(machine):
    with machine.browser() as browser:
        root = browser.redirect.removesuffix("/callback")
        host, port = urlsplit(root).hostname, urlsplit(root).port
        silent = socket.create_connection((host, port))
        hung_up = socket.create_connection((host, port))
        hung_up.sendall(b"GET /callback?state=")
        hung_up.close()
        strays = [
            f"{root}/favicon.ico", root, browser.redirect,
            f"{browser.redirect}?state=guessed&code=x", f"{browser.redirect}?code=x",
            f"{browser.redirect}?error=access_denied", f"{root}/other?state={browser.state}",
            f"{browser.redirect}?state=%ff&code=x",
        ]  # fmt: skip
        told = [browser.get(url) for url in strays]
        posted = requests.post(browser.redirect, data={"state": browser.state}, timeout=10)
        assert browser.process.poll() is None
        browser.get(browsed(browser.url, "wang@example"))
        code, out, said = browser.ended()
        silent.close()

    assert {answer.status_code for answer in told} == {404}
    assert posted.status_code == 501
    assert code == 0, said
    assert machine.people.accounts.whose(out.strip()) == "m01"
    assert "Traceback" not in said


def test_a_forged_code_with_the_right_state_admits_nobody(machine):
    with machine.browser() as browser:
        browser.get(f"{browser.redirect}?state={browser.state}&code=forged")
        code, out, said = browser.ended()

    assert (code, out) == (1, "")
    assert "invalid_grant" in said
    assert "[provider_failed]" in said


def test_who_denies_or_is_not_linked_is_told_so(machine):
    with machine.browser() as browser:
        browser.get(f"{browser.redirect}?state={browser.state}&error=access_denied")
        denied = browser.ended()
    with machine.browser() as browser:
        browser.get(browsed(browser.url, "stranger@example"))
        unknown = browser.ended()

    assert (denied[:2], "single sign-on failed (denied)" in denied[2]) == ((1, ""), True)
    assert (unknown[:2], "[not_linked]" in unknown[2]) == ((1, ""), True)


def test_ctrl_c_ends_it_cleanly_and_frees_the_address(machine):
    with machine.browser() as browser:
        browser.process.send_signal(signal.SIGINT)
        code, out, said = browser.ended()

    assert (code, out) == (1, "")
    assert said.splitlines()[-1] == "cancelled; nobody is signed in"
    assert "Traceback" not in said
    with pytest.raises(requests.ConnectionError):
        browser.get(browser.redirect)


def test_an_address_that_is_taken_and_a_provider_that_is_away_are_said(machine):
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", urlsplit(machine.redirect).port))
        taken.listen()
        code, out, said = machine("people", "sign-in", "--sso")
    assert (code, out) == (1, "")
    assert "TAIZHANG_OIDC_REDIRECT" in said
    assert "[not_listening]" in said

    away = {"TAIZHANG_OIDC_ISSUER": "http://127.0.0.1:1"}
    code, out, said = machine("people", "sign-in", "--sso", env=away)
    assert (code, out) == (1, "")
    assert "single sign-on failed (unreachable)" in said


def test_whatever_is_not_configured_is_said_at_once(machine):
    nothing = dict.fromkeys((name for name in machine.env if "OIDC" in name), "")
    code, out, said = machine("people", "sign-in", "--sso", env=nothing)

    assert (code, out) == (2, "")
    assert len(said.splitlines()) == 4
    for name in ("ISSUER", "CLIENT_ID", "CLIENT_SECRET_FILE", "REDIRECT"):
        assert f"TAIZHANG_OIDC_{name}" in said


def settings(folder, **changed) -> Settings:
    given = {
        "oidc_issuer": "https://id.example", "oidc_client_id": "c",
        "oidc_client_secret": "s3cr3t", "data_dir": folder,
    }  # fmt: skip
    return Settings(**{**given, **changed})


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"oidc_issuer": "http://id.example"}, "OIDC_ISSUER"),
        ({"oidc_redirect": "http://localhost:8765/callback"}, "OIDC_REDIRECT"),
        ({"oidc_redirect": "http://0.0.0.0:8765/callback"}, "OIDC_REDIRECT"),
        ({"oidc_redirect": "https://id.example/callback"}, "OIDC_REDIRECT"),
        ({"oidc_redirect": "http://127.0.0.1/callback"}, "OIDC_REDIRECT"),
        ({"oidc_redirect": "http://127.0.0.1:99999/callback"}, "OIDC_REDIRECT"),
    ],
)
def test_a_setting_that_will_not_do_is_named_without_its_secrets(tmp_path, changed, named):
    with pytest.raises(Stopped) as stopped:
        provider(settings(tmp_path, **changed))

    (line,) = stopped.value.lines
    assert line.count(f"TAIZHANG_{named}") == 2
    assert "s3cr3t" not in str(stopped.value)


def test_the_client_secret_comes_from_a_file_that_is_its_owners_alone(tmp_path):
    file = tmp_path / "secret"
    write_private(file, b"s3cr3t\n")
    given = settings(tmp_path, oidc_client_secret=None, oidc_client_secret_file=file)

    assert provider(given).client_secret.get_secret_value() == "s3cr3t"
    assert "s3cr3t" not in repr(provider(given))
    file.chmod(0o644)
    with pytest.raises(Stopped, match="chmod 600"):
        provider(given)
    file.unlink()
    with pytest.raises(Stopped, match="cannot read file"):
        provider(given)


def test_an_answer_that_does_not_come_in_time_is_too_late(machine):
    registered = provider(Settings(**{k[9:].lower(): v for k, v in machine.env.items()}))
    sso = SingleSignOn(registered, machine.people.accounts, machine.people.identities)

    begun = time.monotonic()

    with pytest.raises(PassageOver):
        signed_on(sso, registered.redirect_uri, str, within=timedelta(seconds=0.2))
    assert time.monotonic() - begun < 5
    assert signature(signed_on).parameters["within"].default == timedelta(minutes=10)
