import os
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import settings

from tests.modules_unchanged import ModulesUnchanged
from tests.own_files import OwnFiles

# Two shared cores make a deadline a coin toss. HYPOTHESIS_PROFILE says how long to look: "fast" is
# for "make unit", "quick" for "make test", which judges the commit and so draws the same each time,
# "thorough" for each week, and for a change of what is looked at.
settings.register_profile("fast", deadline=None, max_examples=10)
settings.register_profile("quick", deadline=None, max_examples=30, derandomize=True)
settings.register_profile("thorough", deadline=None, max_examples=300)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> object:  # noqa: ANN401  # xdist has no types
    """Distribute whole files as ``tests/distribution.py`` says."""
    if config.getoption("dist") != "loadfile":
        return None
    from tests.distribution import SideBySide  # noqa: PLC0415  # not everywhere there is xdist

    return SideBySide(config, log)


def pytest_configure(config: pytest.Config) -> None:
    """Let a process without a cloud give way; a run with results is one of sources that stay."""
    config.pluginmanager.register(ModulesUnchanged())
    config.pluginmanager.register(OwnFiles())
    if process := os.environ.get("PYTEST_XDIST_WORKER"):
        from tests.distribution import give_way  # noqa: PLC0415  # not everywhere there is xdist

        give_way(process)
    elif config.getoption("xmlpath"):
        # Where functions are tested by themselves, there is nothing to read the sources with.
        with suppress(ImportError):
            from tests.sources_unchanged import SourcesUnchanged  # noqa: PLC0415  # not everywhere

            config.pluginmanager.register(SourcesUnchanged())


@pytest.fixture(autouse=True, scope="session")
def _no_real_cloud() -> Iterator[None]:
    """Whatever the developer's shell points at, no test can reach an AWS account."""
    with pytest.MonkeyPatch.context() as patch:
        for variable in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL"):
            patch.delenv(variable, raising=False)
        patch.setenv("AWS_ACCESS_KEY_ID", "testing")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        patch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        for variable in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
            patch.setenv(variable, os.devnull)
        yield
