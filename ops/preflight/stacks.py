"""The stacks as CloudFormation has them: which are deployed, and which stop a deployment."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from ops.preflight.look import Look
from ops.preflight.plan import Named, Site
from ops.status.lines import Answer, attention, ok

# What can be updated, and what its resources belong to.
DEPLOYED = frozenset(
    {
        *("CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"),
        *("IMPORT_COMPLETE", "IMPORT_ROLLBACK_COMPLETE"),
        *("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS"),
    }
)
# Deployed once, and in the middle of an update that failed.
STUCK = {
    "UPDATE_FAILED": "rollback-stack",
    "UPDATE_ROLLBACK_FAILED": "continue-update-rollback",
}
ONLY_PREPARED = "REVIEW_IN_PROGRESS"
NOT_DELETED = "DELETE_FAILED"


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """One stack: ``status`` is empty if there is none; ``physical`` are its resources' ids.

    ``undeleted`` are the logical ids of the resources that a deletion has failed at.
    """

    name: str
    site: Site
    status: str = ""
    reason: str = ""
    is_protected: bool = False
    physical: frozenset[str] = frozenset()
    undeleted: tuple[str, ...] = ()

    @property
    def is_deployed(self) -> bool:
        """Return whether its resources are in use: those of a stack that moves may be, too."""
        return self.status in DEPLOYED or self.status in STUCK or self.is_moving

    @property
    def is_moving(self) -> bool:
        """Return whether CloudFormation is at work on it."""
        return (
            self.status.endswith("_IN_PROGRESS")
            and self.status != ONLY_PREPARED
            and self.status not in DEPLOYED
        )

    def has(self, thing: Named) -> bool:
        """Return whether the stack is deployed and has something of this name."""
        ends = (f":{thing.name}", f"/{thing.name}")
        return self.is_deployed and any(
            each == thing.name or each.endswith(ends) for each in self.physical
        )


def read(look: Look, site: Site, name: str) -> Found:
    """Return a stack as it is; one that never was has no status."""
    found = _described(look, site, name)
    if not found:
        return Found(name=name, site=site)
    resources = look.pages(
        site, "cloudformation", "list_stack_resources", "StackResourceSummaries", StackName=name
    )
    return Found(
        name=name,
        site=site,
        status=found["StackStatus"],
        reason=found.get("StackStatusReason", ""),
        is_protected=found.get("EnableTerminationProtection", False),
        physical=frozenset(
            each["PhysicalResourceId"] for each in resources if each.get("PhysicalResourceId")
        ),
        undeleted=tuple(
            each["LogicalResourceId"] for each in resources if each["ResourceStatus"] == NOT_DELETED
        ),
    )


def _described(look: Look, site: Site, name: str) -> Mapping[str, Any]:
    """Return CloudFormation's description, which names what is not there by a ValidationError."""
    try:
        stacks = look.ask(site, "cloudformation", "describe_stacks", StackName=name)["Stacks"]
    except ClientError as error:
        if "does not exist" in error.response["Error"]["Message"]:
            return {}
        raise
    [found] = stacks
    return {} if found["StackStatus"] == "DELETE_COMPLETE" else dict(found)


def judge(look: Look, found: Found) -> Answer:
    """Return what a stack's state means for a deployment."""
    if not found.status:
        return ok(f"{found.name}: not deployed yet")
    if found.status in DEPLOYED:
        return ok(f"{found.name}: {found.status}")
    if found.is_moving:
        return attention(
            f"{found.name}: {found.status}", "wait until CloudFormation has ended, then look again"
        )
    if found.status in STUCK:
        words = ("cloudformation", STUCK[found.status], "--stack-name", found.name)
        return attention(f"{found.name}: {found.status}", look.command(found.site, *words))
    why = "a change set was made and never executed" if found.status == ONLY_PREPARED else ""
    said = why or found.reason
    return attention(
        f"{found.name}: {found.status}" + (f" ({said})" if said else ""),
        "\n".join(_deletion(look, found)),
    )


def _deletion(look: Look, found: Found) -> tuple[str, ...]:
    """Return the commands that delete a stack; what it can't delete stays, and is a leftover."""
    named = ("--stack-name", found.name)
    unprotect = ("update-termination-protection", "--no-enable-termination-protection", *named)
    retained = ("--retain-resources", *found.undeleted) if found.status == NOT_DELETED else ()
    commands = [
        ("delete-stack", *named, *(retained if found.undeleted else ())),
        ("wait", "stack-delete-complete", *named),
    ]
    if found.is_protected:
        commands.insert(0, unprotect)
    return tuple(look.command(found.site, "cloudformation", *words) for words in commands)
