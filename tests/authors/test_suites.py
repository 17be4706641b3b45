"""``taizhang plugins test`` runs a plugin's own tests and says a true verdict."""

from __future__ import annotations

import pytest
from host.samples import GOOD, write_plugin

PASSING = "def test_it(plugin_host):\n    assert plugin_host.health()[0].status == 'loaded'\n"


@pytest.fixture
def folder(taizhang):
    place = taizhang.parts.settings.data_dir / "plugins"
    write_plugin(place, "good", GOOD)
    return place


def test_a_suite_that_passes_is_said_to(taizhang, folder):
    (folder / "good" / "test_good.py").write_text(PASSING)
    done = taizhang("plugins", "test", str(folder / "good"), "--lang", "en")

    assert (done.exit_code, done.stderr) == (0, "")
    assert "good: passed (1 passed" in done.stdout


def test_a_suite_that_fails_shows_where(taizhang, folder):
    (folder / "good" / "test_good.py").write_text("def test_it():\n    assert 1 == 2\n")
    done = taizhang("plugins", "test", str(folder / "good"), "--lang", "en")

    assert done.exit_code == 1
    assert "good: failed" in done.stdout
    assert "assert 1 == 2" in done.stderr


def test_no_test_is_no_pass(taizhang, folder):
    done = taizhang("plugins", "test", str(folder / "good"), "--lang", "en")

    assert done.exit_code == 1
    assert "there is not one test" in done.stderr


def test_a_folder_that_is_no_plugin_is_said_so(taizhang, folder):
    done = taizhang("plugins", "test", str(folder), "--lang", "en")

    assert (done.exit_code, done.stderr) == (1, f"there is no plugin.toml in {folder}\n")


def test_all_of_them_are_run_and_one_that_fails_fails_all(taizhang, folder):
    (folder / "good" / "test_good.py").write_text(PASSING)
    write_plugin(folder, "bad", GOOD)
    (folder / "bad" / "test_bad.py").write_text("def test_it():\n    assert 0\n")
    done = taizhang("plugins", "test", "--all", "--lang", "en")

    assert done.exit_code == 1
    assert "bad: failed" in done.stdout
    assert "good: passed" in done.stdout
    assert done.stderr.endswith("plugins that failed: 1\n")


@pytest.mark.parametrize(
    ("mark", "left"),
    [("skip", "1 skipped"), ("xfail(reason='later')", "1 xfailed"), ("xfail", "1 xpassed")],
)
def test_a_test_that_did_not_run_and_pass_fails_the_suite(taizhang, folder, mark, left):
    body = "assert 0" if left == "1 xfailed" else "pass"
    other = f"import pytest\n\n@pytest.mark.{mark}\ndef test_other():\n    {body}\n"
    (folder / "good" / "test_good.py").write_text(other + "\n\n" + PASSING)
    done = taizhang("plugins", "test", str(folder / "good"), "--lang", "en")

    assert done.exit_code == 1
    assert f"not every test ran and passed: {left}" in done.stderr
