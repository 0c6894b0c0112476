"""The files of a round go in and are followed in every region until nothing more is due."""

from collections.abc import Mapping, Sequence

from local.demo import census
from local.demo.census import Census
from local.demo.dead_letters import DeadLetters
from local.demo.delivery import Delivery
from local.demo.files import File
from local.demo.listener import RECORD, Listener
from local.demo.patience import Patience
from local.demo.regions import Region
from local.demo.sending import Sending
from local.demo.watch import Watch

# More would only wait for each other on a laptop, and the seconds would measure that.
UNDER_WAY = 2
COUNTS_AGREE_WITHIN_S = 10.0


class Round:
    """After :meth:`send`, what was seen is in the attributes; mappings are by region."""

    def __init__(self, regions: Mapping[str, Region], listeners: Mapping[str, Listener]) -> None:
        self.regions = regions
        self.listeners = listeners
        self.deliveries: list[Delivery] = []
        self.watch = Watch(regions.values())
        self.letters = {name: DeadLetters(region) for name, region in regions.items()}
        self.counted: dict[str, dict[str, Census]] = {}

    def send(self, files: Sequence[File]) -> None:
        """Return when all that is due has been seen, or when nothing moves any more."""
        sending = Sending(files, self.regions)
        Patience().wait(lambda: self._is_done(sending), lambda: self._state(len(files)))
        before = {name: listener.silences for name, listener in self.listeners.items()}
        Patience().wait(lambda: self._is_silent(before), self._heard)
        Patience(COUNTS_AGREE_WITHIN_S).wait(self._is_counted, lambda: "counting the items")
        self._read_letters()

    def _is_done(self, sending: Sending) -> bool:
        if sent := sending.finished():
            self.deliveries.append(sent)
            if sent.file.is_processed:
                self.watch.add(sent)
        self.watch.look()
        if len(self.watch.unsettled) < UNDER_WAY:
            sending.begin_next()
        self._check_listeners()
        are_stored = sending.is_over and not self.watch.unsettled
        return are_stored and self._are_announced() and self._are_letters_there()

    def _are_announced(self) -> bool:
        return all(
            self.listeners[delivery.file.region].count(RECORD, delivery.file_id)
            >= self.watch.at_origin(delivery).rows
            for delivery in self.deliveries
        )

    def _are_letters_there(self) -> bool:
        failed = [d for d in self.deliveries if self.watch.at_origin(d).status == "FAILED"]
        if failed:
            self._read_letters()
        return all(self.letters[delivery.file.region].count(delivery) for delivery in failed)

    def _read_letters(self) -> None:
        for letters in self.letters.values():
            letters.read()

    def _is_silent(self, before: Mapping[str, int]) -> bool:
        """Whether every queue has been found empty since: what was under way has been heard."""
        self._check_listeners()
        return all(self.listeners[name].silences > count for name, count in before.items())

    def _check_listeners(self) -> None:
        for listener in self.listeners.values():
            listener.check()

    def _is_counted(self) -> bool:
        self.counted = {
            name: census.take(region, self.deliveries) for name, region in self.regions.items()
        }
        return all(
            counted[delivery.file_id].items == self.watch.at_origin(delivery).rows
            for counted in self.counted.values()
            for delivery in self.deliveries
        )

    def _state(self, files: int) -> str:
        rows = sum(self.watch.at_origin(delivery).rows for delivery in self.deliveries)
        return (
            f"{len(self.deliveries)} of {files} files sent, {len(self.watch.unsettled)} under way, "
            f"{rows:,} rows stored, {self._heard()}"
        )

    def _heard(self) -> str:
        return f"{sum(listener.received for listener in self.listeners.values()):,} events heard"
