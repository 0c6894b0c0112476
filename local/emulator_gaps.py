"""The list of known differences between the emulator and AWS that matter here.

A gap with a fix is closed after each region's deployment; those in ``local.patched_gaps`` are
closed inside the emulator. A probe returns whether its gap still exists; once it does not, the
emulator has caught up: delete the row, its probe and its fix.
"""

from local import emulator_gap_fixes
from local.clients import Clients
from local.emulator_gap import Gap
from local.patched_gaps import PATCHED
from local.probes import conditions, event_deliveries, lambda_functions, stacks, state_machines

UNPATCHED = (
    Gap(
        name="replicas",
        on_aws="CloudFormation creates a global table's replicas, recoverable and protected.",
        here="Replicas is ignored; a fix creates them through DynamoDB.",
        probe=stacks.replicas_are_ignored,
        close=emulator_gap_fixes.add_replicas,
    ),
    Gap(
        name="dead-letter-config",
        on_aws="CloudFormation connects a function's dead-letter queue.",
        here="DeadLetterConfig is ignored; a fix sets it through Lambda.",
        probe=stacks.dead_letter_config_is_ignored,
        close=emulator_gap_fixes.connect_dead_letter_queues,
    ),
    Gap(
        name="tags-of-mappings",
        on_aws="It tags event source mappings, dashboards and pipelines as well.",
        here="It does not; whether it may is checked.",
        probe=stacks.mappings_are_not_tagged,
    ),
    Gap(
        name="passing-roles-to-stacks",
        on_aws="Only who may pass a role to CloudFormation may name it for a stack.",
        here="Whoever may create the stack.",
        probe=conditions.roles_are_passed_to_stacks_by_anybody,
    ),
    Gap(
        name="dead-letter-envelope",
        on_aws="A dead letter is the event; RequestID, ErrorCode, ErrorMessage are its attributes.",
        here="It is the envelope of a destination (requestPayload), without attributes.",
        probe=lambda_functions.dead_letters_are_in_an_envelope,
    ),
    Gap(
        name="rights-of-lambda",
        on_aws="Lambda sends dead letters and reads streams with the function's role.",
        here="These calls are not authorized; those of a function's own code are.",
        probe=lambda_functions.rights_of_lambda_are_not_checked,
    ),
    Gap(
        name="rights-of-state-machines",
        on_aws="A state machine calls what its role allows, after Step Functions has assumed it.",
        here="Its role is not looked at; what it allows is compared with what the machine calls.",
        probe=state_machines.rights_of_state_machines_are_not_checked,
    ),
    Gap(
        name="partial-batches",
        on_aws="Stream records that a function reports as failed are delivered again.",
        here="batchItemFailures is ignored: the whole batch counts as processed.",
        probe=lambda_functions.partial_batches_count_as_done,
    ),
    Gap(
        name="stream-retries",
        on_aws="A failing batch is bisected, retried up to a limit, then sent to a failure queue.",
        here="It is retried whole, once a second, until it exceeds its maximum age.",
        probe=lambda_functions.stream_retries_have_no_limit,
    ),
    Gap(
        name="notification-permission",
        on_aws="S3 rejects a notification to a function that does not permit it.",
        here="It accepts it and invokes the function.",
        probe=event_deliveries.notifications_need_no_permission,
    ),
    Gap(
        name="absent-objects",
        on_aws="S3 answers 403 for a missing object if the caller may not list the bucket.",
        here="It answers 404, so only the reason in the file's item differs.",
        probe=event_deliveries.absent_objects_are_admitted,
    ),
    Gap(
        name="ranges-of-versions",
        on_aws="S3 returns the requested range of any version of an object.",
        here="Given a version, it returns the whole object; the processor skips what it has read.",
        probe=event_deliveries.ranges_of_versions_are_ignored,
    ),
    Gap(
        name="versions-in-events",
        on_aws="EventBridge's event of a new object names its version.",
        here="It does not, so the processor opens the newest one.",
        probe=event_deliveries.events_of_new_objects_name_no_version,
    ),
    Gap(
        name="rule-target-policy",
        on_aws="A rule delivers to a queue only if the queue's policy allows it.",
        here="It delivers.",
        probe=event_deliveries.rules_ignore_queue_policies,
    ),
    Gap(
        name="event-detail",
        on_aws="PutEvents rejects an entry whose detail is not JSON or is too large.",
        here="Both are accepted.",
        probe=event_deliveries.malformed_events_are_accepted,
    ),
    Gap(
        name="embedded-metrics",
        on_aws="Log lines in the embedded metric format become metrics.",
        here="They stay log lines.",
        probe=lambda_functions.embedded_metrics_stay_logs,
    ),
    Gap(
        name="asynchronous-errors",
        on_aws="The metric Errors counts failures of all invocations.",
        here="It counts synchronous ones only; to see an alarm fire, put the data yourself.",
        probe=lambda_functions.asynchronous_errors_are_not_counted,
    ),
    Gap(
        name="role-names",
        on_aws="Generated role names differ between stacks of the same name in two regions.",
        here="They are the same, and IAM is global: the second stack takes over the first's role.",
        probe=stacks.generated_role_names_clash,
    ),
)
GAPS = (*UNPATCHED, *PATCHED)


def close_all(clients: Clients, region: str) -> None:
    """Apply every fix to ``region``, which has just been deployed; repeating it is harmless."""
    for gap in GAPS:
        if gap.close:
            gap.close(clients, region)
