"""CDK entry: settings, what is deployed where, synthesis."""

import sys

import aws_cdk as cdk

from stages import targets
from stages.pipeline_stage import PipelineStage
from stages.settings import Settings, SettingsError


def build(app: cdk.App) -> cdk.App:
    """Add both regions' stages to ``app``; raise ``SettingsError`` for a context it can't use."""
    settings = Settings.from_context(app.node.try_get_context)
    PipelineStage(app, target=targets.primary(settings), settings=settings)
    PipelineStage(app, target=targets.standby(settings), settings=settings)
    return app


def main() -> None:
    app = cdk.App(analytics_reporting=False)
    try:
        build(app)
    except SettingsError as error:
        sys.exit(f"error: {error}")
    app.synth()


if __name__ == "__main__":
    main()
