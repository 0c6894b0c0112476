"""The functions of one region, and the deeds that need their roles' rights."""

from collections.abc import Callable
from typing import TypeAlias

from local.cloud import Cloud
from local.demo.regions import Region
from tests.e2e.deeds import Announcing, Processing
from tests.e2e.functions import Function

Deed: TypeAlias = Callable[[], None]


class Bench:
    """Each method prepares a deed, which may be done again and again."""

    def __init__(self, cloud: Cloud, region: str) -> None:
        outputs = cloud.outputs(region)
        where = Region(cloud, region)
        self.functions = {
            "processor": Function(cloud, region, outputs["ProcessorName"]),
            "consumer": Function(cloud, region, outputs["StreamConsumerName"]),
        }
        self._processing = Processing(self.functions["processor"], where)
        self._announcing = Announcing(self.functions["consumer"], where)

    def process_new_file(self) -> Deed:
        delivery = self._processing.deliver()
        return lambda: self._processing.process(delivery)

    def process_newest_version(self) -> Deed:
        delivery = self._processing.deliver()
        return lambda: self._processing.process(delivery, by_version=False)

    def process_again(self) -> Deed:
        deed = self.process_new_file()
        deed()
        return deed

    def announce(self) -> Deed:
        return self._announcing.announce
