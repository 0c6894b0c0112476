"""Faults that the processor meets, and settings that let it meet them."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from local.cloud import Cloud
from local.emulator_faults.schedule import Fault, Rule
from local.faults import Faults, faulty
from ops.region import Region
from tests.e2e.waiting import OFTEN

RESERVE_S = 15  # before a run's time is up it starts nothing new


def write_faults(region: Region, share: float, *faults: Fault) -> list[Rule]:
    """Let each fault meet a share of all calls of a region's table."""
    return [
        Rule(fault=fault, region=region.name, service="dynamodb", share=share) for fault in faults
    ]


@contextmanager
def busy(cloud: Cloud, region: Region, puts: int, **settings: int) -> Iterator[Faults]:
    """Let the table accept ``puts`` items and throttle all others, until the plan changes.

    ``settings`` are those of the processor's function meanwhile.
    """
    full = Rule(
        fault=Fault.THROTTLED,
        region=region.name,
        service="dynamodb",
        operation="PutItem",
        skip=puts,
    )
    with reconfigured(region, {}, **settings), faulty(cloud, calls=[full]) as faults:
        yield faults


@contextmanager
def reconfigured(region: Region, variables: Mapping[str, str], **settings: int) -> Iterator[None]:
    """Change the processor's variables and settings until the block ends."""
    before = region.client("lambda").get_function_configuration(FunctionName=region.processor)
    kept = before["Environment"]["Variables"]
    try:
        _configure(region, {**kept, **variables}, **settings)
        yield
    finally:
        _configure(region, kept, **{name: before[name] for name in settings})


def _configure(region: Region, variables: Mapping[str, str], **settings: int) -> None:
    functions = region.client("lambda")
    functions.update_function_configuration(
        FunctionName=region.processor, Environment={"Variables": variables}, **settings
    )
    functions.get_waiter("function_updated_v2").wait(
        FunctionName=region.processor, WaiterConfig=OFTEN
    )
