"""The machine room: everything that speaks to Temporal."""
