"""A first deployment that fails leaves nothing that costs, keeps a name or protects itself.

Every resource of every stack is refused in turn, when all that does not need it exists: by "make
failed-creations" each of the 230, by "make test" one of each type in each stack. The cloud
is bootstrapped and otherwise empty, and CloudFormation has its role's rights only. No function runs
but CDK's own, which looks up the stream: it has its code, the others have none.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

import naming
from local.cloud import Cloud
from local.emulator_faults.creations import REFUSED
from naming import PRIMARY, STANDBY
from tests.e2e import inventory
from tests.e2e.empty_account import EmptyAccount

TABLE = ("AWS::DynamoDB::GlobalTable", naming.TABLE)
# What can still fail when the table exists.
NEEDS_THE_STREAM = {
    *("AWS::CloudWatch::Alarm", "AWS::IAM::Policy", "AWS::Lambda::EventSourceMapping"),
    "AWS::Scheduler::Schedule",
}
KEPT = {"AWS::KMS::Key", "AWS::Logs::LogGroup", "AWS::S3::Bucket", "AWS::SQS::Queue", TABLE[0]}


@pytest.fixture(scope="module")
def empty_cloud(assembly: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    state = tmp_path_factory.mktemp("empty")
    cloud = Cloud.launch(state)
    cloud.bootstrap(assembly)
    yield cloud
    cloud.stop()


@pytest.fixture(
    params=[*map(naming.stack, naming.REGIONS), naming.PIPELINE, naming.artifact_stack(STANDBY)]
)
def account(
    request: pytest.FixtureRequest, empty_cloud: Cloud, assembly: Path
) -> Iterator[EmptyAccount]:
    """An account in the state in which the pipeline creates the stack."""
    stacks = {
        naming.stack(PRIMARY): (f"{naming.stage_assembly(PRIMARY)}/*.template.json", PRIMARY),
        naming.stack(STANDBY): (f"{naming.stage_assembly(STANDBY)}/*.template.json", STANDBY),
        naming.PIPELINE: (f"{naming.PIPELINE}.template.json", PRIMARY),
        naming.artifact_stack(STANDBY): (f"{naming.PIPELINE}-artifacts.template.json", STANDBY),
    }
    pattern, region = stacks[request.param]
    [template] = assembly.glob(pattern)
    needs_replica = request.param == naming.stack(STANDBY)
    if needs_replica:
        _create_replica(empty_cloud)
    yield EmptyAccount(empty_cloud, template, region, request.param)
    if needs_replica:
        empty_cloud.client("dynamodb", STANDBY).delete_table(TableName=naming.TABLE)


def test_every_type_is_looked_for(account: EmptyAccount) -> None:
    types = {resource["Type"] for resource in account.resources.values()}

    assert types <= inventory.LISTED.keys() | inventory.PARTS


def test_whatever_fails_nothing_is_left_but_the_table_by_what_needs_its_stream(
    account: EmptyAccount,
) -> None:
    leaving = set()
    for name in account.chosen:
        status = account.create(failing_at=name)
        failed, left = account.failed, account.left
        account.delete()

        assert failed == {name: REFUSED}
        assert status == "ROLLBACK_COMPLETE", name
        assert left <= {TABLE}, name
        if left:
            leaving.add(account.resources[name]["Type"])
            account.remove_table()

    owns_the_table = TABLE[0] in {each["Type"] for each in account.resources.values()}
    assert leaving == (NEEDS_THE_STREAM if owns_the_table else set())


@pytest.mark.parametrize("account", [naming.stack(PRIMARY)], indirect=True)
def test_what_holds_data_outlives_a_stack_that_was_created(account: EmptyAccount) -> None:
    status = account.create()
    assert not account.failed
    stateful = {each for each in account.left if each[0] in KEPT}

    account.delete()

    assert status == "CREATE_COMPLETE"
    assert account.left == stateful
    assert {type_ for type_, _ in stateful} == KEPT


def _create_replica(cloud: Cloud) -> None:
    """Create the table that the primary's stack has replicated when the standby is deployed."""
    cloud.client("dynamodb", STANDBY).create_table(
        TableName=naming.TABLE,
        AttributeDefinitions=[{"AttributeName": "recordId", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "recordId", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    )
