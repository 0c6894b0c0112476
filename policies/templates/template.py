"""A synthesized template as the rules see it: with raw overrides and construct paths."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

# A bundle in the bootstrap's bucket, by its content.
ASSET = re.compile(r"[0-9a-f]{64}\.zip")
SUBSTITUTED = re.compile(r"\$\{([^.!}]+)")
# How a note begins that CDK puts beside a resource, of where it is from. Any other may tell a
# scanner to look away, or a macro what to do.
NOTE = "aws:"


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where a stack is, in the construct tree and in AWS; some stacks belong to no stage."""

    path: str
    stage_path: str = ""
    region: str = ""
    account: str = ""

    @property
    def stage(self) -> str:
        return self.stage_path.rpartition("/")[2]

    @property
    def local(self) -> str:
        """The path below the stage, which is the same in every region."""
        return self.below_stage(self.path)

    def below_stage(self, path: str) -> str:
        """Return ``path`` without the stage that it begins with."""
        return path.removeprefix(f"{self.stage_path}/") if self.stage_path else path

    def in_any_region(self, text: str) -> str:
        """Return ``text`` with placeholders for what differs between the regions' stacks."""
        return replaced(text, {self.region: "{region}", self.account: "{account}"})


@dataclass(frozen=True, kw_only=True, slots=True)
class StackTemplate(Place):
    """One stack of an assembly. ``paths`` maps logical ids to construct paths.

    ``sources`` are the lines of code that made its constructs, by their paths, if they are known.
    ``termination_protected`` is not part of the template: CloudFormation takes it as a parameter.
    ``acknowledged`` is what code acknowledges: paths and rules. ``lines`` are file and line of what
    is no template, by the keys that lead to it.
    """

    name: str
    template: Mapping[str, Any]
    termination_protected: bool = False
    paths: Mapping[str, str] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)
    acknowledged: Sequence[tuple[str, str]] = ()
    lines: Mapping[tuple[str, ...], str] = field(default_factory=dict, compare=False)

    def resources(self, *types: str) -> Iterator["Resource"]:
        """Yield the resources of ``types``; all resources if no type is given."""
        for logical_id, body in self.template.get("Resources", {}).items():
            if not types or body["Type"] in types:
                yield Resource(stack=self, logical_id=logical_id, body=body)

    def by_id(self) -> Mapping[str, "Resource"]:
        """Return all resources by their logical ids."""
        return {each.logical_id: each for each in self.resources()}

    def outputs(self) -> Mapping[str, Mapping[str, Any]]:
        """Return the outputs by name."""
        return dict(self.template.get("Outputs", {}))


@dataclass(frozen=True, kw_only=True, slots=True)
class Resource:
    """One resource of a template; ``body`` is its declaration."""

    stack: StackTemplate
    logical_id: str
    body: Mapping[str, Any]

    @property
    def type(self) -> str:
        return str(self.body["Type"])

    @property
    def properties(self) -> Mapping[str, Any]:
        return dict(self.body.get("Properties", {}))

    @property
    def path(self) -> str:
        fallback = f"{self.stack.path}/{self.logical_id}"
        named = self.body.get("Metadata", {}).get("aws:cdk:path")
        return str(named or self.stack.paths.get(self.logical_id, fallback))

    @property
    def local(self) -> str:
        """The construct path below the stage, without the last part that CDK adds to each L1."""
        return self.stack.below_stage(self.path).removesuffix("/Resource")


def resources(stacks: Iterable[StackTemplate], *types: str) -> Iterator[Resource]:
    """Yield the resources of ``types`` in all stacks; all resources if no type is given."""
    for stack in stacks:
        yield from stack.resources(*types)


def accounts(places: Iterable[Place]) -> int:
    """Return the number of accounts the regions are in: 1, or 2 if the standby has its own."""
    return len({place.account for place in places if place.stage_path})


def as_text(value: object) -> str:
    """Return a template value as one string, with ``<>`` around values that are not known yet."""
    match value:
        case str():
            return value
        case {"Fn::Sub": str(text)}:
            return text
        case {"Ref": str(name)}:
            return f"<{name}>"
        case {"Fn::GetAtt": [str(name), str(attribute)]}:
            return f"<{name}.{attribute}>"
        case {"Fn::Join": [str(separator), list(parts)]}:
            return separator.join(as_text(part) for part in parts)
    return json.dumps(value, sort_keys=True)


def all_texts(value: object) -> Iterator[str]:
    """Yield every string in ``value``, at any depth; an intrinsic function yields one string."""
    match value:
        case dict() if not is_function(value):
            yield from all_texts([*value.values()])
        case list():
            for part in value:
                yield from all_texts(part)
        case _:
            yield as_text(value)


def objects(value: object) -> Iterator[Mapping[str, Any]]:
    """Yield every object in ``value``, at any depth."""
    if isinstance(value, dict):
        yield value
        yield from objects([*value.values()])
    elif isinstance(value, list):
        for part in value:
            yield from objects(part)


def functions(value: object) -> Iterator[str]:
    """Yield the intrinsic functions in ``value``, at any depth."""
    yield from (key for part in objects(value) for key in part if is_function([key]))


def is_function(keys: Iterable[str]) -> bool:
    """Return whether one of the keys of an object makes it an intrinsic function."""
    return any(key == "Ref" or key.startswith("Fn::") for key in keys)


def has_wildcard(text: str) -> bool:
    """Return whether ``text`` contains one of IAM's wildcards."""
    return "*" in text or "?" in text


def replaced(text: str, names: Mapping[str, str]) -> str:
    """Return ``text`` with all of the ``names`` replaced by what they stand for, one by one."""
    for name, other in names.items():
        text = text.replace(name, other) if name else text
    return text


def as_list(value: object) -> list[Any]:
    """Return ``value`` as a list: IAM and CloudFormation accept one element without brackets."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def references(value: object) -> Iterator[str]:
    """Yield the logical ids, and other names, that ``value`` refers to, at any depth."""
    for part in objects(value):
        match part:
            case {"Ref": str(name)} | {"Fn::GetAtt": [str(name), *_]}:
                yield name
            case {"Fn::Sub": str(text)} | {"Fn::Sub": [str(text), *_]}:
                yield from SUBSTITUTED.findall(text)


def refers_to(value: object, logical_id: str) -> bool:
    """Return whether ``value`` refers to the resource anywhere."""
    return logical_id in references(value)
