"""The app, as the gates run it: under the settings of its ``cdk.json``, and under others.

What a construct does under another setting only, a deployer's own ``cdk.json`` switches on, or the
next edit of a setting. Nothing in the app may know which settings it is run under.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

from policies import patterns
from policies.command_line import Undetermined, run
from policies.finding import ONLY_UNDER, Finding
from policies.templates.assembly import Assembly, read

Settings: TypeAlias = Mapping[str, Any]

ROOT = Path(__file__).resolve().parents[1]
CDK_JSON, OUT = "cdk.json", "cdk.out"
DECLARED = "other_settings"
OTHER = f"policies/declared/{DECLARED}.toml"
UNDER = f"{ONLY_UNDER} {OTHER}"
# What names things has so many characters; how many days there are, or minutes, says something.
NAME = 4


def settings(cdk_json: str) -> Settings:
    """Return the settings in the text of a ``cdk.json``, without the flags of the CDK."""
    context = json.loads(cdk_json or "{}").get("context", {})
    return {key: value for key, value in context.items() if not key.startswith("@")}


@cache
def both_settings(cdk_json: Path = ROOT / CDK_JSON) -> tuple[Settings, Settings]:
    """Return the settings that the app has today, and another value for each of them.

    Raises ``Undetermined`` for a setting of which none is listed.
    """
    today, listed = settings(cdk_json.read_text()), patterns.declared(DECLARED)["values"]
    if missing := sorted(today.keys() - listed.keys()):
        raise Undetermined(f"{OTHER} has no values of {', '.join(missing)}: add two of each")
    return today, {
        key: next((each for each in values if each != today.get(key)), values[0])
        for key, values in listed.items()
    }


def synthesize(source: Path, folder: Path, over: Settings) -> None:
    """Write what the app in ``source`` makes to ``folder``, with settings ``over`` its own.

    Its own gate may be red, and writes it anyway. Raises ``Undetermined`` if nothing is written.
    """
    node, cdk = source / ".venv/bin/node", source / "node_modules/aws-cdk/bin/cdk"
    command = [str(node), str(cdk), "synth", "--quiet", "--no-notices", "--output", str(folder)]
    for key, value in over.items():
        command += ["--context", f"{key}={value if isinstance(value, str) else json.dumps(value)}"]
    done = run(command, source)
    if not (folder / "manifest.json").exists():
        raise Undetermined(f"no synthesis of {source}:\n{done.stdout}{done.stderr}")


def under_other_settings(folder: Path) -> Assembly:
    """Return the assembly that the app makes under other settings, written to ``folder``."""
    synthesize(ROOT, folder / OUT, both_settings()[1])
    return read(folder / OUT)


def only_there(found: Iterable[Finding], told: Iterable[Finding]) -> list[Finding]:
    """Return what is ``found`` under other settings, and not ``told`` without them.

    They are the same if they differ in names only that are settings. What a setting asks of its
    deployer by itself is left out as well.
    """
    asked, names = patterns.declared(DECLARED)["asked"], _names()
    known = {(names.sub("", each.rule), each.path) for each in told}
    return [
        replace(each, source=", ".join(filter(None, (each.source, UNDER))))
        for each in found
        if (names.sub("", each.rule), each.path) not in known
        and each.path not in asked.get(each.rule, ())
    ]


def _names() -> re.Pattern[str]:
    """Return what finds names that are settings, and an account as rows have it."""
    today, other = both_settings()
    values = (each.get(key) for each in (today, other) for key in other)
    names = {each for each in values if isinstance(each, str) and len(each) >= NAME}
    longest_first = sorted({*names, "{account}"}, key=len, reverse=True)
    return re.compile("|".join(f"-?{re.escape(each)}" for each in longest_first))
