from aws_cdk import RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

import naming


class Alerts(Construct):
    """The topic for people, with its own key because AWS services can't use SNS's default.

    ``email`` may be empty; an address must confirm its subscription once in each region.
    """

    def __init__(self, scope: Construct, id_: str, *, email: str, account: str) -> None:
        super().__init__(scope, id_)
        self.topic = sns.Topic(
            self,
            "Topic",
            topic_name=naming.ALERTS_TOPIC,
            enforce_ssl=True,
            master_key=self._key(account),
        )
        self.topic.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[iam.ServicePrincipal("cloudwatch.amazonaws.com")],
                actions=["sns:Publish"],
                resources=[self.topic.topic_arn],
                conditions=_from_own_account(account),
            )
        )
        if email:
            self.topic.add_subscription(subscriptions.EmailSubscription(email))

    def _key(self, account: str) -> kms.Key:
        key = kms.Key(
            self,
            "Key",
            alias=naming.ALERTS_KEY_ALIAS,
            description=f"Encrypts {naming.ALERTS_TOPIC}",
            enable_key_rotation=True,
            removal_policy=RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
        )
        # KMS is not told on whose behalf EventBridge calls it, so a condition would never hold. The
        # topic's policy says which rule may publish.
        conditions = {"cloudwatch": _from_own_account(account), "events": None}
        for service, condition in conditions.items():
            key.add_to_resource_policy(
                iam.PolicyStatement(
                    principals=[iam.ServicePrincipal(f"{service}.amazonaws.com")],
                    actions=["kms:Decrypt", "kms:GenerateDataKey*"],
                    resources=["*"],
                    conditions=condition,
                )
            )
        return key


def _from_own_account(account: str) -> dict[str, dict[str, str]]:
    return {"StringEquals": {"aws:SourceAccount": account}}
