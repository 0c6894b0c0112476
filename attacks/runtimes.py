"""Where the functions' code is, and the way to write other code into the processor's wiring."""

from attacks.attack import Attack, replace

PROCESSOR = "services/processor/runtime"
CONSUMER = "services/stream_consumer/runtime"
CLIENT = "services/aws_client"


def main(what: str, by: str, old: str, new: str) -> Attack:
    """Return an attack on the module that makes what the processor works with."""
    return Attack(what, replace(f"{PROCESSOR}/main.py", old, new), by=by)
