"""CDK's validation plugins: the public rule packs of cdk-nag, and the project's own rules.

A pack walks the construct tree, and a stack that it is not given counts as clean. So each plugin
records in the report which stacks CDK gave it, and ``policies.check`` compares.
"""

from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import TypeAlias

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

Check: TypeAlias = Callable[[cdk.IPolicyValidationContext], list[cdk.PolicyViolation]]


def attach(app: cdk.App) -> None:
    """Let every pack and the project's own rules check all stacks that ``app`` synthesizes."""
    of_packs = [_Plugin(name, _of_pack(pack(app))) for name, pack in PACKS.items()]
    cdk.Validations.of(app).add_plugins(*of_packs, _Plugin(PROJECT, lambda _: _of_rules(app)))


@jsii.implements(cdk.IPolicyValidationPlugin)
class _Plugin:
    """A pack of cdk-nag or the project's rules, whose report also lists the stacks it was given."""

    def __init__(self, name: str, check: Check) -> None:
        self._name, self._check = name, check

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
        violations = self._check(context)
        return cdk.PolicyValidationPluginReport(
            success=not violations, violations=violations, metadata=_stacks(context)
        )


def _of_pack(pack: cdk_nag.NagPack) -> Check:
    return lambda context: pack.validate_scope(context.app_construct).violations


def _of_rules(app: cdk.App) -> list[cdk.PolicyViolation]:
    """Check the templates that ``app`` has just written."""
    stacks = assembly.read(Path(app.outdir)).stacks
    return [_violation(finding) for finding in rules.findings(stacks)]


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
