"""A producer may put files below its folder, in both buckets and through the access point."""

from tests import deployer
from tests.infra.stack import Stack, statements

FOLDERS = {"shop": "orders/", "plant-2": "sensors/plant-2/"}


def test_there_is_no_producers_policy_unless_a_deployer_names_producers(stack: Stack) -> None:
    assert not stack.all("AWS::IAM::ManagedPolicy")


def test_each_producer_may_put_files_below_its_folder_and_nothing_else(
    customised: dict[str, Stack],
) -> None:
    for stack in customised.values():
        for producer, folder in FOLDERS.items():
            policy = stack.one(
                "AWS::IAM::ManagedPolicy", f"serverless-producer-{producer}-{stack.region}-prod"
            )
            [statement] = statements(policy.properties)

            assert statement["Effect"] == "Allow"
            assert set(statement["Action"]) == {"s3:AbortMultipartUpload", "s3:PutObject"}
            assert set(statement["Resource"]) == {
                f"arn:aws:s3:::serverless-data-ingestion-prod-acme/{folder}*",
                f"arn:aws:s3:::serverless-data-ingestion-dr-prod-acme/{folder}*",
                f"arn:aws:s3::{deployer.OWN_ACCOUNT}:accesspoint/*/object/{folder}*",
            }


def test_another_folder_is_an_update_of_the_policy(customised: dict[str, Stack]) -> None:
    """Of a new description CloudFormation would make a new policy, whose name is taken."""
    for stack in customised.values():
        for producer, folder in FOLDERS.items():
            name = f"serverless-producer-{producer}-{stack.region}-prod"
            fixed = {**stack.one("AWS::IAM::ManagedPolicy", name).properties}
            del fixed["PolicyDocument"]

            assert folder not in str(fixed)


def test_the_stack_gives_a_producers_policy_to_nobody(customised: dict[str, Stack]) -> None:
    for stack in customised.values():
        policies = stack.all("AWS::IAM::ManagedPolicy")

        assert len(policies) == len(FOLDERS)
        assert not any({"Roles", "Users", "Groups"} & set(each.properties) for each in policies)
