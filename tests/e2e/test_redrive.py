"""An operator gets fifty dead letters through with one command, even if it is killed."""

import json
import signal
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from typing import Any

import pytest

from local.cloud import Cloud
from naming import PRIMARY, STANDBY
from ops import queues
from ops.redriving import quarantine
from tests.e2e.commands import OpsCommand
from tests.e2e.content import order_lines
from tests.e2e.leftovers import empty, end_of_stream, failure
from tests.e2e.oracle import differences_of
from tests.e2e.site import Site, Upload, sites
from tests.e2e.subscriber import Subscriber, subscribed
from tests.e2e.waiting import wait_for

WHOLE, BROKEN, STRANGE = 25, 20, 5
CUT_OFF = b'[{"number": 1}, {"number": 2}, {"num'
KILLED_AT = (45, 35, 25, 10)  # letters left


@pytest.fixture(scope="module")
def regions(cloud: Cloud) -> Mapping[str, Site]:
    return sites(cloud)


@pytest.fixture
def ops(cloud: Cloud) -> "Ops":
    return Ops(cloud)


class Ops(OpsCommand):
    """Begins commands as processes of their own."""

    def answer(self, *words: str) -> Any:  # noqa: ANN401  # JSON
        running = self.begin(*words, "--json")
        out, err = running.communicate()
        assert running.returncode in (0, 1), (out, err)
        return json.loads(out)


def letters(site: Site, uploads: Collection[Upload]) -> None:
    """Put a dead letter for each file, in the emulator's form, and some that are no events."""
    envelopes = [{"requestPayload": upload.event()} for upload in uploads]
    for body in (*envelopes, *({"not": "a notification", "of": n} for n in range(STRANGE))):
        site.client("sqs").send_message(
            QueueUrl=site.dead_letters_url, MessageBody=json.dumps(body)
        )


def left(site: Site) -> int:
    return sum(queues.depth(site, site.dead_letters_url))


@pytest.fixture
def fifty(regions: Mapping[str, Site]) -> Iterator[tuple[list[Upload], list[Upload]]]:
    """Fifty letters of files that no event has reached, and afterwards none anywhere."""
    site = regions[PRIMARY]
    empty(site)
    with site.silent():
        whole = [site.put(f"orders/r/{n}.json", order_lines(3, f"r{n}")) for n in range(WHOLE)]
        broken = [site.put(f"any/r/{n}.json", CUT_OFF) for n in range(BROKEN)]
    letters(site, [*whole, *broken])
    yield whole, broken
    empty(site)


def test_killed_again_and_again_one_command_gets_fifty_letters_through_and_loses_none(
    regions: Mapping[str, Site], ops: Ops, fifty: tuple[list[Upload], list[Upload]]
) -> None:
    site, (whole, broken) = regions[PRIMARY], fifty
    [waiting, _] = ops.answer("redrive", "--dry-run")
    for count in KILLED_AT:
        running = ops.begin("redrive", "--yes", "--rate", "50")
        wait_for(lambda: left(site) <= count or running.poll() is not None, "progress")  # noqa: B023
        running.send_signal(signal.SIGKILL)
        running.communicate()

    [redriven, _] = ops.answer("redrive", "--yes", "--rate", "50")

    causes = Counter({each["cause"]: each["letters"] for each in waiting["groups"]})
    assert sum(each["letters"] for each in waiting["groups"]) == WHOLE + BROKEN + STRANGE
    assert causes["NO_S3_EVENT"] == STRANGE
    assert {each["fate"] for each in redriven["groups"]} <= {"through", "quarantined"}
    assert redriven["heldElsewhere"] == left(site) == 0
    assert {site.status(upload) for upload in whole} == {"COMPLETED"}
    assert {site.status(upload) for upload in broken} == {"FAILED"}
    assert differences_of(whole, regions) == [{PRIMARY: {}, STANDBY: {}}] * WHOLE
    listed = ops.answer("quarantine", "list")
    assert Counter(each["cause"] for each in listed) == {
        "TRUNCATED_JSON": BROKEN,
        "NO_S3_EVENT": STRANGE,
    }
    assert len({each["id"] for each in listed}) == len(list(quarantine.listed(site)))


def test_changes_that_were_given_up_on_are_announced_again_under_the_same_ids(
    regions: Mapping[str, Site], ops: Ops
) -> None:
    site = regions[PRIMARY]
    with subscribed(regions) as subscriber:
        place = end_of_stream(site)
        upload = site.put("orders/given up.json", order_lines(250, "given-up"))
        site.await_status(upload, "COMPLETED")
        subscriber.settle()
        before, once = details(subscriber, upload), subscriber.counts(upload)
        site.client("sqs").send_message(
            QueueUrl=site.stream_failures_url, MessageBody=json.dumps(failure(site, upload, place))
        )

        [_, failures] = ops.answer("redrive", "--yes")
        subscriber.settle()

        assert [(each["letters"], each["fate"]) for each in failures["groups"]] == [(1, "through")]
        assert details(subscriber, upload) == before
        assert all(count > once[id_] for id_, count in subscriber.counts(upload).items())
        assert subscriber.announcements(upload, STANDBY) == {}


def test_changes_that_the_stream_no_longer_has_are_announced_from_the_table(
    regions: Mapping[str, Site], ops: Ops
) -> None:
    site = regions[PRIMARY]
    place = end_of_stream(site)
    upload = site.put("any/long ago.json", b'[{"number": 1}, {"number": 2}]')
    site.await_status(upload, "COMPLETED")
    message = failure(site, upload, place)
    message["DDBStreamBatchInfo"] |= {
        name: "1".zfill(21) for name in ("startSequenceNumber", "endSequenceNumber")
    }
    with subscribed(regions) as subscriber:
        site.client("sqs").send_message(
            QueueUrl=site.stream_failures_url, MessageBody=json.dumps(message)
        )

        [_, failures] = ops.answer("redrive", "--yes", "--look-back", "0")
        subscriber.settle()

        [group] = failures["groups"]
        assert (group["letters"], group["fate"]) == (1, "through")
        assert "announced as the table has them now" in group["note"]
        assert len(subscriber.announcements(upload, PRIMARY)) == 3


def details(subscriber: Subscriber, upload: Upload) -> Mapping[str, Any]:
    """Return what the primary has announced of a file, by event id."""
    heard = subscriber.announcements(upload, PRIMARY)
    return {id_: event["detail"] for id_, event in heard.items()}
