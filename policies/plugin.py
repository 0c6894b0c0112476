from pathlib import Path

import aws_cdk as cdk
import jsii

from policies import assembly, rules
from policies.finding import PROJECT, Finding


def shown(context: cdk.IPolicyValidationContext) -> dict[str, str]:
    return {"stacks": " ".join(stack.stack_construct_path for stack in context.stack_templates)}


@jsii.implements(cdk.IPolicyValidationPlugin)
class ProjectRules:
    """CDK's view of ``policies.rules``; it judges what ``app`` has just written."""

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
            success=not violations, violations=violations, metadata=shown(context)
        )


def _violation(finding: Finding) -> cdk.PolicyViolation:
    place = cdk.PolicyViolatingResource(construct_path=finding.path, locations=[])
    return cdk.PolicyViolation(
        rule_name=finding.rule,
        description=finding.message,
        fix=rules.remedy(finding.rule),
        severity="error",
        violating_resources=[place],
    )
