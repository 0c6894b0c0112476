"""The results of this tree's tests: one JUnit XML file per make target, named after the tree."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

# "make test" runs the functions' tests, and all others in one go.
TOGETHER = "all"
SUITES: Mapping[str, str] = {
    "functions": "functions and their bundles",
    "unit": "unit",
    "adapters": "calls of AWS",
    "infra": "templates, policies, architecture",
    "e2e": "end to end, on a local cloud",
}
# Of a commit that AWS gets, the verification of each region proves this on AWS itself.
PROVED_BY_VERIFICATION = ("e2e",)
PASSED, FAILED, NOT_RUN, ELSEWHERE = "passed", "failed", "not run here", "verified on AWS"


def suites(folder: Path, tree: str, *, on_aws: bool = False) -> list[Mapping[str, Any]]:
    """Return a row for each suite that belongs to a commit, with counts, seconds and state.

    Results count if their file says that they are of ``tree``. A file that is no JUnit XML or has
    no test counts as a failure.
    """
    found = {file.stem: _suite(file) for file in sorted(folder.glob("*.xml"))}
    here = {name: suite for name, suite in found.items() if suite["tree"] in ("", tree)}
    names = [name for name in SUITES if name == "functions" or TOGETHER not in here]
    if TOGETHER in here:
        names.append(TOGETHER)
    return [_row(name, here.get(name), on_aws=on_aws) for name in names]


def is_missing(suite: Mapping[str, Any]) -> bool:
    """Return whether a suite has no result of this tree."""
    return bool(suite["state"] == NOT_RUN)


def _row(name: str, suite: Mapping[str, Any] | None, *, on_aws: bool) -> Mapping[str, Any]:
    what = {"name": name, "what": SUITES.get(name, "all other tests")}
    if suite is None:
        elsewhere = on_aws and name in PROVED_BY_VERIFICATION
        nothing = dict.fromkeys(("passed", "failed", "skipped", "seconds"), 0)
        return {**what, **nothing, "state": ELSEWHERE if elsewhere else NOT_RUN}
    counts = {key: part for key, part in suite.items() if key != "tree"}
    return {**what, **counts, "state": FAILED if suite["failed"] else PASSED}


def _suite(file: Path) -> Mapping[str, Any]:
    try:
        [suite] = ET.parse(file).getroot().iter("testsuite")  # noqa: S314  # our own tests' file
        total, skipped = int(suite.attrib["tests"]), int(suite.attrib["skipped"])
    except (ET.ParseError, KeyError, ValueError):
        return {"tree": "", "passed": 0, "failed": 1, "skipped": 0, "seconds": 0.0}
    failed = int(suite.attrib["failures"]) + int(suite.attrib["errors"])
    return {
        "tree": suite.attrib["name"] or "unknown",
        "passed": total - failed - skipped,
        "failed": failed if total else 1,
        "skipped": skipped,
        "seconds": float(suite.attrib["time"]),
    }
