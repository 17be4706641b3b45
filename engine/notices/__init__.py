"""Notices to persons: letters from events, one digest a person and day, posts, deliveries."""
