"""Scenarios: a cycle written down act by act, to be checked and played."""
