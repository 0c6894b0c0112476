"""Where the emulator is known to differ from AWS in ways that matter to us: the one list.

A gap that can be closed is closed after each region's deployment. A probe says whether its gap is
still there; when it is not, the emulator has caught up, and the row and what closes it go.
"""

from collections.abc import Callable
from dataclasses import dataclass

from local import closing
from local.clients import Clients
from local.probes import deliveries, functions, pipelines, stacks, streams


@dataclass(frozen=True, kw_only=True, slots=True)
class Gap:
    name: str
    on_aws: str
    here: str
    probe: Callable[[Clients], bool]
    close: Callable[[Clients, str], None] | None = None


GAPS = (
    Gap(
        name="replicas",
        on_aws="CloudFormation makes a global table's replicas, recoverable and protected.",
        here="Replicas is ignored, so we ask DynamoDB itself for what the template says.",
        probe=stacks.replicas_are_ignored,
        close=closing.add_replicas,
    ),
    Gap(
        name="dead-letter-config",
        on_aws="CloudFormation connects a function's dead-letter queue.",
        here="DeadLetterConfig is ignored, so we ask Lambda itself for what the template says.",
        probe=stacks.dead_letter_config_is_ignored,
        close=closing.connect_dead_letter_queues,
    ),
    Gap(
        name="permissions-boundaries",
        on_aws="CloudFormation gives a role its permissions boundary.",
        here="PermissionsBoundary is ignored, so we ask IAM itself for what the template says.",
        probe=stacks.permissions_boundaries_are_ignored,
        close=closing.bound_roles,
    ),
    Gap(
        name="metric-math",
        on_aws="An alarm on metric math is evaluated.",
        here="The stack would be refused; serve.py lets the alarm be made, and it never fires.",
        probe=stacks.metric_math_is_not_evaluated,
    ),
    Gap(
        name="pipelines",
        on_aws="CodePipeline runs the pipeline that a stack defines.",
        here="serve.py lets the stack be made; local.rehearsal reads its template and runs it.",
        probe=pipelines.pipelines_are_not_run,
    ),
    Gap(
        name="dead-letter-envelope",
        on_aws="A dead letter is the event; RequestID, ErrorCode, ErrorMessage are its attributes.",
        here="It is a destination's envelope (requestPayload) without attributes.",
        probe=functions.dead_letters_are_in_an_envelope,
    ),
    Gap(
        name="rights-of-lambda",
        on_aws="Lambda sends dead letters and reads streams with the function's role.",
        here="These calls are not checked; the calls of a function's own code are.",
        probe=functions.rights_of_lambda_are_not_checked,
    ),
    Gap(
        name="partial-batches",
        on_aws="Records of a stream that a function reports as failed are delivered again.",
        here="batchItemFailures is ignored: the whole batch counts as done.",
        probe=streams.partial_batches_count_as_done,
    ),
    Gap(
        name="stream-retries",
        on_aws="A failing batch is bisected, retried so often, then sent to the failure queue.",
        here="It is retried whole, once a second, until it is older than its limit.",
        probe=streams.stream_retries_have_no_limit,
    ),
    Gap(
        name="notification-permission",
        on_aws="S3 refuses a notification to a function that does not permit it.",
        here="It is accepted and the function is invoked.",
        probe=deliveries.notifications_need_no_permission,
    ),
    Gap(
        name="absent-objects",
        on_aws="S3 answers 403 for an object that is gone to who may not list the bucket.",
        here="It answers 404, so only the reason differs that the file's item is given.",
        probe=deliveries.absent_objects_are_admitted,
    ),
    Gap(
        name="ranges-of-versions",
        on_aws="S3 gives the range that is asked for, of a version as of the newest.",
        here="Of a version it gives the whole object, so the processor passes over what it has.",
        probe=deliveries.ranges_of_versions_are_ignored,
    ),
    Gap(
        name="rule-target-policy",
        on_aws="A rule delivers to a queue only if the queue's policy allows it.",
        here="It delivers.",
        probe=deliveries.rules_ignore_queue_policies,
    ),
    Gap(
        name="event-detail",
        on_aws="PutEvents refuses an entry whose detail is not JSON, or is too large.",
        here="Both are accepted.",
        probe=deliveries.malformed_events_are_accepted,
    ),
    Gap(
        name="embedded-metrics",
        on_aws="Log lines in the embedded metric format become metrics.",
        here="They stay log lines.",
        probe=functions.embedded_metrics_stay_logs,
    ),
    Gap(
        name="asynchronous-errors",
        on_aws="Errors counts the failures of every invocation.",
        here="It counts those of synchronous ones; to see an alarm fire, put the data yourself.",
        probe=functions.asynchronous_errors_are_not_counted,
    ),
    Gap(
        name="role-names",
        on_aws="Generated names of roles differ between stacks of one name in two regions.",
        here="They are the same, and IAM is global: the second stack takes the first one's role.",
        probe=stacks.generated_role_names_clash,
    ),
    Gap(
        name="python-version",
        on_aws="A function runs on the Python it names.",
        here="Every function runs on the Python of the emulator.",
        probe=functions.runtimes_share_one_python,
    ),
)


def close_all(clients: Clients, region: str) -> None:
    """Close what can be closed once ``region`` is deployed; repeating it is harmless."""
    for gap in GAPS:
        if gap.close:
            gap.close(clients, region)
