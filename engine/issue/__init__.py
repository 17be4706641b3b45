"""Rules of an issue: from being found to being signed off, and back when it rebounds."""
