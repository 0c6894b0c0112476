from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import TypeAlias

import aws_cdk as cdk
import pytest

import pipeline_app
from datasets.compatibility import comparison
from policies import synthesis
from policies.changes import contract_sources
from tests import deployer

TODAY = date(2026, 12, 1)

Synthesize: TypeAlias = Callable[..., Path]


@pytest.fixture(scope="session")
def synthesize(tmp_path_factory: pytest.TempPathFactory) -> Synthesize:
    """The gate on the whole app, with ``settings`` over the tests' own; where it has written.

    ``path`` metadata is what the CDK CLI asks for. No rule looks into the functions' code, and
    copying it is most of a synthesis.
    """
    code = tmp_path_factory.mktemp("code")
    (code / "main.py").touch()

    def run(outdir: Path | None = None, **settings: str) -> Path:
        app = cdk.App(
            outdir=str(outdir or tmp_path_factory.mktemp("assembly")),
            context={**deployer.context(**settings), "aws:cdk:enable-path-metadata": True},
            analytics_reporting=False,
            builtin_cloud_formation_validation=False,
        )
        with pytest.MonkeyPatch.context() as patch:
            # As in the Makefile: a finding then names the line that made its construct.
            patch.setenv("JSII_HOST_STACK_TRACES", "1")
            patch.setattr("services.service_function.bundle", lambda *_: code)
            pipeline_app.build(app)
        synthesis.synthesize(app, TODAY)
        return Path(app.outdir)

    return run


@pytest.fixture(scope="session")
def green(synthesize: Synthesize) -> Path:
    """The assembly of the tests' settings; not to be changed."""
    return synthesize()


@pytest.fixture(scope="session")
def customised(synthesize: Synthesize) -> Path:
    """The assembly of a deployer's own settings; not to be changed."""
    return synthesize(**deployer.OWN)


@pytest.fixture(scope="session", autouse=True)
def _contracts_are_tried_once() -> Iterator[None]:
    """Whatever has no sources to compare with tries the project's own, which no test changes."""
    tried = cache(comparison.repeated)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(contract_sources, "repeated", lambda root, more: tried(root, tuple(more)))
        yield
