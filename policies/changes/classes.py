"""The changes that need no reason: the one table of what is harmless, and why.

Whatever differs from the base is in this table, or is a hazard with a name (``hazards/`` for single
values, ``kinds/``), or is *unclassified*, which is red until a row accepts it. So what nobody has
thought of is seen.
"""

from policies.changes import class_conditions as conditions
from policies.changes.addresses import SUBSCRIPTION, follows_setting
from policies.changes.change_class import ChangeClass, Files
from policies.changes.classes_of_guards import HARMLESS_GUARDS
from policies.changes.differences import Difference
from policies.changes.documents import CDK_JSON
from policies.changes.grants import ATTACHED_TO, PERMISSION, PERMISSION_LIMITS, WHOLE_POLICIES
from policies.changes.legible import is_plain
from policies.rules.plain_templates import LOOKUPS
from policies.templates.global_table import GLOBAL_TABLE
from policies.templates.statements import IDENTITY_POLICIES, ROLE, TRUST

FUNCTION, ALARM, DASHBOARD = (
    "AWS::Lambda::Function",
    "AWS::CloudWatch::Alarm",
    "AWS::CloudWatch::Dashboard",
)
LOG_GROUP, QUEUE = "AWS::Logs::LogGroup", "AWS::SQS::Queue"
# Documents that policies/changes/grants.py splits into single grants, whatever they are part of.
DOCUMENTS = ("KeyPolicy", "PolicyDocument", "Policies", "Policy", "ResourcePolicy", TRUST)
POLICIES = (
    *IDENTITY_POLICIES,
    "AWS::Events::EventBusPolicy",
    "AWS::S3::BucketPolicy",
    "AWS::S3::MultiRegionAccessPointPolicy",
    "AWS::SNS::TopicPolicy",
    "AWS::SQS::QueuePolicy",
)

HARMLESS = (
    ChangeClass(
        name="setting",
        why="the app refuses a wrong one, and what it makes of the templates is compared",
        # Where a bundle for this machine is made, no function on AWS can start.
        where=r"context\.(?!bundlePlatform|alertEmail)\w+(\..+)?",
        document=CDK_JSON,
    ),
    ChangeClass(
        name="words",
        why="people read them, and nothing acts on them",
        where=r"(Properties\.(AlarmDescription|Description|DisplayName|Comment)|Description"
        r"|Outputs\.[^.]+\.Description|Metadata\.Load(\..+)?)",
    ),
    ChangeClass(
        name="dashboard",
        why="it shows metrics",
        where=r"Properties\.DashboardBody(\..+)?",
        types=(DASHBOARD,),
        only=conditions.shows_metrics,
    ),
    ChangeClass(
        name="code",
        why="its source changed as well, where a reviewer reads it",
        where=r"Properties\.Code\.S3Key",
        types=(FUNCTION,),
        only=conditions.is_from_source,
    ),
    ChangeClass(
        name="digest of a build",
        why="the build itself is compared, value by value",
        where=r"Properties\.Stages\..+\.EnvironmentVariables\._PROJECT_CONFIG_HASH\.value",
        types=("AWS::CodePipeline::Pipeline",),
    ),
    ChangeClass(
        name="more memory",
        why="it costs a little more; the report says how much",
        where=r"Properties\.(MemorySize|EphemeralStorage\.Size)",
        types=(FUNCTION,),
        only=conditions.grows,
    ),
    ChangeClass(
        name="logs kept longer",
        why="nothing is lost",
        where=r"Properties\.RetentionInDays",
        types=(LOG_GROUP,),
        only=conditions.grows,
    ),
    ChangeClass(
        name="order of creation",
        why="it waits for all that it waited for",
        where="DependsOn",
    ),
    ChangeClass(
        name="tags",
        why="bills are split by them, and no right hangs on one",
        where=r"Properties\.(Replicas\.[^.]+\.)?Tags(\..+)?",
        only=conditions.is_of_no_right,
    ),
    ChangeClass(
        name="kept when removed",
        why="more is kept than before",
        where="DeletionPolicy|UpdateReplacePolicy",
        only=conditions.is_kept,
    ),
    ChangeClass(
        name="output",
        why="it says what is there, to those who may read the stack",
        where=r"Outputs\.[^.]+",
        only=conditions.is_plain_output,
    ),
    ChangeClass(
        name="new, and reached by nobody",
        why="nobody has rights on it but by a policy, and the rules have looked at it",
        where="",
        types=(ALARM, DASHBOARD, LOG_GROUP, QUEUE),
        only=conditions.is_plain_resource,
    ),
    ChangeClass(
        name="new policy",
        why="each of its grants and denials is compared by itself, and whom a new role trusts",
        where="",
        types=(*POLICIES, ROLE),
        only=conditions.is_only_policy,
    ),
    ChangeClass(
        name="rights",
        why="each grant and denial is compared by itself; what is left allows less",
        where=r"Properties\.(Replicas\.[^.]+\.)?"
        rf"({'|'.join((*DOCUMENTS, *WHOLE_POLICIES))})(\.(?!.*\bVersion$).+)?",
        only=conditions.is_read,
    ),
    ChangeClass(
        name="holders of rights",
        why="the same: a grant or denial belongs to its holder",
        where=rf"Properties\.({'|'.join(ATTACHED_TO)})(\..+)?",
        types=POLICIES,
        only=conditions.is_only_policy,
    ),
    ChangeClass(
        name="rights to invoke",
        why="the same: a permission is a grant",
        where=rf"Properties\.({'|'.join(('Action', 'Principal', *PERMISSION_LIMITS))})",
        types=(PERMISSION,),
        only=conditions.is_read,
    ),
    ChangeClass(
        name="mail to the address of the setting",
        why="the setting is told, once for all topics",
        where="",
        types=(SUBSCRIPTION,),
        only=follows_setting,
    ),
    ChangeClass(
        name="type of a key",
        why="only a key of the table or of an index can have it, and each key is told",
        where=r"Properties\.AttributeDefinitions\.[^.]+",
        types=(GLOBAL_TABLE,),
    ),
    ChangeClass(
        name="name of a lookup",
        why="it says that the call is made again, and the call itself is compared",
        where=r"Properties\.(Create|Update)\.physicalResourceId\.id",
        types=LOOKUPS,
    ),
    *HARMLESS_GUARDS,
)


def harmless(difference: Difference, files: Files) -> ChangeClass | None:
    """Return the first class that ``difference`` is of, or None.

    None has a macro in it, or anything else that is filled in from elsewhere.
    """
    if not is_plain(difference.after):
        return None
    return next((each for each in HARMLESS if each.holds(difference, files)), None)
