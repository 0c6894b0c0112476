"""Results of tests, as pytest writes them."""

from pathlib import Path

from review.test_results import SUITES

JUNIT = (
    '<testsuites><testsuite name="{tree}" tests="{tests}" failures="{failures}" errors="{errors}" '
    'skipped="2" time="3.5">{cases}</testsuite></testsuites>'
)
CASE = '<testcase classname="tests.{suite}.test_it" name="test_it[{number}]"/>'
COLLECTED = {suite: frozenset({f"tests.{suite}.test_it.test_it"}) for suite in SUITES}


def write(folder: Path, suite: str, tree: str, **counts: int) -> Path:
    """Write the results of a suite with ten cases of one test; return the folder."""
    told = {"tests": 10, "failures": 0, "errors": 0, **counts}
    cases = "".join(CASE.format(suite=suite, number=number) for number in range(told["tests"]))
    (folder / f"{suite}.xml").write_text(JUNIT.format(tree=tree, cases=cases, **told))
    return folder


def passed(folder: Path, tree: str) -> Path:
    """Write what "make test" leaves when everything has passed; return the folder."""
    write(folder, "functions", tree)
    return write(folder, "all", tree)
