"""The public rule packs of cdk-nag, which walk the construct tree of an app that is synthesized.

They are not CDK's plugins: CDK would call the app invalid for what the register accepts.
"""

import json
from pathlib import Path

import aws_cdk as cdk
import cdk_nag

from policies.templates import assembly
from policies.validation_report import FILE

CDK_REPORT = "validation-report.json"
PACKS: dict[str, type[cdk_nag.NagPack]] = {
    "AwsSolutions": cdk_nag.AwsSolutionsChecks,
    "Serverless": cdk_nag.ServerlessChecks,
    "NIST.800.53.R5": cdk_nag.NIST80053R5Checks,
    "HIPAA.Security": cdk_nag.HIPAASecurityChecks,
    "PCI.DSS.321": cdk_nag.PCIDSS321Checks,
}


def report(app: cdk.App) -> None:
    """Write what each pack finds in all of ``app`` into its assembly, and what CDK finds."""
    found = {
        name: [
            (violation.rule_name, place.construct_path, violation.description)
            for violation in pack(app).validate_scope(app).violations
            for place in violation.violating_resources
        ]
        for name, pack in PACKS.items()
    }
    outdir = Path(app.outdir)
    of_cdk = outdir / CDK_REPORT
    also = json.loads(of_cdk.read_text())["pluginReports"] if of_cdk.exists() else []
    of = assembly.digest(assembly.read(outdir).stacks)
    (outdir / FILE).write_text(json.dumps({"of": of, "packs": found, "cdk": also}))
