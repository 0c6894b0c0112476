"""The gate that every synthesis passes: on a laptop, in CI and in the pipeline.

The public rule packs of cdk-nag walk the construct tree of the app. They are not CDK's plugins: CDK
would call the app invalid for what the register accepts.
"""

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import aws_cdk as cdk
import cdk_nag

from policies import register
from policies.check import REPORT, check
from policies.finding import Finding, texts
from policies.gate import PAGE, counted
from policies.register_checks import UNUSED
from policies.templates import assembly

PACKS: dict[str, type[cdk_nag.NagPack]] = {
    "AwsSolutions": cdk_nag.AwsSolutionsChecks,
    "Serverless": cdk_nag.ServerlessChecks,
    "NIST.800.53.R5": cdk_nag.NIST80053R5Checks,
    "HIPAA.Security": cdk_nag.HIPAASecurityChecks,
    "PCI.DSS.321": cdk_nag.PCIDSS321Checks,
}


class PolicyError(Exception):
    """The app violates its policies; the message lists what, where, and how to fix it."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = findings
        told = texts(findings)
        super().__init__("\n\n".join([f"policies: {counted(told)}, {PAGE}", *told]))


def synthesize(app: cdk.App, today: date) -> None:
    """Synthesize ``app`` and check it; raise ``PolicyError`` if something is wrong with it.

    A row that accepts nothing lets nothing through, and has a cause: ``make changes`` tells that
    first, and needs an app that can be synthesized. ``make scan`` then tells the row.
    """
    outdir = Path(app.outdir)
    # If this synthesis writes no report, an older one must not be taken for it.
    (outdir / REPORT).unlink(missing_ok=True)
    app.synth()
    made = assembly.read(outdir)
    report(app, made)
    verdict = check(made, register.load(), today)
    if any(each.kind != UNUSED for each in verdict.findings):
        raise PolicyError(verdict.findings)


def report(app: cdk.App, made: assembly.Assembly) -> None:
    """Write what each pack finds in all of ``app``, and what CDK does, into its assembly."""
    found = {
        name: [
            (violation.rule_name, place.construct_path, violation.description)
            for violation in pack(app).validate_scope(app).violations
            for place in violation.violating_resources
        ]
        for name, pack in PACKS.items()
    }
    of_cdk = made.folder / "validation-report.json"
    also = json.loads(of_cdk.read_text())["pluginReports"] if of_cdk.exists() else []
    written = {"of": assembly.digest(made.stacks), "packs": found, "cdk": also}
    (made.folder / REPORT).write_text(json.dumps(written))
