"""The same acts for a terminal; speaks to the gateway and to what may be read."""
