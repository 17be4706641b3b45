"""The memory: append-only events with one global position and a hash chain."""
