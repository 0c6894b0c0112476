"""What may hold data of an earlier try: it is looked up with how much there is to lose."""

import naming
from ops.output import counted
from ops.preflight import removal
from ops.preflight.look import Look
from ops.preflight.plan import Named, Site
from ops.preflight.removal import Leftover


def queue(look: Look, thing: Named) -> Leftover | None:
    """Look up a queue, with its messages."""
    found = look.ask(thing.site, "sqs", "get_queue_url", QueueName=thing.name)
    if found is None:
        return None
    url = found["QueueUrl"]
    answer = look.ask(
        thing.site,
        "sqs",
        "get_queue_attributes",
        QueueUrl=url,
        AttributeNames=["ApproximateNumberOfMessages"],
    )
    messages = int(answer["Attributes"]["ApproximateNumberOfMessages"]) if answer else 0
    return Leftover(
        commands=(look.command(thing.site, "sqs", "delete-queue", "--queue-url", url),),
        holds=f"about {counted(messages, 'message')}" if messages else "",
    )


def bucket(look: Look, thing: Named) -> Leftover | None:
    """Look up a bucket among the account's own, with whether it is empty."""
    own = {each["Name"] for each in look.ask(thing.site, "s3", "list_buckets")["Buckets"]}
    if thing.name not in own:
        return None  # free, or somebody else's, which the check of bucket names finds
    page = look.ask(thing.site, "s3", "list_object_versions", Bucket=thing.name, MaxKeys=1)
    if page is None:
        return None
    is_empty = not (page.get("Versions") or page.get("DeleteMarkers"))
    return Leftover(
        commands=removal.bucket(look, thing, is_empty=is_empty), holds="" if is_empty else "objects"
    )


def table(look: Look, thing: Named) -> Leftover | None:
    """Look up a table, with its items; a replica goes with the table."""
    found = look.ask(thing.site, "dynamodb", "describe_table", TableName=thing.name)
    if found is None:
        return None
    table = found["Table"]
    regions = removal.replica_regions(table, thing.site)
    if thing.site.region != naming.PRIMARY and naming.PRIMARY in regions:
        return Leftover(commands=(f"# a replica: it goes with the table in {naming.PRIMARY}",))
    items = table.get("ItemCount", 0)
    protected = [
        region
        for region in regions
        if _is_protected(look, Site(account=thing.site.account, region=region), thing.name)
    ]
    return Leftover(
        commands=removal.table(look, thing, table, protected),
        holds=f"{counted(items, 'item')} as counted some hours ago" if items else "",
    )


def _is_protected(look: Look, site: Site, name: str) -> bool:
    found = look.ask(site, "dynamodb", "describe_table", TableName=name)
    return bool(found and found["Table"].get("DeletionProtectionEnabled"))


def access_point(look: Look, thing: Named) -> Leftover | None:
    """Look up an access point over both buckets."""
    asked = {"AccountId": thing.site.account, "Name": thing.name}
    found = look.ask(thing.site, "s3control", "get_multi_region_access_point", **asked)
    if found is None or found["AccessPoint"]["Status"] == "DELETING":
        return None
    return Leftover(commands=removal.access_point(look, thing))
