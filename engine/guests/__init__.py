"""Links for representatives: one meeting, one device, and nothing but their own part."""
