"""The results of this tree's tests: one JUnit XML file per make target, named after the tree.

A test can write a file like them, so that a suite counts as passed only if the tests in its file
are those that the sources have.
"""

import ast
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Any, TypeAlias
from xml.etree import ElementTree as ET

from policies import patterns
from policies.changes.suites import is_test

TOGETHER = "all"
# What each suite tests, and its folders.
SUITES: Mapping[str, Mapping[str, Any]] = patterns.beside(__file__)
FUNCTIONS = tuple(SUITES["functions"]["folders"])
PASSED, FAILED, NOT_RUN, ELSEWHERE = "passed", "failed", "not run here", "verified on AWS"
OTHERS = "not of this tree's tests"

# The tests of each suite, named as in its results but for the cases of each.
Tests: TypeAlias = Mapping[str, AbstractSet[str]]
# The results of a suite, as JSON data.
Suite: TypeAlias = Mapping[str, Any]


def collected(root: Path) -> Tests:
    """Return the tests that the sources in ``root`` have."""
    found: dict[str, set[str]] = {name: set() for name in SUITES}
    for file in sorted((root / "tests").rglob("test_*.py")):
        name = str(file.relative_to(root))
        module = name.removesuffix(".py").replace("/", ".")
        tests = filter(is_test, ast.walk(ast.parse(file.read_text())))
        named = [f"{module}.{test.name}" for test in tests]
        for suite, said in SUITES.items():
            is_functions = suite == "functions" or not name.startswith(FUNCTIONS)
            if is_functions and name.startswith(tuple(said["folders"])):
                found[suite].update(named)
    return found


def suites(folder: Path, tree: str, tests: Tests, *, on_aws: bool = False) -> list[Suite]:
    """Return a row for each suite that belongs to a commit, with counts, seconds and state.

    Results count if their file says that they are of ``tree``, and a suite has passed if they are
    of all its ``tests`` and of no others. A file that is no JUnit XML or has no test counts as a
    failure.
    """
    found = {file.stem: _suite(file) for file in sorted(folder.glob("*.xml"))}
    here = {name: suite for name, suite in found.items() if suite["tree"] in ("", tree)}
    return [
        _row(name, here.get(name), tests[name], on_aws=on_aws)
        for name in SUITES
        if name == "functions" or (name == TOGETHER) is (TOGETHER in here)
    ]


def _row(name: str, suite: Suite | None, tests: AbstractSet[str], *, on_aws: bool) -> Suite:
    counts = dict.fromkeys(("passed", "failed", "skipped", "seconds"), 0)
    state = ELSEWHERE if on_aws and "verified" in SUITES[name] else NOT_RUN
    if suite and (suite["failed"] or suite["tests"] == tests):
        counts = {key: suite[key] for key in counts}
        state = FAILED if suite["failed"] else PASSED
    elif suite:
        state = OTHERS
    return {"name": name, "what": SUITES[name]["what"], **counts, "state": state}


def _suite(file: Path) -> Suite:
    try:
        [suite] = ET.parse(file).getroot().iter("testsuite")  # noqa: S314  # our own tests' file
        cases = [(each.attrib["classname"], each.attrib["name"]) for each in suite.iter("testcase")]
        total, skipped = int(suite.attrib["tests"]), int(suite.attrib["skipped"])
    except (ET.ParseError, KeyError, ValueError):
        return {"tree": "", "passed": 0, "failed": 1, "skipped": 0, "seconds": 0.0}
    failed = int(suite.attrib["failures"]) + int(suite.attrib["errors"])
    # What is named "runTest" is the test of a state machine of Hypothesis.
    named = {f"{of}.{name.partition('[')[0]}" for of, name in cases if name != "runTest"}
    return {
        "tree": suite.attrib["name"] or "unknown",
        "tests": named if total == len(cases) else (),
        "passed": total - failed - skipped,
        "failed": failed if total else 1,
        "skipped": skipped,
        "seconds": float(suite.attrib["time"]),
    }
