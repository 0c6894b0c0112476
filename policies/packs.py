"""CDK's validation plugins: the public rule packs of cdk-nag, and the project's own rules.

A pack walks the construct tree, and a stack that it is not given counts as clean. So each plugin
records in the report which stacks CDK gave it, and ``policies.verdict`` compares.
"""

from importlib.metadata import version
from pathlib import Path

import aws_cdk as cdk
import cdk_nag
import jsii

from policies import rules
from policies.finding import PROJECT, Finding
from policies.templates import assembly

PACKS: dict[str, type[cdk_nag.NagPack]] = {
    "AwsSolutions": cdk_nag.AwsSolutionsChecks,
    "Serverless": cdk_nag.ServerlessChecks,
    "NIST.800.53.R5": cdk_nag.NIST80053R5Checks,
    "HIPAA.Security": cdk_nag.HIPAASecurityChecks,
    "PCI.DSS.321": cdk_nag.PCIDSS321Checks,
}


def attach(app: cdk.App) -> None:
    """Let every pack and the project's own rules check all stacks that ``app`` synthesizes."""
    packs = [_PackPlugin(name, pack(app)) for name, pack in PACKS.items()]
    cdk.Validations.of(app).add_plugins(*packs, _ProjectPlugin(app))


@jsii.implements(cdk.IPolicyValidationPlugin)
class _PackPlugin:
    """A pack of cdk-nag whose report also lists the stacks it was given."""

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
            success=report.success, violations=report.violations, metadata=_stacks(context)
        )


@jsii.implements(cdk.IPolicyValidationPlugin)
class _ProjectPlugin:
    """``policies.rules`` as a plugin; it checks the templates that ``app`` has just written."""

    def __init__(self, app: cdk.App) -> None:
        self._app = app

    @property
    def name(self) -> str:
        return PROJECT

    @property
    def version(self) -> str:
        return "1.0.0"

    @property
    def rule_ids(self) -> list[str]:
        return list(rules.RULES)

    def validate(self, context: cdk.IPolicyValidationContext) -> cdk.PolicyValidationPluginReport:
        stacks = assembly.read(Path(self._app.outdir)).stacks
        violations = [_violation(finding) for finding in rules.findings(stacks)]
        return cdk.PolicyValidationPluginReport(
            success=not violations, violations=violations, metadata=_stacks(context)
        )


def _stacks(context: cdk.IPolicyValidationContext) -> dict[str, str]:
    return {"stacks": " ".join(stack.stack_construct_path for stack in context.stack_templates)}


def _violation(finding: Finding) -> cdk.PolicyViolation:
    place = cdk.PolicyViolatingResource(construct_path=finding.path, locations=[])
    return cdk.PolicyViolation(
        rule_name=finding.rule,
        description=finding.message,
        fix=finding.remedy,
        severity="error",
        violating_resources=[place],
    )
