"""Rules of a campaign: bodies in tiers, what each has done, counts that go upward."""
