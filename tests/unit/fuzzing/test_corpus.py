"""Every input that fuzzing has kept passes its check, so that what was found once stays mended."""

import pytest

from fuzzing import corpus
from fuzzing.targets import TARGETS, check_of, seeds_of


@pytest.mark.parametrize("target", TARGETS)
def test_every_kept_input_keeps_the_promises_of_its_target(target: str) -> None:
    check = check_of(target)

    for data in [*seeds_of(target), *corpus.load(target)]:
        check(data)


@pytest.mark.parametrize("target", TARGETS)
def test_a_corpus_is_more_than_what_fuzzing_begins_with(target: str) -> None:
    assert len(corpus.load(target)) > len(seeds_of(target)) // 2


def test_a_broken_promise_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fuzzing.targets.events.read_event", lambda _event: [None, {}])
    monkeypatch.setattr("fuzzing.targets.events.make_handler", lambda ingest: ingest)

    with pytest.raises((AssertionError, TypeError)):
        check_of("events")(seeds_of("events")[0])
