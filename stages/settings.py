"""The deployer's settings in ``cdk.json``, read once and validated."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, fields
from typing import Any, Self

import naming

ACCOUNT = r"\d{12}"
# Longer values break a limit of a service; tests/infra/test_limits.py deploys the longest of all.
EMAIL_CHARACTERS = 200
EMAIL_OR_NONE = rf"(?!.{{{EMAIL_CHARACTERS + 1}}})([^@\s]+@[^@\s]+\.[^@\s]+)?"
# The pipeline's artifact is named after it, and the texts of alarms contain it.
REPOSITORY_CHARACTERS = 80
REPOSITORY = rf"(?!.{{{REPOSITORY_CHARACTERS + 1}}})[\w.-]+/[\w.-]+"
BRANCH_CHARACTERS = 100
BRANCH = rf"[\w./-]{{1,{BRANCH_CHARACTERS}}}"
CONNECTION_ARN = (
    r"arn:aws:(codeconnections|codestar-connections):[a-z0-9-]+:\d{12}:connection/[0-9a-f-]{36}"
)
# The longest bucket name, the pipeline's artifacts, is then 63 characters long: the S3 limit.
BUCKET_SUFFIX_OR_NONE = r"([a-z0-9][a-z0-9-]{0,16}[a-z0-9])?"
DECIMAL_TO_ONE = r"0(\.\d{1,6})?|1(\.0{1,6})?"
# DynamoDB and S3 delete by whole days; 36,500 are a century.
DAYS = r"0|[1-9]\d{0,3}|[12]\d{4}|3[0-5]\d{3}|36[0-4]\d\d|36500"
# A person's role or user, one by one: a wildcard would let in whoever is given such a name later.
IDENTITY_ARN = r"arn:aws:iam::\d{12}:(role|user)/[\w+=,.@/-]{1,576}"
# Part of a policy's name, and a folder of the bucket that is not the verification's own.
PRODUCER = r"[a-z0-9]([a-z0-9-]{0,28}[a-z0-9])?"
FOLDER_CHARACTERS = 200
PREFIX = rf"(?!canary/)(?!.{{{FOLDER_CHARACTERS + 1}}})([\w.=-]+/){{1,8}}"
# Each has a policy in each region's template.
MOST_PRODUCERS = 200
# A role's trust policy names all who may assume it, and the account of each.
PEOPLE_CHARACTERS = 1500
PERSON_OVERHEAD = 40
PEOPLE = (
    "a list of ARNs of IAM roles and users, each in full, without * or ?; all fit into a role's"
    f" trust policy, with {PERSON_OVERHEAD} characters more for each: {PEOPLE_CHARACTERS} at most"
)

# An alarm looks back one day at most, and has to see two of them missing.
EVERY_MINUTES = r"[1-9]\d?|[12]\d\d|3[0-5]\d|360"
# What the report estimates costs for; what is left out is as in review/cost/prices.toml.
LOAD: Mapping[str, str] = {
    "filesPerDay": r"0|[1-9]\d{0,8}",
    "recordsPerFile": r"[1-9]\d{0,9}",
    "bytesPerRecord": r"[1-9]\d{0,5}",
    "rejectedShare": DECIMAL_TO_ONE,
    "datasets": r"[1-9]\d{0,3}",
    "monthsKept": r"[1-9]\d{0,3}",
    "deploymentsPerMonth": r"0|[1-9]\d{0,4}",
}


class SettingsError(ValueError):
    """The context in ``cdk.json`` (or ``-c``) is invalid; the message lists every invalid key."""


def setting(pattern: str, meaning: str) -> Any:  # noqa: ANN401  # as dataclasses.field
    """Declare a required context key by the ``pattern`` of its value, and that value in words."""

    def fits(value: object) -> bool:
        return _fits(value, pattern)

    return field(metadata={"meaning": meaning, "fits": fits})


def settings_people(meaning: str) -> Any:  # noqa: ANN401  # as dataclasses.field
    """Declare a required key whose value is a list of ARNs, which fit into a trust policy.

    It may be JSON text, because ``-c`` gives nothing else; so may the value of a map.
    """

    def fits(value: object) -> bool:
        if not isinstance(value, list) or not all(_fits(each, IDENTITY_ARN) for each in value):
            return False
        return sum(len(each) + PERSON_OVERHEAD for each in value) <= PEOPLE_CHARACTERS

    return field(metadata={"meaning": meaning, "fits": fits, "json": True})


def settings_map(key: str, pattern: str, most: int, meaning: str) -> Any:  # noqa: ANN401  # as above
    """Declare a required key whose value maps at most ``most`` texts of ``key`` to ``pattern``."""

    def fits(value: object) -> bool:
        if not isinstance(value, dict) or len(value) > most:
            return False
        return all(_fits(name, key) and _fits(each, pattern) for name, each in value.items())

    return field(metadata={"meaning": meaning, "fits": fits, "json": True})


def settings_choice(patterns: Mapping[str, str], meaning: str) -> Any:  # noqa: ANN401  # as above
    """Declare a required key whose value has any of the keys of ``patterns``, each of its own."""

    def fits(value: object) -> bool:
        return isinstance(value, dict) and all(
            _fits(each, patterns.get(name, r"(?!)")) for name, each in value.items()
        )

    return field(metadata={"meaning": meaning, "fits": fits, "json": True})


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """The validated context: ``bucket_suffix`` is the key ``bucketSuffix``, and so on."""

    account: str = setting(
        ACCOUNT, f"12 digits: the account of {naming.PRIMARY} and of the pipeline"
    )
    standby_account: str = setting(
        ACCOUNT, f"12 digits: the account of {naming.STANDBY}, which may be the same"
    )
    bucket_suffix: str = setting(
        BUCKET_SUFFIX_OR_NONE,
        "empty, or 2 to 18 lower-case letters, digits and hyphens to append to bucket names",
    )
    alert_email: str = setting(
        EMAIL_OR_NONE, "empty, or the e-mail address that receives alarms and approval requests"
    )
    repository: str = setting(
        REPOSITORY, f"owner/name of the repository, at most {REPOSITORY_CHARACTERS} characters"
    )
    branch: str = setting(BRANCH, f"the branch to deploy, at most {BRANCH_CHARACTERS} characters")
    connection_arn: str = setting(CONNECTION_ARN, "the ARN of a CodeConnections connection")
    rejected_share_announced: str = setting(
        DECIMAL_TO_ONE,
        'a decimal from "0" to "1", in quotes: above this share of rejected rows people are told',
    )
    raw_files_kept_days: str = setting(
        DAYS, 'days in quotes: how long producers\' files are kept, "0" for always'
    )
    rejected_rows_kept_days: str = setting(
        DAYS, 'days in quotes: how long rejected rows are kept after their file was put, or "0"'
    )
    status_index: str = setting(
        "all|exceptions",
        "all, or exceptions: without accepted rows, which halves the price of a write",
    )
    operators: Sequence[str] = settings_people(f"who may operate: {PEOPLE}")
    readers: Sequence[str] = settings_people(f"who may look, without the data: {PEOPLE}")
    producers: Mapping[str, str] = settings_map(
        PRODUCER,
        PREFIX,
        MOST_PRODUCERS,
        f"an object of at most {MOST_PRODUCERS} names and folders of at most {FOLDER_CHARACTERS}"
        ' characters, such as {"shop": "orders/"}: who may put files where',
    )
    canary_every_minutes: str = setting(
        EVERY_MINUTES, 'minutes in quotes, "1" to "360": how often each region tests itself'
    )
    ranges_at_once: str = setting(
        r"[1-9]\d{0,2}", "1 to 999, in quotes: how many ranges of a large file are stored at once"
    )
    load: Mapping[str, str] = settings_choice(
        LOAD,
        "an object with any of "
        + ", ".join(LOAD)
        + ', numbers in quotes such as {"filesPerDay": "100"}: what costs are estimated for',
    )
    bundle_platform: str = setting("lambda|host", "lambda for AWS, host for the local cloud")

    @classmethod
    def from_context(cls, lookup: Callable[[str], Any]) -> Self:
        """Read every key with ``lookup``; raise a ``SettingsError`` that names all invalid ones."""
        given = {spec.name: lookup(_camel(spec.name)) for spec in fields(cls)}
        values = {
            spec.name: _parsed(given[spec.name]) if "json" in spec.metadata else given[spec.name]
            for spec in fields(cls)
        }
        invalid = [
            f"  {_camel(name)} = {json.dumps(values[name])}: must be {spec.metadata['meaning']}"
            for spec in fields(cls)
            if not spec.metadata["fits"](values[name := spec.name])
        ]
        if invalid:
            head = "invalid context in cdk.json, which docs/deployment.md explains:"
            raise SettingsError("\n".join([head, *invalid]))
        return cls(**values)


def _fits(value: object, pattern: str) -> bool:
    return isinstance(value, str) and re.fullmatch(pattern, value, re.ASCII) is not None


def _parsed(value: Any) -> Any:  # noqa: ANN401  # JSON
    """Return what JSON text stands for; anything else as it is."""
    if isinstance(value, str):
        with suppress(json.JSONDecodeError):
            return json.loads(value)
    return value


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)
