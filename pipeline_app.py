"""The CDK app: settings, the pipeline and its stages, synthesis through the policies."""

import sys
from datetime import UTC, datetime

import aws_cdk as cdk

import naming
from policies import synthesis
from stages.pipeline.stack import PipelineStack
from stages.settings import Settings, SettingsError


def build(app: cdk.App) -> cdk.App:
    """Add the pipeline and both regions' stages; raise ``SettingsError`` for an invalid context."""
    settings = Settings.from_context(app.node.try_get_context)
    PipelineStack(app, naming.PIPELINE, settings=settings)
    return app


def main() -> None:
    app = cdk.App(analytics_reporting=False)
    try:
        build(app)
        synthesis.synthesize(app, datetime.now(tz=UTC).date())
    except (SettingsError, synthesis.PolicyError) as error:
        sys.exit(f"error: {error}")


if __name__ == "__main__":
    main()
