"""``make drill``: faults, the operator's commands, and an oracle, on a local cloud of its own."""
