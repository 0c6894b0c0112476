"""A function runs the bundle that this project builds for it, and nothing beside or around it.

A layer brings code and extensions from elsewhere, and a variable of the runtime can put a wrapper
around the handler, another module in front of ours, or another host in the place of AWS.
"""

import re
from collections.abc import Iterator, Sequence

import naming
from policies import patterns
from policies.finding import Finding, at, each_at
from policies.templates.template import ASSET, Resource, StackTemplate, as_text, resources

BRINGS = patterns.beside(__file__)
REMEDY = BRINGS["remedy"]
STEERING = re.compile("|".join(BRINGS["variables"]), re.IGNORECASE)


def check(stacks: Sequence[StackTemplate]) -> Iterator[Finding]:
    for layer in resources(stacks, *BRINGS["types"]):
        yield at(layer, "a layer is shared code that no function here needs")
    for function in resources(stacks, "AWS::Lambda::Function"):
        yield from each_at(function, _other_code(function), "it runs more than its bundle: {}")


def _other_code(function: Resource) -> Iterator[str]:
    properties, stack = function.properties, function.stack
    beside = (name for name in BRINGS["properties"] if name in properties)
    yield from (f"{name} {as_text(properties[name])}" for name in beside)
    if properties.get("PackageType", "Zip") != "Zip":
        yield f"PackageType {as_text(properties['PackageType'])}"
    code = {key: as_text(part) for key, part in properties.get("Code", {}).items()}
    bucket = naming.bootstrap_assets_bucket(stack.region, stack.account)
    if code.keys() != {"S3Bucket", "S3Key"}:
        yield f"Code is given by {', '.join(sorted(code))}"
    elif code["S3Bucket"] != bucket or not ASSET.fullmatch(code["S3Key"]):
        yield f"Code is {code['S3Bucket']}/{code['S3Key']}"
    variables = properties.get("Environment", {}).get("Variables", {})
    yield from (f"the variable {name}" for name in sorted(variables) if STEERING.fullmatch(name))
