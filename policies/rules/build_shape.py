"""A build runs our targets and the pinned CDK on an image of AWS, with the variables it is for.

The one that makes the assembly runs every gate, and a region is verified after its deployment.

After the gates, it holds the rights to deploy: a command, a phase, an image or a variable beside
those is code that no gate has seen, or makes a proof say what is not so.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress

import naming
from policies.finding import Finding, at
from policies.templates import shape
from policies.templates.shape import beside
from policies.templates.template import Resource, StackTemplate, as_text

REMEDY = (
    "write in stages/pipeline/builds.py what policies/rules/build_shape.toml says; what a build is"
    " to run becomes a target of the Makefile, which it runs by its name"
)
BUILD, PIPELINE = "AWS::CodeBuild::Project", "AWS::CodePipeline::Pipeline"
SHAPES = shape.read(__file__)
SAYS, SPECIFICATION, NEEDED = (SHAPES[name] for name in ("build", "specification", "needed"))


def check(stacks: Sequence[StackTemplate]) -> Iterator[Finding]:
    for stack in stacks:
        for build in stack.resources(BUILD):
            for what in (
                *beside(build.properties, SAYS, "Properties"),
                *_specified(build),
            ):
                yield at(build, f"no build of this project has that: {what}", exact=what)
        for pipeline in stack.resources(PIPELINE):
            for what in _handed(pipeline):
                yield at(pipeline, f"no build is told that: {what}", exact=what)
            for what in _proofs(pipeline, {each.stage: each for each in stacks}):
                yield at(pipeline, what, exact=what)


def _specified(build: Resource) -> Iterator[str]:
    return _read(as_text(build.properties["Source"].get("BuildSpec")), SPECIFICATION, "BuildSpec")


def _handed(pipeline: Resource) -> Iterator[str]:
    for stage in pipeline.properties["Stages"]:
        for action in stage["Actions"]:
            told = action["Configuration"].get("EnvironmentVariables", "[]")
            yield from _read(as_text(told), SHAPES["told"]["variables"], action["Name"])


def _proofs(pipeline: Resource, regions: Mapping[str, StackTemplate]) -> Iterator[str]:
    """Yield actions whose build is of another stack, proves another region, or runs too little."""
    builds = {as_text({"Ref": each.logical_id}): each for each in pipeline.stack.resources(BUILD)}
    for stage in pipeline.properties["Stages"]:
        for action in stage["Actions"]:
            name = as_text(action["Configuration"].get("ProjectName", ""))
            if name not in builds:
                if name:
                    yield f"in {stage['Name']}, {action['Name']} runs the build {name}"
                continue
            needed = NEEDED.get("region" if stage["Name"] in regions else stage["Name"], ())
            for target in needed:
                if f"make {target}" not in _commands(builds[name]):
                    yield f"in {stage['Name']}, {action['Name']} does not run make {target}"
            if stage["Name"] in regions:
                told = builds[name].properties["Environment"].get("EnvironmentVariables", ())
                given = {each["Name"]: as_text(each["Value"]) for each in told}
                here = regions[stage["Name"]]
                role = naming.role_arn(naming.verification_role(here.region), here.account)
                if (given.get("REGION"), given.get("ROLE")) != (here.region, role):
                    yield f"in {stage['Name']}, {action['Name']} looks at {given}"


def _commands(build: Resource) -> Sequence[str]:
    with suppress(ValueError, LookupError, TypeError):
        specification = json.loads(as_text(build.properties["Source"]["BuildSpec"]))
        return list(specification["phases"]["build"]["commands"])
    return ()


def _read(text: str, known: object, place: str) -> Iterator[str]:
    """Yield what a text says that is not ``known``; one that is no JSON is a file nobody reads."""
    read: object = text
    with suppress(ValueError):
        read = json.loads(text)
    return beside(read, known, place)
