"""Who acts, and where data and control go, by values other than a policy's."""

import re

from policies.changes import class_conditions as conditions
from policies.changes.change_class import Files, Hazard
from policies.changes.classes import DOCUMENTS, POLICIES
from policies.changes.differences import Difference
from policies.changes.grants import ATTACHED_TO
from policies.templates.template import as_text

# What can be told of elsewhere: each of these hands data, or a call, to what it names.
SENDERS = re.compile(
    r"AWS::(SNS::Subscription|Pipes::Pipe|Scheduler::Schedule|KinesisFirehose::.+|Kinesis::.+"
    r"|Logs::(SubscriptionFilter|Destination|Delivery.*|AccountPolicy|Transformer)|Oam::.+|DMS::.+"
    r"|Events::(Rule|Archive|Connection|ApiDestination|Endpoint|EventBus)|CloudWatch::MetricStream"
    r"|Lambda::(EventSourceMapping|EventInvokeConfig|Url)|S3::(AccessPoint.*|StorageLens.*)"
    r"|S3ObjectLambda::.+|DataSync::.+|AppFlow::.+|Glue::.+|Backup::.+|CloudTrail::.+|RAM::.+)"
)
# By these, somebody outside acts with a role, calls a function or runs a command.
DOORS = re.compile(
    r"AWS::(Lambda::Permission|IAM::(?!Role$|Policy$|.+Policy$).+|RolesAnywhere::.+|Cognito::.+|SSO::.+|ApiGateway.*::.+"
    r"|AppSync::.+|CloudFront::.+|ElasticLoadBalancing.*::.+|VpcLattice::.+|IoT::.+|Transfer::.+"
    r"|SSM::.+|SSMIncidents::.+|Chatbot::.+|EC2::.+|ECS::.+|Batch::.+|EKS::.+|KMS::ReplicaKey)"
)
# A property that says where to, in what is there already.
DESTINATIONS = "|".join(
    (
        *("AnalyticsConfigurations", "InventoryConfigurations", "LoggingConfiguration"),
        *("JournalTableConfiguration", "MetadataConfiguration", "MetadataTableConfiguration"),
        *("ReplicationConfiguration", "DestinationArn", "DeliveryStatusLogging", "Regions"),
    )
)
# Of a rule or a schedule; what else a target says is how it is tried.
TARGET = r"Targets?(\.(Arn|[^.]+(\.(Arn|HttpParameters|Input.*))?))?"


def _begins_to_send(difference: Difference, _files: Files) -> bool:
    # Mail to a person is told in words of its own: see working.py.
    is_mail = '"Protocol": "email"' in as_text(difference.after)
    return difference.before is None and not is_mail and bool(SENDERS.fullmatch(difference.type))


def _lets_in(difference: Difference, _files: Files) -> bool:
    return difference.before is None and bool(DOORS.fullmatch(difference.type))


def _overwrites(difference: Difference, files: Files) -> bool:
    is_read = difference.after is not None and conditions.is_read(difference, files)
    return is_read and not conditions.is_only_policy(difference, files)


def _is_custom(difference: Difference, _files: Files) -> bool:
    return difference.type.startswith("Custom::")


HAZARDS = (
    Hazard(
        name="other-role",
        why="under another role it may do what nobody has reviewed, or fail for lack of a right",
        where=r"Properties\.(.+\.)?(Execution|Service)?Role(A(rn|RN))?",
        remedy="give its own role the one right that it lacks",
    ),
    Hazard(
        name="policy-version",
        why="before 2012-10-17, IAM reads ${…} as plain text, so it allows or denies other things",
        where=rf"Properties\.(.+\.)?({'|'.join(DOCUMENTS)})\.(.+\.)?Version",
        remedy='leave it at "2012-10-17"',
    ),
    Hazard(
        name="policy-overwritten",
        why="it may replace a policy that is there, denials included: the last one written counts",
        where=rf"(Properties\.({'|'.join(ATTACHED_TO)})(\..+)?)?",
        types=POLICIES,
        only=_overwrites,
        remedy="add the statements to the policy that is there",
    ),
    Hazard(
        name="session-length",
        why="a stolen session, or one begun before a right was taken away, works for that long",
        where=r"Properties\.MaxSessionDuration",
        remedy="leave the default of one hour",
    ),
    Hazard(
        name="leads-elsewhere",
        why="people who are woken by an alarm do what it says, and type what its pages ask for",
        where=r"(Properties\.(Alarm|)|Outputs\.[^.]+\.|)Description|Properties\.(DisplayName|Comment)",
        only=conditions.leads_elsewhere,
        remedy="link the runbooks in docs/, or say in the row whose the other pages are",
    ),
    Hazard(
        name="lets-in",
        why="through it, others may act with a role, call a function or run a command",
        where="",
        only=_lets_in,
        remedy="leave it out; people have roles (operators and readers in cdk.json), and files a "
        "bucket",
    ),
    Hazard(
        name="sends-elsewhere",
        why="data or calls go from here to another place, where no gate of ours looks",
        where="",
        only=_begins_to_send,
        remedy="leave it out, or say in the row who gets what, and who may read it there",
    ),
    Hazard(
        name="sends-elsewhere",
        why="data or calls may go to another place than before, or no longer arrive at the old one",
        where=rf"Properties\.(({DESTINATIONS})(\..+)?|{TARGET})",
        remedy="leave it as it was, or say in the row who gets what, and who may read it there",
    ),
    Hazard(
        name="custom-call",
        why="the deployment itself makes this call, with the rights of the lookup's role",
        where=r"(Properties\.(?!\w+\.physicalResourceId\.).+)?",
        only=_is_custom,
        remedy="only look up what no template knows; make a command of anything that changes "
        "something",
    ),
)
