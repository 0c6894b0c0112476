"""The conditions of the classes of harmless changes, beyond type and place."""

import re
from collections.abc import Sequence

from policies.changes import grants, legible
from policies.changes.change_class import Files, Test
from policies.changes.differences import Difference
from policies.changes.update import KEPT
from policies.templates.statements import IDENTITY_POLICIES, ROLE
from policies.templates.template import ASSET, Resource, as_list, as_text

# What every function's bundle is made of, beside a folder that is named like its construct.
SHARED = re.compile(r"naming\.py|services/([^/]+\.py|aws_client/.+|[^/]+/__init__\.py)")
OWN = re.compile(r"services/(?P<name>\w+)/.+")
# A host, as of a link or an address of mail, with the owner and the repository on it.
LINK = re.compile(r"(?:(?://|@|\bwww\.)[\w.:-]+|\b[\w-]+(?:\.[\w-]+)+(?=/))(?:/[\w.-]+){0,2}")
# A condition on a tag, but for those on a role's.
TAG = re.compile(r"(?<!iam:Resource)Tag/")
ACTIONS = ("AlarmActions", "OKActions", "InsufficientDataActions")
BODY = frozenset({"Type", "Properties", "DependsOn", "DeletionPolicy", "UpdateReplacePolicy"})
# What a new resource may say: with more, it works otherwise or brings something to somebody.
SAYING = {
    "AWS::CloudWatch::Alarm": frozenset(
        {
            *("AlarmName", "AlarmDescription", "Namespace", "MetricName", "Metrics", "Dimensions"),
            *("Statistic", "ExtendedStatistic", "Period", "EvaluationPeriods", "Threshold"),
            *("DatapointsToAlarm", "ComparisonOperator", "TreatMissingData", "Tags", *ACTIONS),
        }
    ),
    "AWS::CloudWatch::Dashboard": frozenset({"DashboardName", "DashboardBody"}),
    "AWS::Logs::LogGroup": frozenset({"LogGroupName", "RetentionInDays", "KmsKeyId", "Tags"}),
    "AWS::SQS::Queue": frozenset(
        {
            *("QueueName", "MessageRetentionPeriod", "RedrivePolicy", "VisibilityTimeout"),
            *("KmsMasterKeyId", "KmsDataKeyReusePeriodSeconds", "SqsManagedSseEnabled", "Tags"),
        }
    ),
}


def grows(difference: Difference, _files: Files) -> bool:
    """Return whether a number becomes greater."""
    before, after = difference.before, difference.after
    return isinstance(before, int) and isinstance(after, int) and before < after


def shrinks(difference: Difference, files: Files) -> bool:
    """Return whether a number does not become greater, or goes, so that the default counts."""
    return not grows(difference, files)


def is_less(difference: Difference, files: Files) -> bool:
    """Return whether a number shrinks that was more than what there is by default."""
    return difference.before is not None and shrinks(difference, files)


def goes(difference: Difference, _files: Files) -> bool:
    """Return whether the value goes."""
    return difference.after is None


def stays(difference: Difference, _files: Files) -> bool:
    """Return whether there is a value from now on."""
    return difference.after is not None


def was_there(difference: Difference, _files: Files) -> bool:
    """Return whether this is part of something that the base has, or all of it."""
    return bool(difference.where) or difference.before is not None


def waits_for_less(difference: Difference, _files: Files) -> bool:
    """Return whether something that is still there is no longer waited for."""
    lost = {*as_list(difference.before)} - {*as_list(difference.after)}
    return any(each.logical_id in lost for each in difference.stack.resources())


def leads_elsewhere(difference: Difference, _files: Files) -> bool:
    """Return whether words lead to a host, or an owner on one, that they did not lead to."""
    before, after = (
        {*LINK.findall(as_text(words))} for words in (difference.before, difference.after)
    )
    return not after <= before


def is_of_no_right(difference: Difference, _files: Files) -> bool:
    """Return whether no right hangs on a tag: none of the stack's does, or of whoever has it."""
    holds = difference.type.startswith(("AWS::IAM::", "AWS::KMS::"))
    return not holds and not TAG.search(as_text(difference.stack.template))


def mentions(*words: str) -> Test:
    """Return the condition that one of ``words`` is in the place or in the new value."""
    return lambda difference, _files: any(
        word in difference.place + as_text(difference.after) for word in words
    )


def is_kept(difference: Difference, _files: Files) -> bool:
    """Return whether what is removed is kept from now on, and was not before."""
    return difference.after in KEPT and difference.before not in KEPT


def is_not_kept(difference: Difference, _files: Files) -> bool:
    """Return whether what is removed is kept no longer, or can be removed at once."""
    return difference.after not in (*KEPT, True)


def is_not_from_source(difference: Difference, files: Files) -> bool:
    """Return the opposite of ``is_from_source``."""
    return not is_from_source(difference, files)


def is_from_source(difference: Difference, files: Files) -> bool:
    """Return whether a bundle is another one because its source is; unknown files may be."""
    names = (difference.before, difference.after)
    path = difference.owner.path if difference.owner else ""
    constructs = path.lower().split("/")
    changed = files is None or any(_is_source(file, constructs) for file in files)
    return changed and all(isinstance(name, str) and ASSET.fullmatch(name) for name in names)


def _is_source(file: str, constructs: Sequence[str]) -> bool:
    own = OWN.fullmatch(file)
    return bool(
        SHARED.fullmatch(file) or (own and own["name"].replace("_", "").lower() in constructs)
    )


def is_plain_output(difference: Difference, _files: Files) -> bool:
    """Return whether the output is new, and no other stack can import it."""
    output = difference.after
    return difference.before is None and isinstance(output, dict) and "Export" not in output


def is_plain_resource(difference: Difference, _files: Files) -> bool:
    """Return whether a resource is new, says the usual, and an alarm tells its own topics."""
    if not _is_new(difference):
        return False
    properties = difference.after.get("Properties", {})
    if not properties.keys() <= SAYING[difference.type]:
        return False
    if not legible.is_dashboard(properties.get("DashboardBody", "")):
        return False
    told = [each for name in ACTIONS for each in as_list(properties.get(name))]
    return all(isinstance(each, dict) and each.keys() == {"Ref"} for each in told)


def is_read(difference: Difference, _files: Files) -> bool:
    """Return whether every grant in it is known; a whole resource must be new as well."""
    known = legible.is_policy(difference.where, difference.after)
    return known and (bool(difference.where) or _is_new(difference))


def is_only_policy(difference: Difference, files: Files) -> bool:
    """Return whether the same holds, and no other policy of the template is for the same store.

    A store has one policy, and the one that is written last is what counts.
    """
    policy = difference.owner
    if policy is None or not is_read(difference, files):
        return False
    if policy.type in (*IDENTITY_POLICIES, ROLE):
        return True
    others = [each for each in difference.stack.resources() if each.logical_id != policy.logical_id]
    taken = {holder for each in others for holder in _stores(each, policy.type)}
    # A name may be that of any store, one with a policy included.
    free = {f"<{each.logical_id}>" for each in others} - taken
    return {*grants.holders(policy)} <= free


def _stores(policy: Resource, type_: str) -> list[str]:
    return grants.holders(policy) if policy.type == type_ else []


def shows_metrics(difference: Difference, _files: Files) -> bool:
    """Return whether a dashboard invokes nothing."""
    return legible.is_dashboard(difference.after)


def _is_new(resource: Difference) -> bool:
    return resource.before is None and resource.after.keys() <= BODY
