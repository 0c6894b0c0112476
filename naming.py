"""Names: the two regions, and every physical name, ``serverless-<resource>-prod``.

Defined here and nowhere else. Everything outside the Lambda functions may import this module, and
it imports nothing, so that constructs, the operator's commands and the local cloud agree on names
without depending on each other. Names of global resources (buckets, IAM roles, dashboards) include
their region or role as well, because one account may hold both regions' copies.
"""

PRIMARY = "us-east-1"  # takes the traffic
STANDBY = "us-west-2"  # warm, and takes over
REGIONS = (PRIMARY, STANDBY)

PREFIX, SUFFIX = "serverless-", "-prod"  # every physical name has both

TABLE = "serverless-processed-data-prod"
TABLE_KEY_ALIAS = "alias/serverless-processed-data-prod"
STATUS_INDEX = "status-index"
SCRATCH_TABLE = "serverless-restore-check-prod"
PROCESSOR = "serverless-data-processor-prod"
PROCESSOR_DLQ = "serverless-data-processor-dlq-prod"
QUARANTINE = "serverless-data-processor-quarantine-prod"
LARGE_FILES = "serverless-large-files-prod"
LARGE_FILE_WORKER = "serverless-large-file-worker-prod"
STREAM_CONSUMER = "serverless-stream-consumer-prod"
STREAM_CONSUMER_FAILURES = "serverless-stream-consumer-failures-prod"
TAKEOVER_ALIAS = "takeover"
EVENT_BUS = "serverless-data-events-prod"
ALERTS_TOPIC = "serverless-alerts-prod"
ALERTS_KEY_ALIAS = "alias/serverless-alerts-prod"
STREAM_LOOKUP = "serverless-stream-lookup-prod"
CANARY = "serverless-canary-prod"
CANARY_EVENTS = "serverless-canary-events-prod"
ACCESS_POINT = "serverless-ingestion-prod"  # global, with a route to each region's bucket
PIPELINE = "serverless-pipeline-prod"
APPROVAL_STAGE = "approval"
APPROVALS_TOPIC = "serverless-approvals-prod"
APPROVALS_KEY_ALIAS = "alias/serverless-approvals-prod"
ARTIFACTS_KEY_ALIAS = "alias/serverless-pipeline-artifacts-prod"

# Made once in each account, beside what "cdk bootstrap" has made there for other apps.
BOOTSTRAP_STACK = "serverless-bootstrap-prod"
BOUNDARY = "serverless-boundary-prod"
TOOLKIT_STACK = "serverless-toolkit-prod"
BOOTSTRAP_QUALIFIER = "fileingest"

METRICS_NAMESPACE = "ServerlessDataIngestion"


def peer(region: str) -> str:
    """Return the other region, the one that holds the table's other replica."""
    return STANDBY if region == PRIMARY else PRIMARY


def stage(region: str) -> str:
    """Return the region's role, which is also the name of its stage in the pipeline."""
    return "standby" if region == STANDBY else "primary"


def stage_assembly(region: str) -> str:
    """Return the folder in ``cdk.out`` that holds the region's stage."""
    return f"assembly-{PIPELINE}-{stage(region)}"


def ingestion_bucket(region: str, suffix: str) -> str:
    """Name the bucket that producers put files in; ``suffix`` may be empty."""
    return _bucket(f"serverless-data-ingestion{_disaster_recovery(region)}-prod", suffix)


def access_logs_bucket(region: str, suffix: str) -> str:
    """Name the bucket that holds the ingestion bucket's access logs."""
    return _bucket(f"serverless-access-logs{_disaster_recovery(region)}-prod", suffix)


def stack(region: str) -> str:
    """Name the stack of a region, which holds the whole product there."""
    return f"serverless-data-ingestion-{region}-prod"


def dashboard(region: str) -> str:
    """Name a region's dashboard; dashboards are global, so the name includes the region."""
    return f"serverless-data-ingestion-{region}-prod"


def artifact_bucket(region: str, suffix: str) -> str:
    """Name the pipeline's artifact bucket in a region; at most 63 characters, S3's limit."""
    return _bucket(f"serverless-pipeline-artifacts-{region}-prod", suffix)


