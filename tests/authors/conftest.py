"""The command line over the rules alone, with plugins of its own."""

from __future__ import annotations

import pytest
from cli.conftest import terminal

from engine.host.health import listing


@pytest.fixture
def taizhang(tmp_path):
    """A command line whose plugins lie in the folder ``plugins`` of its data."""
    data = tmp_path / "data"
    (data / "plugins").mkdir(parents=True)
    return terminal(data, ()).but(plugins=lambda: listing(data / "plugins", None))
