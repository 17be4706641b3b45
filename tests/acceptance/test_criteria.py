"""``taizhang plugins accept`` finds out what is not met, whatever hides it."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest

from engine.testing.acceptance import CRITERIA, criteria

ROOT = Path(__file__).parents[2]
PASSES = "def test_it():\n    assert True\n"
BROKEN = {
    "fails": ("pytest test_it.py", "def test_it():\n    assert False\n", "1 failed"),
    "skips": (
        "pytest test_it.py",
        f"import pytest\n{PASSES}@pytest.mark.skip\n{PASSES.replace('_it', '_not')}",
        "1 skipped",
    ),
    "xfails": (
        "pytest test_it.py",
        "import pytest\n@pytest.mark.xfail\ndef test_it():\n    assert False\n",
        "no test passed",
    ),
    "is empty": ("pytest test_it.py", "", "no test passed"),
    "is not there": ("pytest nowhere.py", PASSES, "no test passed"),
    "ends otherwise": ("python -c 'raise SystemExit(3)'", PASSES, "ended with 3, not 0"),
    "is no program": ("nonsense-of-nobody", PASSES, "FileNotFoundError"),
}


@pytest.fixture
def project(tmp_path):
    """A project with one criterion."""

    def written(run, code=PASSES, more=""):
        file = tmp_path / CRITERIA
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(
            f'[[criterion]]\nnumber = 1\nzh = "一"\nen = "one"\n'
            f"[[criterion.check]]\nrun = {json.dumps(run)}\n{more}\n",
            "utf-8",
        )
        (tmp_path / "test_it.py").write_text(code, "utf-8")
        return str(tmp_path)

    return written


def test_a_criterion_that_is_met_is_told_with_its_command_and_tests(taizhang, project):
    done = taizhang("plugins", "accept", project("pytest test_it.py"), "--json")
    told = json.loads(done.stdout)

    assert done.exit_code == 0
    assert (told["passed"], told["of"]) == (1, 1)
    assert told["criteria"][0]["tests"] == 1
    assert told["criteria"][0]["commands"] == ["pytest test_it.py"]


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_not_met_is_said_with_the_reason(taizhang, project, name):
    run, code, reason = BROKEN[name]
    done = taizhang("plugins", "accept", project(run, code), "--json")
    told = json.loads(done.stdout)

    assert done.exit_code == 1
    assert told["passed"] == 0
    assert reason in "\n".join(told["criteria"][0]["wrong"])


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ('says = ["nothing"]', "does not say 'nothing'"),
        ("lengths = { digests = 2 }", "digests has 1 entries, not 2"),
        ("exit = 1", "ended with 0, not 1"),
    ],
)
def test_what_a_command_owes_is_looked_at(taizhang, project, more, reason):
    run = 'python -c \'print("{\\"digests\\": [1]}")\''
    done = taizhang("plugins", "accept", project(run, more=more), "--lang", "en")

    assert done.exit_code == 1
    assert reason in done.stdout
    assert "0/1 met" in done.stdout


def test_outside_a_checkout_it_says_where_to_run_it(taizhang, tmp_path):
    done = taizhang("plugins", "accept", str(tmp_path))

    assert done.exit_code == 2
    assert "criteria.toml" in done.stderr


def test_there_are_twenty_criteria_and_every_file_they_name_is_there():
    known = criteria(ROOT)
    named = [
        w for c in known for each in c.check for w in shlex.split(each.run) if "tests/" in w
    ]

    assert [one.number for one in known] == [*range(1, 21)]
    assert not [word for word in named if not list(ROOT.glob(word))]
