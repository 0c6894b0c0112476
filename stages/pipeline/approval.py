from aws_cdk import RemovalPolicy, pipelines
from aws_cdk import aws_codepipeline as codepipeline
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

import naming
from stages.settings import Settings

STEP = "PromoteToStandby"
QUESTION = f"{naming.PRIMARY} is deployed and verified. Promote this commit to {naming.STANDBY}?"
HOW_TO_READ = 'The report: follow the link, sign in, and choose "Open".'
# Two working days and a weekend; a forgotten approval then fails and leaves the standby unchanged.
TIMEOUT_MINUTES = 4 * 24 * 60


class Approval(Construct):
    """A manual approval before the standby is changed, requested by e-mail if an address is set.

    ``summary`` is a variable of the pipeline with the verdict and the commits, and ``review_url``
    links to the evidence: the commit's report with the primary's verification. The step has a wave
    of its own, so that a rejection does not count as a failure of the standby.
    """

    def __init__(
        self, scope: Construct, id_: str, *, settings: Settings, summary: str, review_url: str
    ) -> None:
        super().__init__(scope, id_)
        self.key = kms.Key(
            self,
            "Key",
            alias=naming.APPROVALS_KEY_ALIAS,
            description=f"Encrypts {naming.APPROVALS_TOPIC}",
            enable_key_rotation=True,
            removal_policy=RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
        )
        topic = sns.Topic(
            self,
            "Topic",
            topic_name=naming.APPROVALS_TOPIC,
            master_key=self.key,
            enforce_ssl=True,
        )
        if settings.alert_email:
            topic.add_subscription(subscriptions.EmailSubscription(settings.alert_email))
        self.step = pipelines.ManualApprovalStep(
            STEP,
            comment=f"{QUESTION} {summary} {HOW_TO_READ}",
            notification_topic=topic,
            review_url=review_url,
        )

    def limit(self, pipeline: codepipeline.Pipeline) -> None:
        """Set the time limit in the built ``pipeline``; CDK has no property for it."""
        resource = pipeline.node.default_child
        assert isinstance(resource, codepipeline.CfnPipeline)  # noqa: S101  # narrows the type
        for stage_index, stage in enumerate(pipeline.stages):
            for action_index, action in enumerate(stage.actions):
                if action.action_properties.action_name == STEP:
                    path = f"Stages.{stage_index}.Actions.{action_index}.TimeoutInMinutes"
                    resource.add_property_override(path, TIMEOUT_MINUTES)
