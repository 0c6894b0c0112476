"""A synthesized template as the rules see it: raw overrides included, resources with paths."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where a stack is, in the app's tree and in the world; some stand outside any stage."""

    path: str
    stage_path: str
    region: str
    account: str

    @property
    def stage(self) -> str:
        return self.stage_path.rpartition("/")[2]

    @property
    def local(self) -> str:
        """Path below the stage, the same for every region's copy."""
        return self.below_stage(self.path)

    def below_stage(self, path: str) -> str:
        return path.removeprefix(f"{self.stage_path}/") if self.stage_path else path


@dataclass(frozen=True, kw_only=True, slots=True)
class StackTemplate(Place):
    """One stack of an assembly. ``paths`` leads from logical ids to construct paths.

    ``termination_protected`` stands beside the template: CloudFormation takes it with the call.
    """

    name: str
    template: Mapping[str, Any]
    termination_protected: bool
    paths: Mapping[str, str] = field(default_factory=dict)

    def resources(self, *types: str) -> Iterator["Resource"]:
        """The resources of ``types``, or all of them."""
        for logical_id, body in self.template.get("Resources", {}).items():
            if not types or body["Type"] in types:
                yield Resource(stack=self, logical_id=logical_id, body=body)

    def outputs(self) -> Mapping[str, Mapping[str, Any]]:
        return dict(self.template.get("Outputs", {}))


@dataclass(frozen=True, kw_only=True, slots=True)
class Resource:
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
        """Construct path below the stage, without the name CDK gives each L1."""
        return self.stack.below_stage(self.path).removesuffix("/Resource")


def accounts(places: Iterable[Place]) -> int:
    """In how many accounts the regions' copies are: 1, or 2 when the standby has its own."""
    return len({place.account for place in places if place.stage_path})


def flat(value: object) -> str:
    """A template value as one string; what is known at deployment only stands in ``<>``."""
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
            return separator.join(flat(part) for part in parts)
        case _:
            return json.dumps(value, sort_keys=True)


def texts(value: object) -> Iterator[str]:
    """Every text in ``value``, however deep; what is put together at deployment as one."""
    match value:
        case dict() if not any(key == "Ref" or key.startswith("Fn::") for key in value):
            for part in value.values():
                yield from texts(part)
        case list():
            for part in value:
                yield from texts(part)
        case _:
            yield flat(value)


def wildcard(text: str) -> bool:
    """Whether IAM takes a part of ``text`` for whatever fits it."""
    return "*" in text or "?" in text


def listed(value: object) -> list[Any]:
    """IAM and CloudFormation let a list of one be written without brackets."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def refers_to(value: object, logical_id: str) -> bool:
    """Whether ``value`` names the resource anywhere, by Ref or by an attribute."""
    match value:
        case {"Ref": name} | {"Fn::GetAtt": [name, *_]}:
            return bool(name == logical_id)
        case dict():
            return any(refers_to(part, logical_id) for part in value.values())
        case list():
            return any(refers_to(part, logical_id) for part in value)
        case _:
            return False


def region_of(path: str, stacks: Iterable[StackTemplate]) -> str:
    """The region of the construct at ``path``, or an empty string when no stack holds it."""
    inside = [stack for stack in stacks if f"{path}/".startswith(f"{stack.path}/")]
    return max(inside, key=lambda stack: len(stack.path)).region if inside else ""
