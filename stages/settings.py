"""What a deployer sets in ``cdk.json``: read once, validated, refused by a clear message."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from typing import Any, Self

ACCOUNT = r"\d{12}"
EMAIL_OR_NONE = r"([^@\s]+@[^@\s]+\.[^@\s]+)?"
REPOSITORY = r"[\w.-]+/[\w.-]+"
BRANCH = r"[\w./-]+"
CONNECTION_ARN = (
    r"arn:aws:(codeconnections|codestar-connections):[a-z0-9-]+:\d{12}:connection/[0-9a-f-]{36}"
)
# serverless-pipeline-artifacts-us-east-1-prod-<18 characters> is 63 long, the most S3 takes.
BUCKET_SUFFIX_OR_NONE = r"([a-z0-9][a-z0-9-]{0,16}[a-z0-9])?"


class SettingsError(ValueError):
    """The context in ``cdk.json`` (or ``-c``) can't be used; the message lists every wrong key."""


def setting(pattern: str, meaning: str) -> Any:  # noqa: ANN401  # as dataclasses.field
    """Declare a required context key: what it must look like, and what it means in words."""
    return field(metadata={"pattern": pattern, "meaning": meaning})


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """Field ``bucket_suffix`` is read from the context key ``bucketSuffix``, and so on."""

    account: str = setting(ACCOUNT, "12 digits, the account of us-east-1 and the pipeline")
    standby_account: str = setting(
        ACCOUNT, "12 digits, the account of us-west-2: the same as account, or one of its own"
    )
    bucket_suffix: str = setting(
        BUCKET_SUFFIX_OR_NONE,
        "empty, or 2 to 18 lower-case letters, digits and hyphens appended to bucket names",
    )
    alert_email: str = setting(EMAIL_OR_NONE, "empty, or the e-mail address that gets alarms")
    repository: str = setting(REPOSITORY, "owner/name of the repository that is deployed")
    branch: str = setting(BRANCH, "the branch whose pushes are deployed")
    connection_arn: str = setting(CONNECTION_ARN, "the ARN of a CodeConnections connection")
    bundle_platform: str = setting("lambda|host", "lambda for AWS, host for the local cloud")

    @classmethod
    def from_context(cls, lookup: Callable[[str], object]) -> Self:
        """Read every key with ``lookup``; raise ``SettingsError`` that names all wrong ones."""
        values = {spec.name: lookup(_camel(spec.name)) for spec in fields(cls)}
        wrong = [
            f"  {_camel(spec.name)} = {values[spec.name]!r}: must be {spec.metadata['meaning']}"
            for spec in fields(cls)
            if not _fits(values[spec.name], spec.metadata["pattern"])
        ]
        if wrong:
            raise SettingsError("\n".join(["the context in cdk.json can't be used:", *wrong]))
        return cls(**{name: str(value) for name, value in values.items()})


def _fits(value: object, pattern: str) -> bool:
    return isinstance(value, str) and re.fullmatch(pattern, value, re.ASCII) is not None


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)
