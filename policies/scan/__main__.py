"""Scans the templates, the workflows and the tree: ``python -m policies.scan``, offline.

Runs in the environment of its tools. Exit 0 when there is no fault, 1 when there is, 2 when a tool
could not do its work.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path

from policies.scan import accepted, secrets, templates, workflows
from policies.scan.fault import Fault, ToolError

TOOLS = ("cfn-lint", "cloudformation-validate", "zizmor", "actionlint", "betterleaks")

Scan = Callable[[], Iterable[Fault]]


def main(arguments: Sequence[str]) -> int:
    options = _options(arguments)
    root, assembly = options.root.resolve(), options.assembly.resolve()
    scans: dict[str, Scan] = {
        "cfn-lint": partial(templates.lint, root, assembly),
        "cloudformation-validate": partial(templates.validate, root, assembly),
        "zizmor": partial(workflows.safe, root),
        "actionlint": partial(workflows.well_formed, root),
        "betterleaks": partial(secrets.leaked, root),
    }
    chosen = options.only or list(scans)
    try:
        faults = [fault for name in chosen for fault in _timed(name, scans[name])]
    except ToolError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    rows = [row for row in accepted.load(options.accepted) if row.tool in chosen]
    found = accepted.remaining(faults, rows)
    if options.json:
        print(json.dumps([asdict(fault) for fault in found], indent=2))
    else:
        print("\n\n".join([*map(str, found), _summary(found, len(faults))]))
    return 1 if found else 0


def _timed(name: str, scan: Scan) -> list[Fault]:
    started = time.monotonic()
    faults = list(scan())
    print(f"{time.monotonic() - started:6.1f} s  {name}", file=sys.stderr)
    return faults


def _summary(found: Sequence[Fault], total: int) -> str:
    colour = f"RED, {len(found)} fault(s)" if found else "green"
    return f"scan: {colour}; {total - len(found)} accepted in policies/scan/accepted.toml"


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m policies.scan", description=__doc__)
    parser.add_argument("--root", type=Path, default=Path())
    parser.add_argument("--assembly", type=Path, default=Path("cdk.out"))
    parser.add_argument("--accepted", type=Path, default=accepted.FILE)
    parser.add_argument("--only", action="append", choices=TOOLS, help="one tool of them")
    parser.add_argument("--json", action="store_true", help="print the faults as JSON")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
