from aws_cdk import Stage
from constructs import Construct

from stages.settings import Settings
from stages.tap_stack import TapStack
from stages.targets import Target


class PipelineStage(Stage):
    """One region's copy of the product: what the pipeline deploys as a whole."""

    def __init__(self, scope: Construct, *, target: Target, settings: Settings) -> None:
        super().__init__(scope, target.stage_id)
        self.stack = TapStack(self, "tap", target=target, settings=settings)
