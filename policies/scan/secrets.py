"""Secrets in what would be committed, found by their form; nothing is asked of any provider."""

import json
from collections.abc import Iterator
from pathlib import Path

from policies.scan import tool
from policies.scan.fault import Fault, ToolError

# What is made here and never committed, named once more: the pipeline has no git to ask.
MADE = ("node_modules", "build", "cdk.out", "__pycache__", ".git", ".hypothesis")
MADE_ENDINGS = ("-venv", ".venv", "_cache")
OPTIONS = ("--no-banner", "--no-color", "--redact", "--log-level=error", "--jsonl", "--output=-")


def leaked(root: Path) -> Iterator[Fault]:
    lines = tool.output("betterleaks", *OPTIONS, *_sources(root), root=root).splitlines()
    rows = [json.loads(line) for line in lines if line.startswith("{")]
    if not any(row.get("scan", {}).get("state") == "complete" for row in rows):
        raise ToolError("betterleaks has not looked at everything")
    for row in rows:
        if found := row.get("finding"):
            yield Fault(
                tool="betterleaks",
                rule=found["rule_id"],
                file=found["location"]["path"].removeprefix(f"{root}/"),
                line=found["location"]["start_line"],
                message=f"{found['description']} Remove it, and revoke it where it was issued.",
            )


def _sources(root: Path) -> list[str]:
    """Few arguments: each one costs the tool as much as a hundred files."""
    return [str(path) for path in sorted(root.iterdir()) if not _made(path.name)]


def _made(name: str) -> bool:
    return name in MADE or name.endswith(MADE_ENDINGS)
