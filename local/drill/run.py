"""Plays scenarios on one cloud and says what became of each."""

from collections.abc import Iterable, Iterator
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

import naming
from local.drill.ground import Ground
from local.drill.scenarios import SCENARIOS
from local.drill.stage import BrokenOff, Stage
from local.drill.verdict import result, settle
from ops.waiting import WaitError


def play(ground: Ground, names: Iterable[str]) -> Iterator[dict[str, Any]]:
    """Play scenarios in turn; yield the result of each as ``drill.json`` has it."""
    _warm_up(ground)
    for name in names:
        ground.reset()
        stage = Stage.begin(ground, name, (SCENARIOS[name].__doc__ or "").partition("\n")[0])
        stage.note("traffic begins")
        try:
            SCENARIOS[name](stage)
        except (BrokenOff, WaitError, BotoCoreError, ClientError) as error:
            stage.complain(f"broken off: {str(error)[:600]}")
        yield result(stage, settle(stage))


def _warm_up(ground: Ground) -> None:
    """Let each region process a file, so that no scenario measures how a function starts."""
    ground.reset()
    for region in naming.REGIONS:
        stage = Stage.begin(ground, f"warm-up-{region}", "")
        stage.producer.to = [region]
        stage.producer.send()
        stage.await_processed()