def artifact_logs_bucket(region: str, suffix: str) -> str:
    """Name the bucket that holds the artifact bucket's access logs."""
    return _bucket(f"serverless-pipeline-logs-{region}-prod", suffix)


def artifact_stack(region: str) -> str:
    """Name the stack of an artifact bucket outside the pipeline's own region."""
    return f"serverless-pipeline-artifacts-{region}-prod"


def verification_role(region: str) -> str:
    """Name the role that verifies a deployment: it uploads a canary file and reads the results."""
    return f"serverless-verification-{region}-prod"


def verifier_role(region: str) -> str:
    """Name the role of the pipeline's build that assumes ``verification_role``."""
    return f"serverless-verifier-{region}-prod"


def processor_role(region: str) -> str:
    """Name the role of the processor's function."""
    return f"serverless-data-processor-{region}-prod"


def stream_consumer_role(region: str) -> str:
    """Name the role of the stream consumer's function."""
    return f"serverless-stream-consumer-{region}-prod"


def stream_lookup_role(region: str) -> str:
    """Name the role of the function that looks up the stream of the standby's replica."""
    return f"serverless-stream-lookup-{region}-prod"


def large_files_role(region: str, part: str = "") -> str:
    """Name the role of the state machine for large files, or of its ``-starter``, the rule."""
    return f"serverless-large-files{part}-{region}-prod"


def large_file_worker_role(region: str) -> str:
    """Name the role of the function that processes one byte range of a large file."""
    return f"serverless-large-file-worker-{region}-prod"


def canary_role(region: str) -> str:
    """Name the role of the function that puts a canary file and looks at both regions."""
    return f"serverless-canary-{region}-prod"


def canary_schedule_role(region: str) -> str:
    """Name the role of the schedule that calls the canary."""
    return f"serverless-canary-schedule-{region}-prod"


def operator_role(region: str) -> str:
    """Name the role of people who operate the region with ``ops``."""
    return f"serverless-operator-{region}-prod"


def reader_role(region: str) -> str:
    """Name the role of people who look at the region with ``ops``, without its data."""
    return f"serverless-reader-{region}-prod"


def producer_policy(producer: str, region: str) -> str:
    """Name the policy with which a producer may put files below its prefix."""
    return f"serverless-producer-{producer}-{region}-prod"


def deployment_policy(number: int) -> str:
    """Name one of the policies, counted from 1, that CloudFormation deploys with."""
    return f"serverless-deployment-{number}-prod"


def alarm(subject: str) -> str:
    """Name an alarm; ``subject`` says what is wrong, e.g. ``processor-errors``."""
    return f"serverless-{subject}-prod"


def table_arn(region: str, account: str) -> str:
    """Return the ARN of the table's replica in a region."""
    return f"arn:aws:dynamodb:{region}:{account}:table/{TABLE}"


def bucket_arn(bucket_name: str) -> str:
    """Return the ARN of a bucket."""
    return f"arn:aws:s3:::{bucket_name}"


def role_arn(role_name: str, account: str) -> str:
    """Return the ARN of a role."""
    return f"arn:aws:iam::{account}:role/{role_name}"


def bootstrap_role_arn(purpose: str, region: str, account: str) -> str:
    """Return the ARN of the CDK bootstrap's role for ``purpose``: ``deploy``, ``lookup``, ..."""
    return role_arn(f"cdk-{BOOTSTRAP_QUALIFIER}-{purpose}-role-{account}-{region}", account)


def bootstrap_assets_bucket(region: str, account: str) -> str:
    """Return the bucket that the bootstrap makes, to which a region's bundles are published."""
    return f"cdk-{BOOTSTRAP_QUALIFIER}-assets-{account}-{region}"


def bootstrap_version_arn(region: str, account: str) -> str:
    """Return the ARN of the parameter that holds the version of the CDK bootstrap."""
    parameter = f"cdk-bootstrap/{BOOTSTRAP_QUALIFIER}/version"
    return f"arn:aws:ssm:{region}:{account}:parameter/{parameter}"


def _disaster_recovery(region: str) -> str:
    return "-dr" if region == STANDBY else ""


def _bucket(name: str, suffix: str) -> str:
    return f"{name}-{suffix}" if suffix else name
