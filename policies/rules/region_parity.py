"""Both regions get the same template, except for ``declared/region_differences.toml``."""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from naming import SUFFIX
from policies import patterns
from policies.finding import Finding, at_stack
from policies.templates.template import StackTemplate, accounts, is_function, replaced

REMEDY = "make the regions equal, or explain why not in policies/declared/region_differences.toml"
SECTIONS = ("Resources", "Outputs", "Parameters", "Conditions", "Mappings", "Rules")


def check(stacks: Sequence[StackTemplate]) -> Iterator[Finding]:
    kinds = patterns.declared("region_differences").values()
    here = [kind for kind in kinds if kind.get("accounts", accounts(stacks)) == accounts(stacks)]
    yield from against(frozenset(at for kind in here for at in kind["at"]), stacks)


def against(explained: frozenset[str], stacks: Sequence[StackTemplate]) -> Iterator[Finding]:
    """Compare the regions; ``explained`` holds places like ``tap/Processor/Role DependsOn``."""
    copies = defaultdict(list)
    for stack in stacks:
        if stack.stage_path:
            copies[stack.local].append(stack)
    used = set[str]()
    for local, group in copies.items():
        if len(group) == 1:
            yield at_stack(group[0], f"{local} has no copy in another region", exact=local)
        for other in group[1:]:
            for place in _differences(group[0], other):
                reasons = {at for at in explained if f"{place}.".startswith(f"{at}.")}
                used |= reasons
                if not reasons:
                    yield at_stack(other, f"differs from {group[0].region}: {place}", exact=place)
    for at in sorted(explained - used):
        yield at_stack(stacks[0], f"the explained difference no longer exists: {at}", exact=at)


def _differences(one: StackTemplate, other: StackTemplate) -> Iterator[str]:
    owners = {one.account, other.account}
    left, right = _normal(one, other.region, owners), _normal(other, one.region, owners)
    paths = {
        logical_id: stack.below_stage(path).removesuffix("/Resource")
        for stack in (one, other)
        for logical_id, path in stack.paths.items()
    }
    for section in SECTIONS:
        mine, theirs = left.get(section, {}), right.get(section, {})
        for logical_id in sorted(mine.keys() | theirs.keys()):
            where = paths.get(logical_id, f"{one.local}/{logical_id}")
            found = _diff(mine.get(logical_id), theirs.get(logical_id))
            # CDK puts a stack's tags on one region's replica only, and they do nothing.
            yield from (f"{where} {at}".strip() for at in found if ".Tags" not in f".{at}")


def _normal(stack: StackTemplate, peer_region: str, owners: set[str]) -> dict[str, Any]:
    """Return the template without the names of its stage, regions, accounts and role."""
    replacements = {
        **dict.fromkeys(owners, "{account}"),
        f"{stack.stage_path}/": "{stage}/",
        stack.region: "{own}",
        peer_region: "{peer}",
        f"-dr{SUFFIX}": SUFFIX,
    }
    return dict(json.loads(replaced(json.dumps(stack.template), replacements)))


def _diff(one: object, other: object, at: str = "") -> Iterator[str]:
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        # CDK sorts the lists of a policy by names that contain the region.
        if sorted(map(str, one)) != sorted(map(str, other)):
            for index, (mine, theirs) in enumerate(zip(one, other, strict=True)):
                yield from _diff(mine, theirs, f"{at}.{index}")
    elif isinstance(one, dict) and isinstance(other, dict) and not is_function([*one, *other]):
        for key in sorted(one.keys() | other.keys()):
            yield from _diff(one.get(key), other.get(key), f"{at}.{key}" if at else key)
    elif one != other:
        yield at
