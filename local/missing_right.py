"""Which right somebody lacked who was denied a call, of which policy, and what to do about it."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from fnmatch import fnmatchcase
from typing import Any

import naming
from local.aws_isolation import ACCOUNT
from local.clients import Clients
from local.errors import LocalCloudError

# In a stack's events, and in what the CDK and aws print of them.
DENIAL = re.compile(
    r"assumed-role/(?P<role>[^/\s]+)/\S+ is not authorized to perform: (?P<action>[\w-]+:[\w*]+)"
    r"(?: on resource: (?P<resource>[^\s\"']+))?(?P<denied> with an explicit deny)?"
)
CLOUDFORMATION = naming.bootstrap_role_arn("cfn-exec", "", ACCOUNT).rpartition("/")[2]
GO_ON = "then bootstrap again: here, make down and the same command"


@contextmanager
def named(clients: Clients) -> Iterator[None]:
    """Let the first line of a ``LocalCloudError`` name the right that was missing, if one was."""
    try:
        yield
    except LocalCloudError as error:
        first, _, more = str(error).partition("\n")
        said = filter(None, [first.rstrip(":"), find(str(error), clients)])
        raise LocalCloudError(f"{'; '.join(said)}:\n{more}") from error


def find(text: str, clients: Clients) -> str:
    """Return one sentence about the last denial that ``text`` tells of; empty if of none.

    The cloud is asked for its policies, unless there was no denial.
    """
    told = " ".join(text.split())  # the CDK breaks lines
    denials = list(DENIAL.finditer(told))
    if not denials:
        return ""
    role, action, resource, denied = denials[-1].group("role", "action", "resource", "denied")
    call = f"{role} may not call {action}" + (f" on {resource}" if resource else "")
    iam = clients.client("iam", naming.PRIMARY)
    if role.startswith(CLOUDFORMATION):
        attached = iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]
        names = " or ".join(sorted(each["PolicyName"] for each in attached)) or "its policies"
        return (
            f"{call}, which no statement of {names} allows: add the action, "
            f"or what it is called on, to its type in bootstrap/actions.toml, {GO_ON}"
        )
    if _is_let_through(_boundary(iam), action, resource or "", is_denied=bool(denied)):
        return (
            f"{call}, which its own policy does not allow: grant it where the role is made, and "
            f"list it in policies/declared/role_actions.toml"
        )
    return (
        f"{call}, which the boundary of every role, {naming.BOUNDARY}, does not allow: "
        f"add what it is called on to bootstrap/boundary.toml, {GO_ON}"
    )


def _boundary(iam: Any) -> Mapping[str, Any]:
    arn = f"arn:aws:iam::{ACCOUNT}:policy/{naming.BOUNDARY}"
    version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
    found = iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]
    document: Mapping[str, Any] = found["Document"]
    return document


def _is_let_through(
    boundary: Mapping[str, Any], action: str, resource: str, *, is_denied: bool
) -> bool:
    """Return whether the boundary is not what forbids the call, as far as names can tell."""
    effects = {
        statement["Effect"]
        for statement in boundary["Statement"]
        if any(fnmatchcase(action, each) for each in statement["Action"])
        and (not resource or any(fnmatchcase(resource, each) for each in statement["Resource"]))
    }
    return "Allow" in effects and not (is_denied and "Deny" in effects)
