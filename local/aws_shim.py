"""The ``aws`` that comes first in the shell of ``make env``: it runs the next one, or refuses to.

It refuses whatever would go to AWS although the shell names the local cloud: a version that does
not know ``AWS_ENDPOINT_URL``, an option or a variable that names another endpoint, and a
Multi-Region Access Point, for which the command line asks AWS itself. To all others it gives the
endpoint as an option, because version 1 ignores the variable for SQS, RDS and a few more. It runs
without the project's packages, as ``python -IS aws_shim.py FOLDER ARGUMENT…``; ``FOLDER`` is its
own on the ``PATH``.
"""

import ipaddress
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit

REFUSED, NOT_FOUND = 3, 127
# The first versions that read AWS_ENDPOINT_URL, by major version.
SINCE = {1: (1, 29), 2: (2, 13)}
VERSION = re.compile(r"aws-cli/(\d+)\.(\d+)[\w.]*")
ENDPOINT = "--endpoint-url"
PROFILE = "--profile"
SHORTEST_OPTION = "--en"  # options can be abbreviated
MULTI_REGION_ACCESS_POINT = re.compile(r"arn:[\w-]+:s3::\d*:accesspoint[:/]")
ELSEWHERE = "to use AWS, open another shell"


def find(path: str, folder: Path) -> str | None:
    """Return the first ``aws`` on ``path`` outside ``folder``, ``None`` if there is none."""
    places = [place for place in path.split(os.pathsep) if place and Path(place) != folder]
    return shutil.which("aws", path=os.pathsep.join(places))


def too_old(program: str) -> str:
    """Return why this ``aws`` can't be used with a local endpoint; nothing if it can."""
    answer = subprocess.run(  # noqa: S603  # on the PATH of the person
        [program, "--version"], capture_output=True, text=True, errors="replace", check=False
    )
    found = VERSION.search(answer.stdout + answer.stderr)
    if found is None:
        return f"{program} does not say which version it is"
    version = int(found[1]), int(found[2])
    if version >= SINCE.get(version[0], (0, 0)):
        return ""
    return (
        f"{program} is {found[0]}, which ignores AWS_ENDPOINT_URL and would ask AWS; "
        "install the AWS CLI 2.13 or newer (or 1.29 or newer: pip install --upgrade awscli)"
    )


def objection(arguments: Sequence[str], environ: Mapping[str, str]) -> str:
    """Return why these arguments, with these variables, would go to AWS; nothing otherwise."""
    for argument, following in zip(arguments, [*arguments, ""][1:], strict=True):
        option, equals, value = argument.partition("=")
        if _abbreviates(option, PROFILE):
            return f"{PROFILE} names an account of AWS, and this shell is the local cloud's"
        if _abbreviates(option, ENDPOINT) and not _is_loopback(value if equals else following):
            return f"{option} names an endpoint that is not on this machine"
        if MULTI_REGION_ACCESS_POINT.search(argument):
            return "for a Multi-Region Access Point aws asks AWS; name the bucket, or use ops"
    return _misleading(environ)


def _misleading(environ: Mapping[str, str]) -> str:
    """Return which variable was changed after ``make env`` so that it leads elsewhere."""
    if environ.get("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "").lower() == "true":
        return "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS is set"
    if environ.get("AWS_PROFILE"):
        return "AWS_PROFILE names an account of AWS, and this shell is the local cloud's"
    names = {name for name in environ if name.startswith("AWS_ENDPOINT_URL_")}
    for name in sorted({"AWS_ENDPOINT_URL", *names}):
        if not _is_loopback(environ.get(name, "")):
            return f"{name} does not name an endpoint on this machine"
    return ""


def led(arguments: Sequence[str], endpoint: str) -> list[str]:
    """Return the arguments with the endpoint as an option, unless they name one."""
    named = any(_abbreviates(each.partition("=")[0], ENDPOINT) for each in arguments)
    return [*arguments] if named else [ENDPOINT, endpoint, *arguments]


def _abbreviates(option: str, whole: str) -> bool:
    return len(option) >= len(SHORTEST_OPTION) and whole.startswith(option)


def _is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def main(folder: str, *arguments: str) -> int:
    """Become the next ``aws``, or say in one sentence why not."""
    program = find(os.environ.get("PATH", ""), Path(folder))
    if program is None:
        print("aws: the AWS CLI is not installed; ops and make demo need none", file=sys.stderr)
        return NOT_FOUND
    reason = objection(arguments, os.environ)
    if reason := (f"{reason}; {ELSEWHERE}" if reason else too_old(program)):
        print(f"aws: refused: {reason}", file=sys.stderr)
        return REFUSED
    words = [program, *led(arguments, os.environ["AWS_ENDPOINT_URL"])]
    return os.execv(program, words)  # noqa: S606  # it is what was asked for


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
