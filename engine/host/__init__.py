"""The plugin host: finds plugins without importing them, loads and calls one at a time."""

from engine.host.discovery import discover, roster
from engine.host.health import HEALTH_FILE, PluginHealth, leave, listing
from engine.host.host import Host

__all__ = ["HEALTH_FILE", "Host", "PluginHealth", "discover", "leave", "listing", "roster"]
