"""The deployer's settings that occur in findings and paths, read back from what the app makes."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from naming import PREFIX, SUFFIX
from policies.templates.template import StackTemplate, resources

EMAIL, PRODUCER, FOLDER = "{email}", "{producer}", "{folder}"
# Of a producer's policy (stages/identities/producers.py): its description, its document as JSON.
PRODUCERS = re.compile(r"Lets (\S+) put files below its folder")
FOLDERS = re.compile(rf'"arn:aws:s3:::{PREFIX}[^/"]+/([^"*]+)\*"')


@dataclass(frozen=True, kw_only=True, slots=True)
class Choices:
    """Settings; empty if they are not set. ``producers`` are folders by the producer's name."""

    bucket_suffix: str = ""
    alert_email: str = ""
    producers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def seen_in(cls, stacks: Sequence[StackTemplate]) -> Self:
        """Read them from bucket names, subscriptions, and the descriptions of policies."""

        def properties(type_: str) -> Iterator[Mapping[str, Any]]:
            return (each.properties for each in resources(stacks, type_))

        names = (str(each.get("BucketName")) for each in properties("AWS::S3::Bucket"))
        suffixes = (re.fullmatch(rf"{PREFIX}.*?{SUFFIX}-(.+)", name) for name in names)
        endpoints = (str(each.get("Endpoint")) for each in properties("AWS::SNS::Subscription"))
        found = (
            (PRODUCERS.fullmatch(str(each.get("Description"))), FOLDERS.search(json.dumps(each)))
            for each in properties("AWS::IAM::ManagedPolicy")
        )
        return cls(
            bucket_suffix=next((match[1] for match in suffixes if match), ""),
            alert_email=next((end for end in endpoints if "@" in end), ""),
            producers={who[1]: where[1] for who, where in found if who and where},
        )

    def values(self, path: str) -> Iterator[Mapping[str, str]]:
        """Yield what the placeholders of a row with ``path`` stand for, once for each producer.

        Nothing, if the path is about a setting that is not set.
        """
        suffix = f"-{self.bucket_suffix}" if self.bucket_suffix else ""
        common = {"{suffix}": suffix, EMAIL: self.alert_email}
        if PRODUCER in path:
            for name, folder in self.producers.items():
                yield {**common, PRODUCER: name, FOLDER: folder}
        elif self.alert_email or EMAIL not in path:
            yield common


def is_optional(path: str) -> bool:
    """Return whether a row with ``path`` is about something that a deployer may leave out."""
    return EMAIL in path or PRODUCER in path
