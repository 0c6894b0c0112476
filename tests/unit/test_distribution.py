"""Each test runs once, and tests of a cloud keep to a few processes, which others give way to."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from xdist.remote import Producer

from tests.distribution import CLOUDS, FIRST, NICENESS, WITH_CLOUD, SideBySide, give_way

FILES = st.lists(st.tuples(st.booleans(), st.integers(1, 5)), max_size=12)


class Process:
    """Runs what it is told to, all but one test as long as more may come."""

    def __init__(self, number: int, ran: list[tuple[int, str]], collection: Sequence[str]) -> None:
        self.number, self.shutting_down = number, False
        self.gateway = SimpleNamespace(id=f"gw{number}")
        self._ran, self._collection = ran, collection
        self._waiting: list[int] = []

    def send_runtest_some(self, indexes: Sequence[int]) -> None:
        assert not self.shutting_down
        self._waiting += indexes

    def shutdown(self) -> None:
        self.shutting_down = True

    def step(self) -> Iterator[int]:
        if len(self._waiting) > (0 if self.shutting_down else 1):
            index = self._waiting.pop(0)
            self._ran.append((self.number, self._collection[index]))
            yield index


def run(collection: Sequence[str], processes: int) -> list[tuple[int, str]]:
    """Return which process ran which test."""
    config: Any = SimpleNamespace(
        getvalue=lambda _: [f"{processes}*popen"], option=SimpleNamespace(loadscopereorder=True)
    )
    ran: list[tuple[int, str]] = []
    scheduler = SideBySide(config, Producer("", enabled=False))
    nodes = [Process(number, ran, collection) for number in range(processes)]
    for node in nodes:
        scheduler.add_node(node)
    for node in nodes:
        scheduler.add_node_collection(node, collection)
    scheduler.schedule()
    moved = True
    while moved:
        moved = False
        for node in nodes:
            for index in node.step():
                moved = True
                scheduler.mark_test_complete(node, index)
    assert scheduler.tests_finished
    return ran


@given(files=FILES, processes=st.integers(1, 5))
def test_each_test_runs_once_whatever_there_is_and_a_file_stays_in_one_process(
    files: list[tuple[bool, int]], processes: int
) -> None:
    collection = [
        f"{WITH_CLOUD if cloud else 'tests/unit/'}test_{number}.py::test_{each}"
        for number, (cloud, tests) in enumerate(files)
        for each in range(tests)
    ]

    ran = run(collection, processes)

    in_file: dict[str, set[int]] = defaultdict(set)
    for process, test in ran:
        in_file[test.partition("::")[0]].add(process)
    assert sorted(test for _, test in ran) == sorted(collection)
    assert all(len(each) == 1 for each in in_file.values())
    assert len({process for process, test in ran if test.startswith(WITH_CLOUD)}) <= CLOUDS


def test_what_needs_a_cloud_begins_first_and_of_either_kind_what_is_known_to_be_long() -> None:
    many, few = (f"{WITH_CLOUD}test_{name}.py" for name in ("many", "few"))
    collection = [f"tests/unit/test_u.py::test_{n}" for n in range(50)]
    collection += [f"{file}::test_{n}" for file in (FIRST[1], many, FIRST[0]) for n in range(9)]
    collection += [f"{file}::test_{n}" for file in (few, FIRST[-1]) for n in range(2)]

    ran = run(collection, 1)

    files = list(dict.fromkeys(test.partition("::")[0] for _, test in ran))
    assert files == [*FIRST[:2], few, many, FIRST[-1], "tests/unit/test_u.py"]


def test_only_a_process_without_a_cloud_gives_way(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    monkeypatch.setattr("os.nice", asked.append)

    give_way(f"gw{CLOUDS - 1}")
    assert asked == []
    give_way(f"gw{CLOUDS}")
    assert asked == [NICENESS]


def test_what_is_to_begin_first_is_there() -> None:
    assert [file for file in FIRST if not Path(file).exists()] == []
