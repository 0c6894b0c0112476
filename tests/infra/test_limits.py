"""Everything stays below the limits of the services, for the longest settings that are accepted."""

import json
import subprocess
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

import naming
from bootstrap import __main__ as bootstrap
from bootstrap import boundary, execution_policies
from policies.templates import assembly as assemblies
from policies.templates.template import Resource, StackTemplate
from tests import deployer
from tests.infra import measures
from tests.infra.conftest import synthesize
from tests.infra.longest import LONGEST

TABLE = Path(__file__).with_name("limits.toml")
SHARE = 0.9
# What AWS or CloudFormation names, or another resource, whose own name has a limit.
NOT_NAMED_HERE = {("AWS::Lambda::EventInvokeConfig", "FunctionName")}
WRITTEN = ("Name", "Description", "Namespace")
LINT = Path(__file__).resolve().parents[2] / ".scan-venv" / "bin" / "cfn-lint"
# Its rules that compare a property with the registry's schema, and a policy with IAM's grammar.
OF_THE_SCHEMAS = ("E30", "E35")


@dataclass(frozen=True, kw_only=True, slots=True)
class Limit:
    """A row of the table."""

    of: str
    measure: str
    limit: int
    source: str
    at: str = ""
    share: float = SHARE
    reason: str = ""

    def __str__(self) -> str:
        return f"{self.of} {self.at or self.measure} {self.limit}"


LIMITS = [Limit(**row) for row in tomllib.loads(TABLE.read_text())["limit"]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Longest:
    """The app with the longest settings, in one account and in two."""

    folders: Sequence[Path]
    assemblies: Sequence[Sequence[StackTemplate]]

    @property
    def stacks(self) -> Iterator[StackTemplate]:
        for each in self.assemblies:
            yield from each

    def resources(self, type_: str = "") -> Iterator[Resource]:
        for stack in self.stacks:
            yield from stack.resources(*filter(None, [type_]))


@pytest.fixture(scope="module")
def longest(tmp_path_factory: pytest.TempPathFactory) -> Longest:
    folders = [tmp_path_factory.mktemp("longest") for _ in LONGEST]
    for folder, settings in zip(folders, LONGEST, strict=True):
        synthesize(folder, **settings)
    made = [assemblies.read(folder).stacks for folder in folders]
    return Longest(folders=folders, assemblies=[*made, *map(_bootstrap, made)])


@pytest.mark.parametrize("limit", LIMITS, ids=str)
def test_it_stays_below_the_limit_with_room(limit: Limit, longest: Longest) -> None:
    used = dict(_used(limit, longest))

    assert used, "the limit applies to nothing: delete the row"
    most = max(used, key=lambda name: used[name])
    assert used[most] <= limit.limit * limit.share, most
    assert bool(limit.reason) == (limit.share != SHARE)


def test_every_name_text_and_policy_has_a_limit(longest: Longest) -> None:
    limited = {(limit.of, limit.at.partition(".")[0]) for limit in LIMITS} | NOT_NAMED_HERE

    found = {
        (resource.type, name)
        for resource in longest.resources()
        for name, value in resource.properties.items()
        if (isinstance(value, str) and name.endswith(WRITTEN)) or "Statement" in str(value)
    }

    assert found <= limited


def test_the_registrys_schemas_take_the_longest_settings(longest: Longest, tmp_path: Path) -> None:
    """``make scan`` lints a deployer's own, and no gate the bootstrap or two accounts."""
    *_, bootstrapped = longest.stacks
    (tmp_path / "bootstrap.json").write_text(json.dumps(bootstrapped.template))
    files = [*longest.folders[-1].rglob("*.template.json"), *tmp_path.iterdir()]

    command = [str(LINT), "--format", "json", *map(str, files)]
    told = subprocess.run(command, capture_output=True, text=True, check=False)

    rules = {each["Rule"]["Id"]: each["Message"] for each in json.loads(told.stdout)}
    assert len(files) > len(naming.REGIONS)
    assert {id_: says for id_, says in rules.items() if id_.startswith(OF_THE_SCHEMAS)} == {}


def _used(limit: Limit, longest: Longest) -> Iterator[tuple[str, int]]:
    if limit.of == "template":
        yield from _of_templates(limit.measure, longest)
    elif limit.of == "bootstrap":
        measure = {
            "template_bytes": _bootstrap_bytes,
            "execution_policies": _execution_policies,
            "boundary_characters": _boundary_characters,
        }[limit.measure]
        for number, stacks in enumerate(longest.assemblies[: len(LONGEST)]):
            yield str(number), measure(stacks)
    else:
        for resource in longest.resources(limit.of):
            for number, used in enumerate(_of_resource(limit, resource)):
                yield f"{resource.stack.name}/{resource.path} {number}", used


def _of_templates(measure: str, longest: Longest) -> Iterator[tuple[str, int]]:
    if measure == "assets_unzipped_bytes":
        for folder in longest.folders:
            for asset in folder.glob("asset.*"):
                yield asset.name, measures.folder_bytes(asset)
        return
    for stack in longest.stacks:
        yield stack.name, measures.OF_TEMPLATES[measure](stack)


def _of_resource(limit: Limit, resource: Resource) -> Iterator[int]:
    whole = measures.OF_RESOURCES.get(limit.measure)
    if whole:
        yield whole(resource)
        return
    for value in measures.values(resource.properties, limit.at):
        yield measures.OF_VALUES[limit.measure](value)


def _bootstrap_bytes(stacks: Sequence[StackTemplate]) -> int:
    return len(json.dumps(bootstrap.template(stacks), indent=2).encode())


def _execution_policies(stacks: Sequence[StackTemplate]) -> int:
    return len(list(_policies(stacks))) - 1  # and the boundary


def _boundary_characters(stacks: Sequence[StackTemplate]) -> int:
    return execution_policies.size(boundary.document(stacks, stacks[0].account))


def _policies(stacks: Sequence[StackTemplate]) -> Iterator[Mapping[str, object]]:
    yield from bootstrap.template(stacks)["Resources"].values()


def _bootstrap(stacks: Sequence[StackTemplate]) -> list[StackTemplate]:
    return [
        StackTemplate(
            path=naming.BOOTSTRAP_STACK,
            stage_path="",
            name=naming.BOOTSTRAP_STACK,
            region=naming.PRIMARY,
            account=deployer.OWN_ACCOUNT,
            termination_protected=True,
            template=bootstrap.template(stacks),
        )
    ]
