"""CloudFormation's own rules for every synthesized template: cfn-lint and AWS's schemas."""

from collections.abc import Iterator
from pathlib import Path

import cloudformation_validate

from policies.finding import Finding
from policies.scan import tools
from policies.scan.tools import ToolError

# The exit code is a sum: 2 for errors, 4 for warnings, 8 for information.
LINT_STATUSES = (0, 2, 4, 6, 8, 10, 12, 14)
LEVELS = ("FATAL", "ERROR", "WARN")


def lint(root: Path, assembly: Path) -> Iterator[Finding]:
    """Yield cfn-lint's findings."""
    files = [str(file) for file in _templates(assembly)]
    options = ("--format", "json")
    for match in tools.parsed("cfn-lint", *options, *files, root=root, found=LINT_STATUSES):
        yield tools.finding(
            tool="cfn-lint",
            rule=match["Rule"]["Id"],
            file=match["Filename"].removeprefix(f"{root}/"),
            line=match["Location"]["Start"]["LineNumber"],
            message=match["Message"],
        )


def validate(root: Path, assembly: Path) -> Iterator[Finding]:
    """Yield the findings of AWS's own validation, without advice on style (below a warning)."""
    engine = cloudformation_validate.RegoEngine()
    for file in _templates(assembly):
        report = engine.validate_template(file)
        if report.status != cloudformation_validate.ReportStatus.OK:
            raise ToolError(f"cloudformation-validate could not validate {file}: {report.status}")
        for found in report.diagnostics:
            if found.severity.name in LEVELS:
                yield tools.finding(
                    tool="cloudformation-validate",
                    rule=found.rule_id,
                    file=str(file).removeprefix(f"{root}/"),
                    line=found.start_line or 0,
                    message=found.message,
                )


def _templates(assembly: Path) -> list[Path]:
    files = sorted(assembly.rglob("*.template.json"))
    if not files:
        raise ToolError(f"no templates in {assembly}; synthesize first: make synth")
    return files
