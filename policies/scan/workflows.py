"""What GitHub runs: is it well-formed (actionlint), is it safe (zizmor)."""

from collections.abc import Iterator
from pathlib import Path

from policies.scan import tool
from policies.scan.fault import Fault

FOLDER = Path(".github")
# Zizmor tells the highest severity that it has found by 11 to 14.
ZIZMOR_STATUSES = (0, 11, 12, 13, 14)


def safe(root: Path) -> Iterator[Fault]:
    options = ("--offline", "--quiet", "--persona=pedantic", "--format=json")
    text = tool.output("zizmor", *options, str(FOLDER), root=root, found=ZIZMOR_STATUSES)
    for finding in tool.parsed("zizmor", text):
        primary = [each for each in finding["locations"] if each["symbolic"]["kind"] == "Primary"]
        place = (primary or finding["locations"])[0]
        yield Fault(
            tool="zizmor",
            rule=finding["ident"],
            file=_file(place["symbolic"]["key"]),
            line=place["concrete"]["location"]["start_point"]["row"] + 1,
            message=f"{finding['desc']}: {place['symbolic']['annotation']}",
        )


def well_formed(root: Path) -> Iterator[Fault]:
    files = [str(file) for file in sorted((root / FOLDER / "workflows").glob("*.y*ml"))]
    text = tool.output("actionlint", "-format", "{{json .}}", *files, root=root)
    for finding in tool.parsed("actionlint", text):
        yield Fault(
            tool="actionlint",
            rule=finding["kind"],
            file=finding["filepath"].removeprefix(f"{root}/"),
            line=finding["line"],
            message=finding["message"],
        )


def _file(key: object) -> str:
    """Where the finding is, as zizmor spells it for a local file."""
    local = key.get("Local", {}) if isinstance(key, dict) else {}
    return str(local.get("verbatim_path") or local.get("given_path") or key)
