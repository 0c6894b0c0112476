"""Faults inside the emulator's process: of calls, of deliveries to functions, of replication.

Part of the emulator's own environment, like ``local.emulator_entry_point``: these modules import
the standard library, each other and, late, the emulator. ``local.faults`` asks for the faults.
Until it does, a call costs one comparison, and a delivery or a replicated write one more.
"""
