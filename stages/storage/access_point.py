"""The Multi-Region Access Point: one address for producers, with a route to each region's bucket.

Its owner is the standby's stack, because S3 creates and describes access points of this kind in
us-west-2 only, and because the primary's bucket is then there already. CloudFormation creates it
with both routes open and never touches a route again. Which bucket gets the files is decided by
``ops``: the standby's verification closes the second route once, and ``ops failover`` moves it.
"""

from collections.abc import Mapping, Sequence

from aws_cdk import RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from constructs import Construct

import naming
from services.deployment_target import Target

# What putting a file takes, in one request or in parts. Nobody reads or lists through it.
PUT = ("s3:PutObject", "s3:AbortMultipartUpload")


class AccessPoint(Construct):
    """The access point over the buckets of ``targets``, owned by the account of ``owner``.

    Principals of these accounts may put objects through it if their own policies name both the
    access point and the buckets. Its alias is in producers' settings, so it outlives its stack.
    """

    def __init__(
        self, scope: Construct, id_: str, *, owner: Target, targets: Sequence[Target]
    ) -> None:
        super().__init__(scope, id_)
        blocked = s3.CfnMultiRegionAccessPoint.PublicAccessBlockConfigurationProperty(
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
        )
        access_point = s3.CfnMultiRegionAccessPoint(
            self,
            "AccessPoint",
            name=naming.ACCESS_POINT,
            public_access_block_configuration=blocked,
            regions=[_route(target) for target in targets],
        )
        access_point.apply_removal_policy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE)
        self.alias = access_point.attr_alias
        self.arn = f"arn:aws:s3::{owner.account}:accesspoint/{self.alias}"
        s3.CfnMultiRegionAccessPointPolicy(
            self,
            "Policy",
            mrap_name=access_point.ref,
            policy=iam.PolicyDocument(statements=_statements(f"{self.arn}/object/*", targets)),
        )

    def let_choose_routes(self, role: iam.IRole) -> None:
        """Let a role see which bucket gets the files, and choose it."""
        iam.Policy(
            self,
            "Routes",
            roles=[role],
            statements=[
                iam.PolicyStatement(
                    actions=[
                        "s3:GetMultiRegionAccessPointRoutes",
                        "s3:SubmitMultiRegionAccessPointRoutes",
                    ],
                    resources=[self.arn],
                )
            ],
        )

    @property
    def outputs(self) -> Mapping[str, str]:
        """Return the stack's outputs that name it."""
        return {
            "AccessPointName": naming.ACCESS_POINT,
            "AccessPointAlias": self.alias,
            "AccessPointArn": self.arn,
        }


def admitted(bucket_arn: str, targets: Sequence[Target]) -> iam.PolicyStatement:
    """Return the statement of a bucket's policy that admits puts through the access point.

    S3 asks for it unless bucket, access point and producer are all in one account.
    """
    [owner] = [target for target in targets if target.region == naming.STANDBY]
    return iam.PolicyStatement(
        principals=_principals(targets),
        actions=list(PUT),
        resources=[f"{bucket_arn}/*"],
        conditions={"StringEquals": {"s3:DataAccessPointAccount": owner.account}},
    )


def _statements(objects: str, targets: Sequence[Target]) -> list[iam.PolicyStatement]:
    return [
        iam.PolicyStatement(
            principals=_principals(targets), actions=list(PUT), resources=[objects]
        ),
        iam.PolicyStatement(
            effect=iam.Effect.DENY,
            principals=[iam.AnyPrincipal()],
            actions=list(PUT),
            resources=[objects],
            conditions={"Bool": {"aws:SecureTransport": "false"}},
        ),
    ]


def _principals(targets: Sequence[Target]) -> list[iam.IPrincipal]:
    """Return the accounts; each decides by its own policies which of its principals may."""
    return [iam.AccountPrincipal(each) for each in sorted({each.account for each in targets})]


def _route(target: Target) -> s3.CfnMultiRegionAccessPoint.RegionProperty:
    return s3.CfnMultiRegionAccessPoint.RegionProperty(
        bucket=target.ingestion_bucket, bucket_account_id=target.account
    )
