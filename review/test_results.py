"""The results of the test runs: one JUnit XML file per make target."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET


def suites(folder: Path) -> list[Mapping[str, Any]]:
    """Return counts and seconds by file; a file that is not JUnit XML counts as one failure."""
    return [_suite(file) for file in sorted(folder.glob("*.xml"))]


def _suite(file: Path) -> Mapping[str, Any]:
    try:
        [suite] = ET.parse(file).getroot().iter("testsuite")  # noqa: S314  # our own tests' file
    except (ET.ParseError, ValueError):
        return {"name": file.stem, "passed": 0, "failed": 1, "skipped": 0, "seconds": 0.0}
    total, skipped = int(suite.attrib["tests"]), int(suite.attrib["skipped"])
    failed = int(suite.attrib["failures"]) + int(suite.attrib["errors"])
    return {
        "name": file.stem,
        "passed": total - failed - skipped,
        "failed": failed,
        "skipped": skipped,
        "seconds": float(suite.attrib["time"]),
    }
