"""The plan of a cycle: prescribed steps, local additions, and how they merge. Pure."""
