"""Operators and readers do their work with the stacks' roles, and nothing that the roles deny."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

import naming
from local.aws_isolation import ACCOUNT, without_aws
from local.cloud import Cloud
from local.paths import REPOSITORY
from naming import PRIMARY, REGIONS, STANDBY
from ops.connection import assumed_credentials
from ops.console import figures
from ops.errors import UNDETERMINED
from ops.region import Region
from services.processor.runtime.keys import file_id, keyed_record_id, record_id
from tests.e2e import used_rights
from tests.e2e.identities import Identity, user
from tests.e2e.leftovers import empty, leave_everything
from tests.e2e.operations import ONE_ORDER
from tests.e2e.roles import Role
from tests.e2e.site import site

KEY = "orders/people.json"
FOR = ["--yes", "--reason", "test"]
LOOKS = (["status"], ["routes"], ["restore-check"])
# What reads files, items or messages.
READS = (
    *(["items", "COMPLETED"], ["files"], ["file", KEY], ["rejected", KEY], ["audit"]),
    *(["reconcile", "--rows", "--both"], ["quarantine", "list"]),
)
CHANGES = (
    ["routes", "--set", STANDBY, *FOR],
    ["routes", "--set", PRIMARY, *FOR],
    ["takeover", "on", "--region", STANDBY, *FOR],
    ["takeover", "off", "--region", STANDBY, *FOR],
    ["failover", *FOR],
    ["failback", *FOR],
    ["redrive", "--both-regions", "--yes"],
    ["reprocess", KEY, "--yes"],
    ["replay", "--prefix", KEY, "--since", "2026-01-01T00:00:00Z", "--yes"],
)

FOLDER = "any/people/"
# What an operator does about what failures leave behind.
WORK = (
    ["redrive", "--yes"],
    ["quarantine", "return", "--all", "--yes"],
    ["reconcile", "--prefix", FOLDER, "--rows", "--repair", "--yes"],
    ["restore-check", "--try", "--yes", "--settled-s", "-60"],
)
# DynamoDB fills the restored table itself, and asks whether whoever restores it may do so.
FOR_RESTORING = {"dynamodb:BatchWriteItem", "dynamodb:DeleteItem"}


class Person:
    """Whoever has assumed the operators' or the readers' role, of one region."""

    def __init__(self, cloud: Cloud, who: Identity, role_name: str, ops: Path) -> None:
        self._ops = ops / "ops"
        self._cloud, self._role_name = cloud, role_name
        self._ended: dict[tuple[str, ...], tuple[int, str]] = {}
        arn = f"arn:aws:iam::{ACCOUNT}:role/{role_name}"
        given = assumed_credentials(who.client("sts"), arn, "person")
        self._identity = Identity(cloud, given)
        self._credentials = {name.upper(): value for name, value in given.items()}

    def run(self, *words: str) -> tuple[int, str]:
        """Run a command of ``ops``, once; return its exit code and all that it says."""
        if words not in self._ended:
            self._ended[words] = self._run(*words)
        return self._ended[words]

    def read_figures(self) -> None:
        """Read what the console draws, which is no command's output."""
        figures.read(Region.find(self._identity, PRIMARY))

    def update(self, record_id: str) -> str:
        """Update an item that is not there; return the code of the refusal."""
        with pytest.raises(ClientError) as refused:
            self._identity.client("dynamodb", PRIMARY).update_item(
                TableName=naming.TABLE,
                Key={"recordId": {"S": record_id}, "timestamp": {"S": "-"}},
                UpdateExpression="REMOVE failure",
                ConditionExpression="attribute_exists(recordId)",
            )
        return str(refused.value.response["Error"]["Code"])

    def unused(self) -> set[str]:
        """Return the actions of the role that none of its commands has taken."""
        iam = self._cloud.client("iam", PRIMARY)
        arn = f"arn:aws:iam::{ACCOUNT}:role/{self._role_name}"
        return Role(iam, arn).actions() - used_rights.of(self._cloud, self._role_name)

    def _run(self, *words: str) -> tuple[int, str]:
        ended = subprocess.run(
            [self._ops, *words],
            cwd=REPOSITORY,
            env={**without_aws(os.environ), **self._cloud.variables(), **self._credentials},
            capture_output=True,
            text=True,
            check=False,
        )
        return ended.returncode, ended.stdout + ended.stderr


