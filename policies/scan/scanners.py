"""What others' scanners say of the templates and of GitHub's workflows.

CloudFormation's own rules for every template are cfn-lint's and AWS's; actionlint says whether a
workflow is well-formed, and zizmor whether it is secure.
"""

from collections.abc import Iterator
from pathlib import Path

import cloudformation_validate

from policies.command_line import Undetermined
from policies.scan import tools

# The exit code is a sum: 2 for errors, 4 for warnings, 8 for information.
LINT_STATUSES = (0, 2, 4, 6, 8, 10, 12, 14)
GITHUB = Path(".github")
# Zizmor reports the highest severity that it found by 11 to 14.
ZIZMOR_STATUSES = (0, 11, 12, 13, 14)


def lint_templates(root: Path, assembly: Path) -> Iterator[tools.Row]:
    """Yield cfn-lint's findings."""
    arguments = ("--format", "json", *map(str, _templates(assembly)))
    for match in tools.parsed("cfn-lint", *arguments, root=root, found=LINT_STATUSES):
        line = match["Location"]["Start"]["LineNumber"]
        yield match["Rule"]["Id"], match["Filename"], line, match["Message"]


def validate(assembly: Path) -> Iterator[tools.Row]:
    """Yield the findings of AWS's own validation, without advice on style (below a warning)."""
    engine = cloudformation_validate.RegoEngine()
    for file in _templates(assembly):
        report = engine.validate_template(file)
        if report.status != cloudformation_validate.ReportStatus.OK:
            raise Undetermined(f"cloudformation-validate can't validate {file}: {report.status}")
        for found in report.diagnostics:
            if found.severity.name in ("FATAL", "ERROR", "WARN"):
                yield found.rule_id, str(file), found.start_line or 0, found.message


def audit(root: Path) -> Iterator[tools.Row]:
    """Yield zizmor's findings, each with its primary location."""
    options = ("--offline", "--quiet", "--persona=pedantic", "--format=json")
    for finding in tools.parsed("zizmor", *options, str(GITHUB), root=root, found=ZIZMOR_STATUSES):
        primary = [each for each in finding["locations"] if each["symbolic"]["kind"] == "Primary"]
        place = (primary or finding["locations"])[0]
        file = place["symbolic"]["key"]["Local"]["verbatim_path"]
        line = place["concrete"]["location"]["start_point"]["row"] + 1
        message = f"{finding['desc']}: {place['symbolic']['annotation']}"
        yield finding["ident"], file, line, message


def lint_workflows(root: Path) -> Iterator[tools.Row]:
    """Yield actionlint's findings."""
    files = [str(file) for file in sorted((root / GITHUB / "workflows").glob("*.y*ml"))]
    for finding in tools.parsed("actionlint", "-format", "{{json .}}", *files, root=root):
        yield finding["kind"], finding["filepath"], finding["line"], finding["message"]


def _templates(assembly: Path) -> list[Path]:
    files = sorted(assembly.rglob("*.template.json"))
    if not files:
        raise Undetermined(f"no templates in {assembly}; synthesize first: make synth")
    return files
