"""What is raised when a play does not go as its file says."""

from __future__ import annotations


class OffScriptError(Exception):
    """The engine, or a plugin, answered otherwise than the scenario says; ``zh | en``."""
