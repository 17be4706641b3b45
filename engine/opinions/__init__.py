"""Opinions sought before a meeting: who may answer, what was said, never who said what."""
