"""A resource becomes more reachable from the internet, by a setting other than a policy."""

from collections.abc import Iterator, Mapping
from typing import Any

from policies.changes.update import Update
from policies.finding import Finding, at
from policies.templates.template import Resource, as_list, as_text

REMEDY = "leave it closed"

BLOCK = "PublicAccessBlockConfiguration"
BLOCKS = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")
GROUP_RULES = ("SecurityGroupIngress", "SecurityGroupEgress")
TYPES = (
    "AWS::S3::Bucket",
    "AWS::Lambda::Url",
    "AWS::EC2::SecurityGroup",
    *(f"AWS::EC2::{name}" for name in GROUP_RULES),
)


def check(update: Update) -> Iterator[Finding]:
    before = {resource.logical_id: resource for resource in update.before.resources(*TYPES)}
    for resource in update.after.resources(*TYPES):
        old = before.get(resource.logical_id)
        known = set(_openings(old)) if old else set()
        for opening in sorted(set(_openings(resource)) - known):
            yield at(resource, "the base is closed here", exact=opening)


def _openings(resource: Resource) -> Iterator[str]:
    match resource.type:
        case "AWS::S3::Bucket":
            yield from _of_bucket(resource.properties)
        case "AWS::Lambda::Url":
            if resource.properties.get("AuthType") == "NONE":
                yield "AuthType is NONE"
        case "AWS::EC2::SecurityGroup":
            rules = [(name, resource.properties.get(name)) for name in GROUP_RULES]
            yield from (f"{name} {as_text(rule)}" for name, each in rules for rule in as_list(each))
        case "AWS::EC2::SecurityGroupIngress" | "AWS::EC2::SecurityGroupEgress":
            yield as_text(resource.properties)


def _of_bucket(properties: Mapping[str, Any]) -> Iterator[str]:
    block = properties.get(BLOCK, {})
    yield from (f"{name} is off" for name in BLOCKS if block.get(name) not in (True, "true"))
    if str(properties.get("AccessControl", "Private")).startswith(("Public", "Authenticated")):
        yield f"AccessControl is {properties['AccessControl']}"
    for rule in properties.get("OwnershipControls", {}).get("Rules", []):
        if rule.get("ObjectOwnership") != "BucketOwnerEnforced":
            yield "ObjectOwnership lets ACLs count"
