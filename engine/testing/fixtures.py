"""The fixtures pytest finds wherever Taizhang is installed; no ``conftest.py`` is needed."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.host.manifest import MANIFEST
from engine.testing import CycleWithoutServer, PluginHost


@pytest.fixture
def plugin_folder(request: pytest.FixtureRequest) -> Path:
    """Return the folder of the plugin whose test asks: the nearest with a ``plugin.toml``."""
    for folder in request.path.parents:
        if (folder / MANIFEST).is_file():
            return folder
    pytest.fail(f"{request.path} lies in no folder with a {MANIFEST}")


@pytest.fixture
def plugin_host(plugin_folder: Path) -> PluginHost:
    """Return a host that has this plugin and looks for no other."""
    return PluginHost(plugin_folder)


@pytest.fixture
def cycle_without_server(plugin_host: PluginHost) -> CycleWithoutServer:
    """Return a cycle planned with this plugin; ``open`` it first."""
    return CycleWithoutServer(plugin_host)
