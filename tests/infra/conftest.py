import json
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import TypeAlias

import aws_cdk as cdk
import pytest
from aws_cdk.cx_api import CloudAssembly

import naming
import pipeline_app
from tests import deployer
from tests.infra.stack import Stack

Stacks: TypeAlias = dict[str, Stack]


@pytest.fixture(scope="session")
def assembly(tmp_path_factory: pytest.TempPathFactory) -> CloudAssembly:
    """The app with the tests' settings."""
    return synthesize(tmp_path_factory.mktemp("assembly"))


@pytest.fixture(scope="session")
def stacks(assembly: CloudAssembly) -> Iterator[Stacks]:
    """Both regions' stacks, by region."""
    yield from _unchanged(_stacks(assembly))


@pytest.fixture(scope="session")
def own_assembly(tmp_path_factory: pytest.TempPathFactory) -> CloudAssembly:
    """The app with every setting changed, as a deployer would."""
    return synthesize(tmp_path_factory.mktemp("own"), **deployer.OWN)


@pytest.fixture(scope="session")
def customised(own_assembly: CloudAssembly) -> Iterator[Stacks]:
    """Both regions' stacks with every setting changed, by region."""
    yield from _unchanged(_stacks(own_assembly))


@pytest.fixture(scope="session")
def mailing_assembly(tmp_path_factory: pytest.TempPathFactory) -> CloudAssembly:
    """The app with an address for mail, and with files and rejected rows that expire."""
    days = {"rawFilesKeptDays": "400", "rejectedRowsKeptDays": "90"}
    address = {"alertEmail": deployer.OWN["alertEmail"]}
    return synthesize(tmp_path_factory.mktemp("mailing"), **address, **days)


@pytest.fixture(scope="session")
def expiring(mailing_assembly: CloudAssembly) -> Iterator[Stacks]:
    """Both regions' stacks with files and rejected rows that expire, by region."""
    yield from _unchanged(_stacks(mailing_assembly))


@pytest.fixture(scope="session", params=naming.REGIONS)
def stack(request: pytest.FixtureRequest, stacks: Stacks) -> Stack:
    """One region's stack; a test that takes it must hold in both."""
    return stacks[request.param]


@pytest.fixture(scope="session")
def primary(stacks: Stacks) -> Stack:
    return stacks[naming.PRIMARY]


@pytest.fixture(scope="session")
def standby(stacks: Stacks) -> Stack:
    return stacks[naming.STANDBY]


def synthesize(outdir: Path, **settings: object) -> CloudAssembly:
    """Write the app with the tests' settings, and ``settings`` over them."""
    return app_in(outdir, **settings).synth()


def app_in(outdir: Path, **settings: object) -> cdk.App:
    """Return the app that is to be written to a folder, as :func:`synthesize` writes it."""
    app = cdk.App(
        outdir=str(outdir),
        context=deployer.context(**settings),
        analytics_reporting=False,
        builtin_cloud_formation_validation=False,
    )
    return pipeline_app.build(app)


def _unchanged(stacks: Stacks) -> Iterator[Stacks]:
    """Give stacks to all tests of the session, none of which may change them for the others."""
    before = deepcopy(stacks)
    yield stacks
    assert stacks == before, "a test has changed the stacks that all tests look at"


def _stacks(assembly: CloudAssembly) -> Stacks:
    return {
        artifact.environment.region: Stack.read(
            json.loads(Path(artifact.template_full_path).read_text()),
            region=artifact.environment.region,
            peer=naming.peer(artifact.environment.region),
            account=artifact.environment.account,
        )
        for artifact in assembly.stacks_recursively
        if artifact.stack_name == naming.stack(artifact.environment.region)
    }
