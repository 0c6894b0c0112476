"""A replacement that CloudFormation can't create, because the old one is in its place until then.

CloudFormation creates the new resource before it deletes the old one. Where both have one name, or
where a function may have one mapping for a stream, the service refuses the new one, and the whole
update is rolled back.
"""

from collections.abc import Iterator, Mapping

from policies.changes.resource_spec import Replacement
from policies.changes.update import Action, Update
from policies.finding import Finding, at
from policies.templates.template import as_text

REMEDY = (
    "keep what makes CloudFormation replace it, change the name as well, or delete the old one "
    "just before this is deployed"
)
# What there can be only one of, beside the types that stateful-replaced is about.
IDENTITIES: Mapping[str, tuple[str, ...]] = {
    "AWS::CloudWatch::Alarm": ("AlarmName",),
    "AWS::CloudWatch::Dashboard": ("DashboardName",),
    "AWS::CodeBuild::Project": ("Name",),
    "AWS::CodePipeline::Pipeline": ("Name",),
    "AWS::Events::Rule": ("Name",),
    "AWS::IAM::ManagedPolicy": ("ManagedPolicyName",),
    "AWS::IAM::Role": ("RoleName",),
    "AWS::KMS::Alias": ("AliasName",),
    "AWS::Lambda::Alias": ("FunctionName", "Name"),
    "AWS::Lambda::EventSourceMapping": ("FunctionName", "EventSourceArn"),
    "AWS::Lambda::Function": ("FunctionName",),
    "AWS::Scheduler::Schedule": ("Name",),
    "AWS::StepFunctions::StateMachine": ("StateMachineName",),
}


def check(update: Update) -> Iterator[Finding]:
    before = {each.logical_id: each for each in update.before.resources(*IDENTITIES)}
    for change in update.changes:
        old, new = before.get(change.resource.logical_id), change.resource
        if old is None or change.action != Action.MODIFIED or old.type != new.type:
            continue
        names = IDENTITIES[new.type]
        kept = [name for name in names if old.properties.get(name) == new.properties.get(name)]
        if change.replacement != Replacement.NO and kept == [*names] and names[0] in new.properties:
            causes = sorted(k for k, how in change.properties.items() if how != Replacement.NO)
            known_as = ", ".join(as_text(new.properties[name]) for name in names)
            yield at(
                new,
                f"its replacement is refused as long as the old one is there: {known_as}",
                exact=f"{new.type} {','.join(causes)}",
            )
