"""What is mended inside the emulator, because no call from outside could.

Each patch has a row in ``local.patched_gaps``, whose probe runs on an emulator without patches.
Part of the emulator's own environment: these modules import the standard library and, late, the
emulator.
"""
