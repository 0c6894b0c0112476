"""The inputs that are kept of each target: one line of JSON each, as text with a byte a character.

A file a target, rather than one an input, keeps a thousand small files out of the tree.
"""

import json
from collections.abc import Iterable
from pathlib import Path

CORPUS = Path(__file__).parent / "corpus"


def load(target: str) -> list[bytes]:
    """Return a target's inputs, shortest first; none if it has no corpus yet."""
    file = CORPUS / f"{target}.jsonl"
    lines = file.read_text().splitlines() if file.exists() else []
    return [json.loads(line).encode("latin-1") for line in lines]


def save(target: str, inputs: Iterable[bytes]) -> None:
    """Replace a target's inputs."""
    ordered = sorted(set(inputs), key=lambda each: (len(each), each))
    lines = [json.dumps(each.decode("latin-1")) + "\n" for each in ordered]
    (CORPUS / f"{target}.jsonl").write_text("".join(lines))
