"""What may be shown to the public, and what stops it before anybody can post it."""
