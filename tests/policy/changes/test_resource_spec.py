"""What the installed CDK command line knows; another shape of it must not pass unseen."""

import gzip
import json
import subprocess
from pathlib import Path

import pytest

from policies.changes.resource_spec import Replacement, Spec
from policies.command_line import Undetermined
from policies.rules.retained import STATEFUL

ROOT = Path(__file__).resolve().parents[3]
PYTHON = ROOT / ".scan-venv" / "bin" / "python"
CREATE_ONLY = """
import json
from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER as manager
from bootstrap.handlers import LISTED
schemas = {each: manager.get_resource_schema("us-east-1", each).schema for each in LISTED
           if each.startswith("AWS::")}
print(json.dumps({type_: [path for kind in ("createOnly", "conditionalCreateOnly")
                          for path in schema.get(kind + "Properties", ())]
                  for type_, schema in schemas.items()}))
"""


@pytest.fixture(scope="module")
def spec() -> Spec:
    return Spec.load()


@pytest.mark.parametrize(
    ("type_", "properties"),
    [
        ("AWS::S3::Bucket", ["BucketName"]),
        ("AWS::DynamoDB::GlobalTable", ["TableName", "KeySchema", "LocalSecondaryIndexes"]),
        ("AWS::SQS::Queue", ["QueueName", "FifoQueue"]),
        ("AWS::KMS::Key", ["KeySpec", "KeyUsage"]),
        ("AWS::Logs::LogGroup", ["LogGroupName"]),
        ("AWS::SNS::Topic", ["TopicName"]),
        ("AWS::Events::EventBus", ["Name"]),
    ],
)
def test_a_name_or_a_key_of_what_holds_state_replaces_it(
    spec: Spec, type_: str, properties: list[str]
) -> None:
    assert type_ in spec.stateful
    assert {spec.replacement(type_, name) for name in properties} == {Replacement.YES}


def test_what_changes_in_place_replaces_nothing(spec: Spec) -> None:
    assert spec.replacement("AWS::S3::Bucket", "Tags") == Replacement.NO
    assert spec.replacement("AWS::DynamoDB::GlobalTable", "Replicas") == Replacement.NO


def test_whatever_the_rule_on_retention_guards_is_stateful_here(spec: Spec) -> None:
    assert {*STATEFUL} <= spec.stateful


def test_what_the_model_leaves_out_is_known_without_it() -> None:
    assert Spec.of([]).replacement("AWS::KMS::Key", "KeySpec") == Replacement.YES


def test_a_custom_resource_is_another_with_another_provider(spec: Spec) -> None:
    assert spec.replacement("Custom::Thing", "ServiceToken") == Replacement.YES
    assert spec.replacement("Custom::Thing", "Parameters") == Replacement.NO


def test_a_model_that_is_not_there_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(Undetermined, match="make setup"):
        Spec.load(tmp_path / "absent")


@pytest.mark.parametrize("content", [{}, {"schema": {"resource": {"entities": [{"a": 1}]}}}])
def test_a_model_of_another_shape_is_an_error(tmp_path: Path, content: object) -> None:
    model = tmp_path / "db.json.gz"
    model.write_bytes(gzip.compress(json.dumps(content).encode()))

    with pytest.raises(Undetermined, match="another shape"):
        Spec.load(model)


def test_the_model_knows_every_property_that_the_registry_can_only_set_at_creation(
    spec: Spec,
) -> None:
    """Of the types of the app, by the schemas that are pinned with cfn-lint."""
    told = subprocess.run([PYTHON, "-c", CREATE_ONLY], cwd=ROOT, capture_output=True, check=True)

    found = {
        (type_, path.split("/")[2])
        for type_, paths in json.loads(told.stdout).items()
        for path in paths
    }
    assert ("AWS::DynamoDB::GlobalTable", "KeySchema") in found
    assert {each for each in found if spec.replacement(*each) == Replacement.NO} == set()
