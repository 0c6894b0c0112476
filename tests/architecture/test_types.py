"""The type checker reads all of the CDK that ours touches, and of its 350 services no other."""

import re
import tomllib
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from tests.architecture.sources import OUR_PLACES, ROOT, imports, modules

# What a module of the CDK names in the types of its own, in the form that jsii generates.
NAMED_IN_TYPES = re.compile(r"^if typing\.TYPE_CHECKING:\n(.*?)^else:", re.MULTILINE | re.DOTALL)
MODULE = re.compile(r"\baws_cdk\.(\w+)")
# These have modules of their own, which are read with them.
WHOLE = {"aws_cdk", "aws_cdk._jsii.*", "aws_cdk.interfaces.*"}


def cdk() -> Path:
    spec = find_spec("aws_cdk")
    assert spec
    assert spec.submodule_search_locations
    return Path(spec.submodule_search_locations[0])


def named_in(module: str) -> set[str]:
    """Return the modules of the CDK that one of them names in its types."""
    found = NAMED_IN_TYPES.search((cdk() / module / "__init__.py").read_text())
    return set(MODULE.findall(found[1])) if found else set()


def used() -> Iterator[str]:
    """Yield the modules of the CDK that ours import, and what the CDK's own root names."""
    yield from named_in("")
    for module in modules(*OUR_PLACES):
        for name in imports(module):
            if name.startswith("aws_cdk.") and (cdk() / name.split(".")[1]).is_dir():
                yield name.split(".")[1]


def touched() -> set[str]:
    found: set[str] = set()
    waiting = {*used()}
    while waiting:
        found |= waiting
        waiting = {name for each in waiting for name in named_in(each)} - found
    return {f"aws_cdk.{name}" for name in found - {"interfaces"}}


def test_the_type_checker_reads_all_of_the_cdk_that_ours_touches() -> None:
    overrides = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["mypy"]["overrides"]
    [read] = [each["module"] for each in overrides if each.get("follow_imports") == "normal"]

    assert {*read} == touched() | WHOLE
