"""Any message of a dead-letter queue is a letter or none, and never stops a redrive."""

import json
from typing import Final

from fuzzing.targets.choices import Choices
from fuzzing.targets.events import EVENTS
from ops.dead_letters import named_objects, saved_event

BODIES: Final = (*EVENTS, *({"requestPayload": event} for event in EVENTS))
SEEDS: Final = [
    *(b"\1" + json.dumps(each).encode() for each in (*BODIES, [], "text", {"detail": []})),
    *(bytes([0, which, 1]) + bytes(range(40)) for which in range(len(BODIES))),
    b"\1no JSON",
]


def check(data: bytes) -> None:
    """Read the objects that a message names."""
    try:
        body = json.dumps(Choices(data).tree(BODIES))
    except (ValueError, RecursionError):
        body = data.decode(errors="replace")
    event = saved_event({"Body": body})
    for bucket, key, version in named_objects(event):
        assert isinstance(bucket, str)
        assert isinstance(key, str)
        assert isinstance(version, str)
    json.dumps(event)
