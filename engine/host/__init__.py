"""The plugin host: finds plugins without importing them, loads and calls one at a time."""
