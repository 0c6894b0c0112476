"""Which right somebody lacked who was denied a call, of which policy, and what to do about it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import naming
from local.aws_isolation import ACCOUNT
from local.clients import Clients
from local.errors import LocalCloudError

# In a stack's events, and in what the CDK and aws print of them.
DENIAL = re.compile(
    r"assumed-role/(?P<role>[^/\s]+)/\S+ is not authorized to perform: (?P<action>[\w-]+:[\w*]+)"
    r"(?: on resource: (?P<resource>[^\s\"']+))?"
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

    The cloud's IAM is asked, unless there was no denial.
    """
    told = " ".join(text.split())  # the CDK breaks lines
    denials = list(DENIAL.finditer(told))
    if not denials:
        return ""
    role, action, resource = denials[-1].group("role", "action", "resource")
    call = f"{role} may not call {action}" + (f" on {resource}" if resource else "")
    iam = clients.client("iam", naming.PRIMARY)
    if role.startswith(CLOUDFORMATION):
        attached = iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]
        names = " or ".join(sorted(each["PolicyName"] for each in attached)) or "its policies"
        return (
            f"{call}, which no statement of {names} allows: add the action, "
            f"or what it is called on, to its type in bootstrap/actions.toml, {GO_ON}"
        )
    if not _is_granted(iam, role, action, resource or "*"):
        return (
            f"{call}, which its own policy does not allow: grant it where the role is made, and "
            f"list it in policies/declared/role_actions.toml"
        )
    return (
        f"{call}, which the boundary of every role, {naming.BOUNDARY}, does not allow: "
        f"add what it is called on to bootstrap/boundary.toml, {GO_ON}"
    )


def _is_granted(iam: Any, role: str, action: str, resource: str) -> bool:
    """Return whether a role's own policies allow a call, which then only the boundary forbids."""
    answer = iam.simulate_principal_policy(
        PolicySourceArn=f"arn:aws:iam::{ACCOUNT}:role/{role}",
        ActionNames=[action],
        ResourceArns=[resource],
    )
    return bool(answer["EvaluationResults"][0]["EvalDecision"] == "allowed")
