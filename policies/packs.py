"""The public rule packs, and what they were shown.

The packs walk the construct tree; a stack that they were not shown is silently green. So each one
writes into the report which stacks CDK gave it, and ``policies.verdict`` compares.
"""

from importlib.metadata import version

import aws_cdk as cdk
import cdk_nag
import jsii

from policies.plugin import ProjectRules, shown

PACKS: dict[str, type[cdk_nag.NagPack]] = {
    "AwsSolutions": cdk_nag.AwsSolutionsChecks,
    "Serverless": cdk_nag.ServerlessChecks,
    "NIST.800.53.R5": cdk_nag.NIST80053R5Checks,
    "HIPAA.Security": cdk_nag.HIPAASecurityChecks,
    "PCI.DSS.321": cdk_nag.PCIDSS321Checks,
}


@jsii.implements(cdk.IPolicyValidationPlugin)
class _Witnessed:
    """A pack whose report says which stacks it was shown."""

    def __init__(self, name: str, pack: cdk_nag.NagPack) -> None:
        self._name, self._pack = name, pack

    @property
    def name(self) -> str:
        return self._name

    @property
    def version(self) -> str:
        return version("cdk-nag")

    @property
    def rule_ids(self) -> list[str]:
        return []

    def validate(self, context: cdk.IPolicyValidationContext) -> cdk.PolicyValidationPluginReport:
        report = self._pack.validate_scope(context.app_construct)
        return cdk.PolicyValidationPluginReport(
            success=report.success, violations=report.violations, metadata=shown(context)
        )


def attach(app: cdk.App) -> None:
    """Let every pack and the project's own rules judge all stacks that ``app`` synthesizes."""
    packs = [_Witnessed(name, pack(app)) for name, pack in PACKS.items()]
    cdk.Validations.of(app).add_plugins(*packs, ProjectRules(app))
