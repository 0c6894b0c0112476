from aws_cdk import Stage
from constructs import Construct

from services.deployment_target import Target
from stages.settings import Settings
from stages.tap_stack import TapStack


class PipelineStage(Stage):
    """One region's copy of the product, deployed by the pipeline as a whole."""

    def __init__(self, scope: Construct, *, target: Target, settings: Settings) -> None:
        super().__init__(scope, target.stage)
        self.stack = TapStack(self, "tap", target=target, settings=settings)
