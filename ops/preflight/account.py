"""The account itself: its region, the connection to the repository, the names of the buckets."""

from http import HTTPStatus
from typing import Any

from botocore.exceptions import ClientError

from ops.preflight.look import Look
from ops.preflight.plan import BUCKET, Plan, Site, site_of
from ops.status.lines import Answer, attention, ok, unknown
from policies.templates.template import as_text

CONSOLE = "https://console.aws.amazon.com/codesuite/settings/connections"


def region(look: Look, site: Site) -> list[Answer]:
    """Return whether the region is enabled for the account."""
    asked = {"RegionName": site.region}
    status = look.ask(site, "account", "get_region_opt_status", **asked)["RegionOptStatus"]
    if status in ("ENABLED", "ENABLED_BY_DEFAULT"):
        return [ok("enabled")]
    if status == "ENABLING":
        return [attention("being enabled", "look again in some minutes; it may take hours")]
    command = look.command(site, "account", "enable-region", "--region-name", site.region)
    return [attention(f"{status.lower()} for this account", command)]


def connection_arns(plan: Plan) -> list[tuple[Site, str]]:
    """Return the connections that the pipelines of the plan get their sources through."""
    return [
        (site_of(stack), as_text(action["Configuration"]["ConnectionArn"]))
        for stack in plan.stacks
        for pipeline in stack.resources("AWS::CodePipeline::Pipeline")
        for stage in pipeline.properties["Stages"]
        for action in stage["Actions"]
        if "ConnectionArn" in action.get("Configuration", {})
    ]


def connection(look: Look, site: Site, arn: str) -> list[Answer]:
    """Return whether the connection to the repository is there and its handshake complete."""
    service, region_name = arn.split(":")[2:4]
    found = look.ask(
        Site(account=site.account, region=region_name),
        service,
        "get_connection",
        ConnectionArn=arn,
    )
    if found is None:
        return [attention("connectionArn in cdk.json names none that exists", f"open {CONSOLE}")]
    status = found["Connection"]["ConnectionStatus"]
    provider = found["Connection"].get("ProviderType", "the provider")
    if status == "AVAILABLE":
        return [ok(f"available, to {provider}")]
    if status == "PENDING":
        return [attention("pending: its handshake is not complete", f"open {CONSOLE}")]
    return [attention(f"{status}: {provider} refused it", f"open {CONSOLE}, and make a new one")]


def bucket_names(anonymous: Any, look: Look, plan: Plan, site: Site) -> list[Answer]:
    """Return whether the bucket names of a site are free, or the account's own.

    ``anonymous`` is a client of S3 without credentials: S3 tells anyone whether a bucket exists.
    """
    names = [each.name for each in plan.named if each.type == BUCKET and each.site == site]
    there = [name for name in names if _exists(anonymous, name)]
    own = (
        {each["Name"] for each in look.ask(site, "s3", "list_buckets")["Buckets"]} if there else ()
    )
    taken = [name for name in there if name not in own]
    if taken:
        then = "set a bucketSuffix in cdk.json, run make synth and look again"
        return [attention(f"somebody else has {', '.join(taken)}", then)]
    if not names:
        return [unknown("the assembly has no bucket here")]
    return [ok(f"{len(names) - len(there)} are free, {len(there)} your own")]


def _exists(anonymous: Any, name: str) -> bool:
    """Return whether anybody has a bucket; S3 denies access to one that is somebody else's."""
    try:
        anonymous.head_bucket(Bucket=name)
    except ClientError as error:
        status = error.response["ResponseMetadata"]["HTTPStatusCode"]
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise
        return bool(status != HTTPStatus.NOT_FOUND)
    return True
