"""Rules of a meeting cycle: preparation, the meeting, and what follows it."""
