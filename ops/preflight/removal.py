"""The commands that remove a leftover, exact for the state that it is in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ops.preflight.look import Look
from ops.preflight.plan import Named, Site

# The shortest that KMS takes.
KEY_WAITS_DAYS = "7"


@dataclass(frozen=True, kw_only=True, slots=True)
class Leftover:
    """Something that is there: the commands that remove it, and the data that would be lost."""

    commands: tuple[str, ...]
    holds: str = ""


def policy_arn(thing: Named) -> str:
    """Return the ARN of a managed policy by its name."""
    return f"arn:aws:iam::{thing.site.account}:policy/{thing.name}"


def function(look: Look, thing: Named, mappings: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """Delete a function after its mappings, which would go on reading for one of the same name."""
    return (
        *(
            look.command(
                thing.site, "lambda", "delete-event-source-mapping", "--uuid", each["UUID"]
            )
            for each in mappings
        ),
        look.command(thing.site, "lambda", "delete-function", "--function-name", thing.name),
    )


def event_bus(look: Look, thing: Named, rules: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Delete a bus after its ``rules``, and each rule after its targets."""
    commands: list[str] = []
    for name, targets in rules.items():
        rule = ("--rule", name, "--event-bus-name", thing.name)
        if targets:
            commands.append(
                look.command(thing.site, "events", "remove-targets", *rule, "--ids", *targets)
            )
        named = ("--name", name, "--event-bus-name", thing.name)
        commands.append(look.command(thing.site, "events", "delete-rule", *named))
    return (*commands, look.command(thing.site, "events", "delete-event-bus", "--name", thing.name))


def role(
    look: Look, thing: Named, attached: Sequence[str], inline: Sequence[str]
) -> tuple[str, ...]:
    """Delete a role after its policies: the ``attached`` are kept, the ``inline`` are its own."""
    named = ("--role-name", thing.name)

    def command(*words: str) -> str:
        return look.command(thing.site, "iam", words[0], *named, *words[1:])

    return (
        *(command("detach-role-policy", "--policy-arn", each) for each in attached),
        *(command("delete-role-policy", "--policy-name", each) for each in inline),
        command("delete-role"),
    )


def policy(
    look: Look,
    thing: Named,
    versions: Sequence[Mapping[str, Any]],
    holders: Mapping[str, Sequence[Mapping[str, str]]],
) -> tuple[str, ...]:
    """Delete a managed policy after its other versions and once nobody has it any more.

    Roles that it is the boundary of have to go first; they are leftovers of their own.
    """
    known = ("--policy-arn", policy_arn(thing))

    def command(*words: str) -> str:
        return look.command(thing.site, "iam", words[0], *known, *words[1:])

    kinds = (("Role", "role"), ("User", "user"), ("Group", "group"))
    detached = [
        command(f"detach-{word}-policy", f"--{word}-name", each[f"{kind}Name"])
        for kind, word in kinds
        for each in holders.get(f"Policy{kind}s", ())
    ]
    older = [
        command("delete-policy-version", "--version-id", each["VersionId"])
        for each in versions
        if not each["IsDefaultVersion"]
    ]
    return (*detached, *older, command("delete-policy"))


def key(look: Look, site: Site, key_id: str) -> tuple[str, ...]:
    """Have a key deleted; KMS waits for a while, in which it can be cancelled."""
    words = ("--key-id", key_id, "--pending-window-in-days", KEY_WAITS_DAYS)
    return (look.command(site, "kms", "schedule-key-deletion", *words),)


def bucket(look: Look, thing: Named, *, is_empty: bool) -> tuple[str, ...]:
    """Delete a bucket after every version of every object, a thousand at a time."""
    named = ("--bucket", thing.name)
    delete = look.command(thing.site, "s3api", "delete-bucket", *named)
    if is_empty:
        return (delete,)
    query = "{Objects: [Versions, DeleteMarkers][][].{Key: Key, VersionId: VersionId}}"
    listing = ("list-object-versions", *named, "--no-paginate", "--output", "json")
    lists = look.command(thing.site, "s3api", *listing, "--query", query)
    # From standard input, because a thousand keys are too long for an argument.
    deleting = ("delete-objects", *named, "--delete", "file:///dev/stdin")
    answer = ("--query", "Errors[0].Message", "--output", "text")
    deletes = look.command(thing.site, "s3api", *deleting, *answer)
    # It ends at the first page of which something can't be deleted.
    loop = (
        f"while found=$({lists}) && [[ $found == *VersionId* ]]; do "
        f'[ "$({deletes} <<<"$found")" = None ] || break; done'
    )
    return (loop, delete)


def replica_regions(table: Mapping[str, Any], home: Site) -> list[str]:
    """Return the regions of a table: that of ``home``, and those of its account's other replicas.

    A replica in another account is a table of that account, which only its owner removes.
    """
    others = {
        each["RegionName"]
        for each in table.get("Replicas", ())
        if _account(each.get("ReplicaArn", "")) in ("", home.account)
    }
    return [home.region, *sorted(others - {home.region})]


def _account(arn: str) -> str:
    return arn.split(":")[4] if arn else ""


def table(
    look: Look, thing: Named, found: Mapping[str, Any], protected: Sequence[str]
) -> tuple[str, ...]:
    """Delete a table: first its protection in the regions where it is, then replicas, then itself.

    Each step waits until DynamoDB has ended the one before.
    """
    named = ("--table-name", thing.name)
    home, *others = replica_regions(found, thing.site)

    def command(*words: str, region: str = home) -> str:
        return look.command(thing.site, "dynamodb", words[0], *named, *words[1:], region=region)

    def wait(until: str, region: str = home) -> str:
        return look.command(thing.site, "dynamodb", "wait", until, *named, region=region)

    commands: list[str] = []
    for region in protected:
        commands.append(command("update-table", "--no-deletion-protection-enabled", region=region))
        commands.append(wait("table-exists", region))
    for region in others:
        removed = f"Delete={{RegionName={region}}}"
        commands.append(command("update-table", "--replica-updates", removed))
        commands += [wait("table-not-exists", region), wait("table-exists")]
    return (*commands, command("delete-table"), wait("table-not-exists"))


def access_point(look: Look, thing: Named) -> tuple[str, ...]:
    """Delete an access point; its buckets can't be deleted before S3 has ended that."""
    known = ("--account-id", thing.site.account)
    delete = ("delete-multi-region-access-point", *known, "--details", f"Name={thing.name}")
    reads = ("get-multi-region-access-point", *known, "--name", thing.name)
    waits = look.command(thing.site, "s3control", *reads)
    return (
        look.command(thing.site, "s3control", *delete),
        f"while {waits} >/dev/null 2>&1; do sleep 20; done",
    )
