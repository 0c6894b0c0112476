"""A template says what is deployed: no part is chosen, run, imported or filled in afterwards.

A macro, a nested stack or a custom resource brings what no gate has seen, a condition can switch a
denial off, and an import makes one region's deployment wait for another stack.
"""

from collections.abc import Iterator, Sequence

from policies import patterns
from policies.finding import Finding, at_stack, each_at
from policies.templates.template import NOTE, Resource, StackTemplate, all_texts, functions, objects

MAY = patterns.beside(__file__)
REMEDY, LOOKUPS, CODE = MAY["remedy"], MAY["lookups"], tuple(MAY["code"])


def check(stacks: Sequence[StackTemplate]) -> Iterator[Finding]:
    for stack in stacks:
        for what in _beside_resources(stack):
            yield at_stack(stack, f"it depends on more than its resources: {what}", exact=what)
        for name, output in stack.outputs().items():
            if "Export" in output:
                message = f"the output {name} is exported, so that another stack can wait for it"
                yield at_stack(stack, message, logical_id=name)
        for resource in stack.resources():
            message = "what is deployed is not what is written: {}"
            yield from each_at(resource, _of(resource), message)


def _beside_resources(stack: StackTemplate) -> Iterator[str]:
    yield from sorted(stack.template.keys() - {*MAY["sections"]})
    for section, names in MAY["given"].items():
        said = stack.template.get(section, {}).keys() - {*names}
        yield from (f"{section} {name}" for name in said)
    yield from _filled_in(stack.outputs())


def _of(resource: Resource) -> Iterator[str]:
    is_aws = resource.type.startswith("AWS::") and not resource.type.startswith(CODE)
    if not is_aws and resource.type not in LOOKUPS:
        yield resource.type
    yield from sorted(resource.body.keys() - {*MAY["attributes"]})
    notes = resource.body.get("Metadata", {})
    yield from sorted(f"Metadata {name}" for name in notes if not name.startswith(NOTE))
    yield from _filled_in(resource.body)


def _filled_in(value: object) -> Iterator[str]:
    yield from sorted({*functions(value)} - {*MAY["functions"]})
    yield from sorted({*_riddles(value)})
    yield from (text for text in all_texts(value) if "{{resolve:" in text)


def _riddles(value: object) -> Iterator[str]:
    """Yield functions that could be written out; no rule reads what comes out of them."""
    for part in objects(value):
        match part:
            case {"Fn::Sub": list()}:
                yield "Fn::Sub of what is known"
            case {"Fn::Split": [_, str()]} | {"Fn::Select": [_, list()]}:
                yield "a part of what is known"
            case {"Fn::Join": [_, dict()]}:
                yield "Fn::Join of what is no list"
