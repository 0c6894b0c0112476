from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns
from constructs import Construct

# Of files, and of the files with which the product tests itself.
DETAIL_TYPES = ("FileNeedsAttention", "CanaryNeedsAttention")


class Notices(Construct):
    """Sends people the text of each event on ``bus`` that says so, through ``topic``.

    Of all rules only this one may publish there.
    """

    def __init__(
        self, scope: Construct, id_: str, *, bus: events.IEventBus, topic: sns.Topic
    ) -> None:
        super().__init__(scope, id_)
        # A CloudFormation resource, because CDK's target would let any rule publish to the topic.
        rule = events.CfnRule(
            self,
            "Rule",
            event_bus_name=bus.event_bus_name,
            event_pattern={"detail-type": list(DETAIL_TYPES)},
            targets=[
                events.CfnRule.TargetProperty(
                    id="People", arn=topic.topic_arn, input_path="$.detail.message"
                )
            ],
        )
        topic.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[iam.ServicePrincipal("events.amazonaws.com")],
                actions=["sns:Publish"],
                resources=[topic.topic_arn],
                conditions={"ArnEquals": {"aws:SourceArn": rule.attr_arn}},
            )
        )
