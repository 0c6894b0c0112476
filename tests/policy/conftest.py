import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import TypeAlias

import aws_cdk as cdk
import pytest

import pipeline_app
from policies import gate

ROOT = Path(__file__).resolve().parents[2]
TODAY = date(2026, 12, 1)

Synthesize: TypeAlias = Callable[..., Path]


@pytest.fixture(scope="session")
def _without_bundles(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No rule looks into the functions' code, and copying it is most of a synthesis."""
    code = tmp_path_factory.mktemp("code")
    (code / "main.py").touch()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("services.service_function.bundle", lambda *_: code)
        yield


@pytest.fixture(scope="session")
def synthesize(_without_bundles: None, tmp_path_factory: pytest.TempPathFactory) -> Synthesize:
    """The gate on the whole app, with ``context`` over that of ``cdk.json``; where it has written.

    ``path`` metadata is what the CDK CLI asks for.
    """

    def run(outdir: Path | None = None, **context: str) -> Path:
        given = json.loads((ROOT / "cdk.json").read_text())["context"]
        app = cdk.App(
            outdir=str(outdir or tmp_path_factory.mktemp("assembly")),
            context={**given, "aws:cdk:enable-path-metadata": True, **context},
            analytics_reporting=False,
            builtin_cloud_formation_validation=False,
        )
        pipeline_app.build(app)
        gate.synthesize(app, TODAY)
        return Path(app.outdir)

    return run


@pytest.fixture(scope="session")
def green(synthesize: Synthesize) -> Path:
    """The assembly of the settings in ``cdk.json``; not to be changed."""
    return synthesize()
