"""Results of tests, as pytest writes them."""

from pathlib import Path

JUNIT = (
    '<testsuites><testsuite name="{tree}" tests="{tests}" failures="{failures}" errors="{errors}" '
    'skipped="2" time="3.5"></testsuite></testsuites>'
)


def write(folder: Path, suite: str, tree: str, **counts: int) -> Path:
    """Write the results of a suite of ten tests; return the folder."""
    told = {"tests": 10, "failures": 0, "errors": 0, **counts}
    (folder / f"{suite}.xml").write_text(JUNIT.format(tree=tree, **told))
    return folder


def passed(folder: Path, tree: str) -> Path:
    """Write what "make test" leaves when everything has passed; return the folder."""
    write(folder, "functions", tree)
    return write(folder, "all", tree)
