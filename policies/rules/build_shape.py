"""A build runs our targets and the pinned CDK on an image of AWS, with the variables it is for.

The one that makes the assembly runs every gate, and a region is verified after its deployment.

After the gates, it holds the rights to deploy: a command, a phase, an image or a variable beside
those is code that no gate has seen, or makes a proof say what is not so.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

import naming
from policies.finding import Finding, at, each_at
from policies.templates.shape import actions, beside, read
from policies.templates.template import Resource, StackTemplate, as_text

BUILD, PIPELINE = "AWS::CodeBuild::Project", "AWS::CodePipeline::Pipeline"
NONE, LOOKS_AT = "nothing", ("REGION", "ROLE", "PEER_REGION", "PEER_ROLE")
SHAPES = read(__file__)
REMEDY, SAYS, NEEDED = (SHAPES[name] for name in ("remedy", "build", "needed"))


def check(stacks: Sequence[StackTemplate]) -> Iterator[Finding]:
    for stack in stacks:
        for build in stack.resources(BUILD):
            specified = _written(build.properties["Source"].get("BuildSpec"))
            more = beside(build.properties, SAYS, "Properties")
            for what in (*more, *beside(specified, SHAPES["specification"], "BuildSpec")):
                means = (f"; so {each}" for part, each in SHAPES["meaning"].items() if part in what)
                said = f"no build of this project has that: {what}{next(means, '')}"
                yield at(build, said, exact=what)
        for pipeline in stack.resources(PIPELINE):
            for _, action in actions(pipeline):
                given = _written(action["Configuration"].get("EnvironmentVariables", "[]"))
                more = beside(given, SHAPES["told"]["variables"], action["Name"])
                yield from each_at(pipeline, more, "no build is told that: {}")
            yield from each_at(pipeline, _proofs(pipeline, {each.stage: each for each in stacks}))


def _proofs(pipeline: Resource, regions: Mapping[str, StackTemplate]) -> Iterator[str]:
    """Yield actions whose build is of another stack, proves another region, or runs too little."""
    builds = {as_text({"Ref": each.logical_id}): each for each in pipeline.stack.resources(BUILD)}
    for stage, action in actions(pipeline):
        name, where = as_text(action["Configuration"].get("ProjectName", "")), action["Name"]
        if name not in builds:
            if name:
                yield f"in {stage}, {where} runs the build {name}"
            continue
        for target in NEEDED.get("region" if stage in regions else stage, ()):
            if f"make {target}" not in _commands(builds[name]):
                yield f"in {stage}, {where} does not run make {target}"
        if here := regions.get(stage):
            told = builds[name].properties["Environment"].get("EnvironmentVariables", ())
            given = {each["Name"]: as_text(each["Value"]) for each in told}
            wanted = _looks_at(here, regions.get(naming.stage(naming.peer(here.region)), here))
            for name in (each for each in LOOKS_AT if given.get(each) != wanted.get(each)):
                why = f"its {name} is {given.get(name, NONE)}, not {wanted.get(name, NONE)}"
                yield f"in {stage}, {where} proves something else: {why}"


def _looks_at(here: StackTemplate, peer: StackTemplate) -> Mapping[str, str]:
    """Return where a proof must look: at the peer too, but before that is first deployed.

    One role reads both replicas in one account, and in two each its own.
    """
    is_one_account = here.account == peer.account
    role, peer_role = (
        naming.role_arn(naming.verification_role(each.region), each.account)
        for each in (here, here if is_one_account else peer)
    )
    looks_at = {"REGION": here.region, "ROLE": role}
    if is_one_account or here.region == naming.STANDBY:
        looks_at |= {"PEER_REGION": peer.region, "PEER_ROLE": peer_role}
    return looks_at


def _commands(build: Resource) -> Sequence[str]:
    with suppress(LookupError, TypeError):
        specification = _written(build.properties["Source"]["BuildSpec"])
        return list(specification["phases"]["build"]["commands"])
    return ()


def _written(value: object) -> Any:
    """Return what a text says; one that is no JSON is a file nobody reads."""
    text = as_text(value)
    with suppress(ValueError):
        return json.loads(text)
    return text
