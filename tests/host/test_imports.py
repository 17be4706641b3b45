"""What a plugin may import is read from its files, at load and by whoever checks it."""

from __future__ import annotations

import pytest
from host.samples import GOOD, ask, write_plugin

from engine.host import Host, discover
from engine.host.check import problems
from engine.host.imports import strays

REFUSED = {
    "import engine.ledger.sql": "engine.ledger.sql",
    "from engine.ledger import sql": "engine.ledger.sql",
    "from engine.ledger.sql import open_ledger as o": "engine.ledger.sql.open_ledger",
    "import workflows": "workflows",
    "from workflows.stores import Stores": "workflows.stores.Stores",
    "import temporalio.client as t": "temporalio.client",
    "from plugins import open_door": "plugins.open_door",
    "from engine.testing import CAST": "engine.testing.CAST",
    "import importlib; importlib.import_module('engine.ledger')": "engine.ledger",
    "from importlib import import_module; import_module('workflows')": "workflows",
    "__import__('temporalio')": "temporalio",
    "import engine; engine.ledger.sql.open_ledger('')": "engine.ledger",
    "import engine as e; e.ledger": "engine.ledger",
    "def later():\n    from engine import ledger": "engine.ledger",
}
TAKEN = (
    "import engine; engine.today",
    "from engine import *",
    "import sqlite3, pydantic, engineering",
    "from . import ledger",
    "from .workflows import ledger",
    "import importlib; importlib.import_module('json')",
)


@pytest.mark.parametrize("code", REFUSED)
def test_nothing_of_the_engine_is_imported_but_its_public_names(tmp_path, code):
    write_plugin(tmp_path, "own", f"{GOOD}\n{code}\n")
    line = 6 if "\n" in code else 5

    zh, en = f"__init__.py 第 {line} 行:引用了 ", f"__init__.py line {line}: imports "
    (told,) = problems(tmp_path / "own")
    assert told.startswith(f"{zh}{REFUSED[code]},")
    assert f" | {en}{REFUSED[code]}, which is " in told


@pytest.mark.parametrize("code", TAKEN)
def test_public_names_other_packages_and_its_own_files_are_a_plugins_to_import(tmp_path, code):
    write_plugin(tmp_path, "own", code)

    assert list(strays(tmp_path / "own")) == []


def test_every_file_is_read_but_caches_and_what_is_hidden(tmp_path):
    write_plugin(tmp_path, "own", GOOD)
    for name in ("inner/deep.py", "build/copy.py", ".venv/lib/site.py", "broken.py"):
        file = tmp_path / "own" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("def (" if name == "broken.py" else "\nimport temporalio", "utf-8")

    assert [told.partition(" ")[0] for told in strays(tmp_path / "own")] == ["inner/deep.py"]


def test_tests_may_use_the_kit_and_nothing_else(tmp_path):
    write_plugin(tmp_path, "own", GOOD)
    test = tmp_path / "own" / "test_own.py"
    test.write_text("from engine.testing import CAST\nimport engine.ledger", "utf-8")

    assert [told.partition(",")[0] for told in strays(tmp_path / "own")] == [
        "test_own.py 第 2 行:引用了 engine.ledger"
    ]


def test_the_host_refuses_to_load_it_and_never_imports_it(tmp_path):
    seen = tmp_path / "imported"
    code = f"open({str(seen)!r}, 'w')\nimport engine.ledger\n{GOOD}"
    write_plugin(tmp_path, "own", code)
    (row,) = Host(discover(tmp_path, None)).load_all()

    assert (row.status, "line 2: imports engine.ledger" in row.error) == ("failed", True)
    assert ask(tmp_path, "own").error_code == "plugin_failed"
    assert not seen.exists()
