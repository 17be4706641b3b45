"""The command line over the rules alone."""

from __future__ import annotations

from cli.conftest import plan, taizhang

__all__ = ["plan", "taizhang"]
