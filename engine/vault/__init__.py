"""What is sensitive: sealed texts and names, one key per subject, every read on record."""
