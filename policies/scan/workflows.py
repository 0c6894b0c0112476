"""GitHub's workflows: whether they are well-formed (actionlint) and secure (zizmor)."""

from collections.abc import Iterator
from pathlib import Path

from policies.finding import Finding
from policies.scan import tools

FOLDER = Path(".github")
# Zizmor reports the highest severity that it found by 11 to 14.
ZIZMOR_STATUSES = (0, 11, 12, 13, 14)


def audit(root: Path) -> Iterator[Finding]:
    """Yield zizmor's findings, each with its primary location."""
    options = ("--offline", "--quiet", "--persona=pedantic", "--format=json")
    found = tools.parsed("zizmor", *options, str(FOLDER), root=root, found=ZIZMOR_STATUSES)
    for finding in found:
        primary = [each for each in finding["locations"] if each["symbolic"]["kind"] == "Primary"]
        place = (primary or finding["locations"])[0]
        yield tools.finding(
            tool="zizmor",
            rule=finding["ident"],
            file=_file(place["symbolic"]["key"]),
            line=place["concrete"]["location"]["start_point"]["row"] + 1,
            message=f"{finding['desc']}: {place['symbolic']['annotation']}",
        )


def lint(root: Path) -> Iterator[Finding]:
    """Yield actionlint's findings."""
    files = [str(file) for file in sorted((root / FOLDER / "workflows").glob("*.y*ml"))]
    for finding in tools.parsed("actionlint", "-format", "{{json .}}", *files, root=root):
        yield tools.finding(
            tool="actionlint",
            rule=finding["kind"],
            file=finding["filepath"].removeprefix(f"{root}/"),
            line=finding["line"],
            message=finding["message"],
        )


def _file(key: object) -> str:
    """Return the path of a finding, by the key that zizmor gives a local file."""
    local = key.get("Local", {}) if isinstance(key, dict) else {}
    return str(local.get("verbatim_path") or local.get("given_path") or key)
