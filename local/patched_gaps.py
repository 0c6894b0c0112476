"""Differences from AWS that are patched inside the emulator, wholly or so that a stack deploys.

Their probes run on an emulator without patches. Once a probe says that its gap does not exist, the
emulator has caught up: delete the row, its probe and its patch.
"""

from local.emulator_gap import Gap
from local.probes import conditions, lambda_functions, stacks

PATCHED = (
    Gap(
        name="rights-of-cloudformation",
        on_aws="CloudFormation calls the services with the role that a stack was given.",
        here="It changes them as nobody; patched to ask IAM about each call that AWS would make.",
        probe=stacks.rights_of_cloudformation_are_not_checked,
    ),
    Gap(
        name="permissions-boundaries",
        on_aws="CloudFormation sets a role's permissions boundary.",
        here="PermissionsBoundary is ignored; patched to set it.",
        probe=stacks.permissions_boundaries_are_ignored,
    ),
    Gap(
        name="system-tags",
        on_aws="CloudFormation tags each resource that can have tags with its stack.",
        here="Not buckets, rules and global tables; patched to tag these too.",
        probe=stacks.buckets_are_not_tagged,
    ),
    Gap(
        name="metric-math",
        on_aws="An alarm on metric math is evaluated.",
        here="Patched to let it be created, which would fail otherwise; it never fires.",
        probe=stacks.metric_math_is_not_evaluated,
    ),
    Gap(
        name="pipelines",
        on_aws="CodePipeline runs the pipeline that a stack defines.",
        here="Patched to record it; local.rehearsal reads its template and runs it.",
        probe=stacks.pipelines_are_not_run,
    ),
    Gap(
        name="policies-of-access-points",
        on_aws="CloudFormation gives a Multi-Region Access Point its policy.",
        here="It does not know the type; patched.",
        probe=stacks.policies_of_access_points_are_refused,
    ),
    Gap(
        name="disabled-mappings",
        on_aws="A mapping that a template disables is described as disabled.",
        here="As enabled, though it is not polled; patched.",
        probe=stacks.disabled_mappings_look_enabled,
    ),
    Gap(
        name="tags-of-roles",
        on_aws="A policy may ask for a role's tags (iam:ResourceTag).",
        here="The condition is never met; patched.",
        probe=conditions.tags_of_roles_are_not_known,
    ),
    Gap(
        name="functions-of-mappings",
        on_aws="A policy may ask for the function of a mapping (lambda:FunctionArn).",
        here="The condition is never met; patched.",
        probe=conditions.functions_of_mappings_are_not_known,
    ),
    Gap(
        name="aliases-of-keys",
        on_aws="A policy may ask for the aliases of a key (kms:ResourceAliases).",
        here="The condition is never met, so the boundary denies no one's keys; patched.",
        probe=conditions.aliases_of_keys_are_not_known,
    ),
    Gap(
        name="roles-of-sessions",
        on_aws="A policy that asks who calls (aws:PrincipalArn) is told a session's role.",
        here="It is told the session; patched.",
        probe=conditions.roles_of_sessions_are_not_known,
    ),
    Gap(
        name="leading-keys",
        on_aws="A policy may ask for the keys of the items of a request (dynamodb:LeadingKeys).",
        here="The condition is never met; patched for requests of one item.",
        probe=conditions.leading_keys_are_not_known,
    ),
    Gap(
        name="names-of-actions",
        on_aws="Reading a mapping needs GetEventSourceMapping, a batch of deletions DeleteMessage.",
        here="ListEventSourceMappings, DeleteMessageBatch and the like; patched.",
        probe=conditions.batches_have_actions_of_their_own,
    ),
    Gap(
        name="resources-of-streams",
        on_aws="Reading a stream is authorized against the stream, restoring against the table.",
        here="Against no resource, so that a policy on them never allows it; patched.",
        probe=conditions.streams_are_not_known,
    ),
    Gap(
        name="listing-alarms",
        on_aws="Listing alarms is authorized against all alarms.",
        here="Against no resource, so that a policy on alarms never allows it; patched.",
        probe=conditions.listing_alarms_is_on_no_alarm,
    ),
    Gap(
        name="python-version",
        on_aws="A function runs on the Python version it names.",
        here="On the emulator's; patched to run all on Lambda's 3.14 if this machine has it.",
        probe=lambda_functions.runtimes_share_one_python,
    ),
    Gap(
        name="last-lines-of-logs",
        on_aws="The log of an invocation has each line that the function wrote.",
        here="Lines that it reads late, as on a busy machine, are lost or the next one's; patched.",
        probe=lambda_functions.last_lines_are_missing,
    ),
)
