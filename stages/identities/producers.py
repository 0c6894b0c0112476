from collections.abc import Mapping

from aws_cdk import aws_iam as iam
from constructs import Construct

import naming
from stages.accounts import Accounts
from stages.storage.access_point import PUT


class Producers(Construct):
    """A managed policy for each producer: it may put files below its folder, and nothing else.

    It names both buckets, because the access point may lead to either, and every access point of
    the standby's account, because only one of the stacks knows the alias. A deployer attaches it to
    the producer's own role; with one account the two regions' policies are the same, and one is
    enough.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        folders: Mapping[str, str],
        region: str,
        accounts: Accounts,
    ) -> None:
        super().__init__(scope, id_)
        for producer, folder in folders.items():
            iam.ManagedPolicy(
                self,
                producer,
                managed_policy_name=naming.producer_policy(producer, region),
                # Read by policies/choices.py, which lets rows about every producer be one row. Not
                # with the folder: a new description would be a new policy, of a name that is taken.
                description=f"Lets {producer} put files below its folder",
                statements=[_putting_below(folder, accounts)],
            )


def _putting_below(folder: str, accounts: Accounts) -> iam.PolicyStatement:
    targets = (accounts.primary, accounts.standby)
    buckets = [f"{target.ingestion_bucket_arn}/{folder}*" for target in targets]
    through = f"{accounts.access_points}/object/{folder}*"
    return iam.PolicyStatement(actions=list(PUT), resources=[*buckets, through])
