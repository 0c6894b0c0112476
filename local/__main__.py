"""``python -m local up|down|env|status``: the product on this machine, in an emulated AWS."""

import argparse
import json
import os
import shlex
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from local.cloud import Cloud
from local.errors import LocalCloudError
from local.isolation import REGIONS
from local.layout import DEFAULT_STATE

INTERRUPTED = 130


def up(options: argparse.Namespace) -> int:
    cloud = Cloud.start(options.state, assembly=options.assembly)
    _show(options, _status(cloud), f"{cloud.endpoint} is up; make env points aws at it")
    return 0


def down(options: argparse.Namespace) -> int:
    Cloud.remove(options.state)
    return 0


def env(options: argparse.Namespace) -> int:
    variables = _running(options).variables()
    lines = [f"export {name}={shlex.quote(value)}" for name, value in variables.items()]
    # A profile, a session token or one service's endpoint would win over what is exported.
    unwanted = [name for name in os.environ if name.startswith("AWS_") and name not in variables]
    unset = [f"unset {' '.join(unwanted)}"] if unwanted else []
    _show(options, variables, "\n".join([*unset, *lines]))
    return 0


def status(options: argparse.Namespace) -> int:
    """Exit code 3, as ``systemctl status`` has it, when it does not run."""
    cloud = Cloud.find(options.state)
    if cloud is None:
        _show(options, {"running": False}, "not running")
        return 3
    stacks = [f"  {region} {name} {state}" for region, name, state in _stacks(cloud)]
    _show(options, _status(cloud), "\n".join([f"running at {cloud.endpoint}", *stacks]))
    return 0


VERBS: dict[str, Callable[[argparse.Namespace], int]] = {
    "up": up,
    "down": down,
    "env": env,
    "status": status,
}


def _status(cloud: Cloud) -> dict[str, object]:
    return {"running": True, "endpoint": cloud.endpoint, "stacks": _stacks(cloud)}


def _stacks(cloud: Cloud) -> list[tuple[str, str, str]]:
    return [
        (region, stack["StackName"], stack["StackStatus"])
        for region in REGIONS
        for stack in cloud.stacks(region)
    ]


def _running(options: argparse.Namespace) -> Cloud:
    cloud = Cloud.find(options.state)
    if cloud is None:
        raise LocalCloudError("the local cloud isn't running: make up")
    return cloud


def _show(options: argparse.Namespace, value: object, text: str) -> None:
    print(json.dumps(value, indent=2) if options.json else text)


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m local", description=__doc__)
    parser.add_argument("verb", choices=VERBS)
    parser.add_argument("--state", type=Path, default=DEFAULT_STATE, help="the cloud's folder")
    parser.add_argument("--assembly", type=Path, help="deploy this one instead of synthesizing")
    parser.add_argument("--json", action="store_true", help="results for a program")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str]) -> int:
    options = _options(arguments)
    # Whoever stops us, as a person or as a build server, gets the same tidy end.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    try:
        return VERBS[options.verb](options)
    except LocalCloudError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return INTERRUPTED


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
