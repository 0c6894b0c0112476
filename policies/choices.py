"""The deployer's settings that occur in findings and paths, read back from what the app makes."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from naming import PREFIX, SUFFIX
from policies.templates.template import StackTemplate, resources

BUCKETS, EMAIL, PRODUCER, FOLDER = "{suffix}", "{email}", "{producer}", "{folder}"
# What a deployer may leave out.
OPTIONAL = (EMAIL, PRODUCER)
# Of a producer's policy (stages/identities/producers.py): its description, its document as JSON.
PRODUCERS = re.compile(r"Lets (\S+) put files below its folder")
FOLDERS = re.compile(rf'"arn:aws:s3:::{PREFIX}[^/"]+/([^"*]+)\*"')

# What placeholders stand for.
Values: TypeAlias = Mapping[str, str]


def seen_in(stacks: Sequence[StackTemplate]) -> list[Values]:
    """Return what placeholders stand for: of every row, of one about mails, of each producer's.

    It is read from bucket names, subscriptions, and the descriptions of policies.
    """
    names = (str(e.properties.get("BucketName")) for e in resources(stacks, "AWS::S3::Bucket"))
    suffixes = (re.fullmatch(rf"{PREFIX}.*?{SUFFIX}(-.+)", name) for name in names)
    ends = (str(e.properties.get("Endpoint")) for e in resources(stacks, "AWS::SNS::Subscription"))
    mails = [{EMAIL: end} for end in ends if "@" in end][:1]
    producers = ({PRODUCER: who, FOLDER: at} for who, at in folders(stacks).items())
    common = {BUCKETS: next((match[1] for match in suffixes if match), "")}
    return [common, *({**common, **each} for each in (*mails, *producers))]


def folders(stacks: Sequence[StackTemplate]) -> Mapping[str, str]:
    """Return the folder of each producer."""
    policies = (each.properties for each in resources(stacks, "AWS::IAM::ManagedPolicy"))
    found = (
        (PRODUCERS.fullmatch(str(each.get("Description"))), FOLDERS.search(json.dumps(each)))
        for each in policies
    )
    return {who[1]: at[1] for who, at in found if who and at}