@pytest.fixture(scope="module", params=REGIONS)
def operator(request: pytest.FixtureRequest, cloud: Cloud, ops_folder: Path) -> Iterator[Person]:
    with user(cloud, name="operator") as named:
        yield Person(cloud, named, naming.operator_role(request.param), ops_folder)


@pytest.fixture(scope="module", params=REGIONS)
def reader(request: pytest.FixtureRequest, cloud: Cloud, ops_folder: Path) -> Iterator[Person]:
    with user(cloud, name="reader") as named:
        yield Person(cloud, named, naming.reader_role(request.param), ops_folder)


@pytest.fixture(scope="module", autouse=True)
def _one_file(cloud: Cloud) -> None:
    region = site(cloud, PRIMARY)
    region.await_status(region.put(KEY, ONE_ORDER.read_bytes()), "COMPLETED")


@pytest.mark.parametrize("words", [*LOOKS, *READS, *CHANGES], ids=" ".join)
def test_an_operator_runs_every_command_without_being_denied(
    operator: Person, words: list[str]
) -> None:
    _, said = operator.run(*words)

    assert not is_denied(said), said


@pytest.mark.parametrize("words", LOOKS, ids=" ".join)
def test_a_reader_looks_without_being_denied(reader: Person, words: list[str]) -> None:
    _, said = reader.run(*words)

    assert not is_denied(said), said


@pytest.mark.parametrize("words", [*READS, *CHANGES], ids=" ".join)
def test_a_reader_reads_no_data_and_changes_nothing(reader: Person, words: list[str]) -> None:
    exit_code, said = reader.run(*words)

    # One command finds that there is nothing to change, and asks for no right.
    assert is_denied(said) or "now: takeover in us-west-2 is off" in said, said
    assert exit_code == (UNDETERMINED if is_denied(said) else 0)


@pytest.mark.parametrize("operator", [PRIMARY], indirect=True)
def test_an_operator_updates_the_entries_of_files_and_no_record(operator: Person) -> None:
    of_file = file_id("bucket", "key", "version")
    of_row = record_id(of_file, 1)
    as_long = keyed_record_id("fruit", ["x" * (len(of_file) - len("fruit:"))])

    assert operator.update(of_file) == "ConditionalCheckFailedException"
    assert {operator.update(each) for each in (of_row, as_long)} == {"AccessDeniedException"}


@pytest.mark.parametrize("operator", [PRIMARY], indirect=True)
def test_some_command_takes_each_action_of_an_operator(cloud: Cloud, operator: Person) -> None:
    region = site(cloud, PRIMARY)
    leave_everything(region, FOLDER)
    for words in (*WORK, *LOOKS, *READS, *CHANGES):
        _, said = operator.run(*words)
        assert not is_denied(said), said
    operator.read_figures()
    empty(region)

    assert operator.unused() == FOR_RESTORING


@pytest.mark.parametrize("reader", [PRIMARY], indirect=True)
def test_some_command_takes_each_action_of_a_reader(reader: Person) -> None:
    for words in LOOKS:
        reader.run(*words)
    reader.read_figures()

    assert reader.unused() == set()


@pytest.mark.parametrize("name", [naming.operator_role(PRIMARY), naming.reader_role(STANDBY)])
def test_nobody_but_those_who_are_named_assumes_a_role(cloud: Cloud, name: str) -> None:
    with user(cloud, name="operator-2") as other, pytest.raises(ClientError, match="AccessDenied"):
        Person(cloud, other, name, REPOSITORY)


def is_denied(said: str) -> bool:
    """Return whether the command was denied; that a function was, a file's failure may say."""
    own = "\n".join(line for line in said.splitlines() if "OBJECT_REFUSED" not in line)
    return "AccessDenied" in own or "not authorized" in own or "denied" in own
