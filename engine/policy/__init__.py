"""Local policy: roles, thresholds, day counts and calendars, as versioned data."""
