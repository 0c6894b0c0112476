"""The faults themselves: each does what its name says, where it is wanted, until it is ended."""

import json
import ssl
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, HTTPClientError, ReadTimeoutError

from local.cloud import Cloud
from local.emulator_faults.schedule import ASYNCHRONOUS, RUN, STREAM, Fault, Rule
from local.faults import Faults
from naming import PRIMARY, STANDBY, TABLE
from tests.e2e.content import order_lines
from tests.e2e.oracle import differences, differences_of
from tests.e2e.site import Site, sites
from tests.e2e.subscriber import subscribed
from tests.e2e.waiting import wait_for

ONCE = Config(retries={"total_max_attempts": 1}, read_timeout=0.7)
SAME: dict[str, dict[str, object]] = {PRIMARY: {}, STANDBY: {}}


@pytest.fixture(scope="module")
def regions(cloud: Cloud) -> Mapping[str, Site]:
    return sites(cloud)


@pytest.fixture
def faults(cloud: Cloud) -> Iterator[Faults]:
    faults = Faults(cloud)
    yield faults
    faults.clear()


class Replica:
    """The table's replica in one region, asked once for each answer."""

    def __init__(self, cloud: Cloud, region: str) -> None:
        self._client = cloud.session(region).client("dynamodb", config=ONCE)

    def put(self, name: str, value: str = "1") -> None:
        item = {**key(name), "value": {"S": value}}
        self._client.put_item(TableName=TABLE, Item=item)

    def value(self, name: str) -> str | None:
        answer = self._client.get_item(TableName=TABLE, Key=key(name), ConsistentRead=True)
        item = answer.get("Item")
        return str(item["value"]["S"]) if item else None

    def delete(self, name: str) -> None:
        self._client.delete_item(TableName=TABLE, Key=key(name))


def key(name: str) -> dict[str, dict[str, str]]:
    return {"recordId": {"S": f"fault-{name}"}, "timestamp": {"S": "2026-01-01T00:00:00.000Z"}}


@pytest.fixture
def primary(cloud: Cloud) -> Replica:
    return Replica(cloud, PRIMARY)


@pytest.fixture
def standby(cloud: Cloud) -> Replica:
    return Replica(cloud, STANDBY)


@pytest.fixture
def name(faults: Faults, primary: Replica, standby: Replica) -> Iterator[str]:
    made = uuid.uuid4().hex
    yield made
    faults.clear()
    for replica in (primary, standby):
        replica.delete(made)


def of_puts(fault: Fault, times: int | None = None) -> Rule:
    return Rule(fault=fault, region=PRIMARY, service="dynamodb", operation="PutItem", times=times)


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        (Fault.RESET, (HTTPClientError, None)),
        (Fault.UNAVAILABLE, (ClientError, None)),
        (Fault.THROTTLED, (ClientError, None)),
        (Fault.HUNG, (ReadTimeoutError, None)),
        (Fault.ANSWER_LOST, (HTTPClientError, "1")),
    ],
)
def test_a_call_meets_the_fault_and_is_done_or_not(
    cloud: Cloud, faults: Faults, name: str, fault: Fault, outcome: tuple[type[Exception], str]
) -> None:
    error, written = outcome
    replicas = [Replica(cloud, region) for region in (PRIMARY, STANDBY)]
    faults.plan(calls=[of_puts(fault, times=1)])

    with pytest.raises(error):
        replicas[0].put(name)

    assert faults.status().calls == [1]
    assert [replica.value(name) for replica in replicas] == [written] * 2


def test_throttling_is_dynamodbs_own_error(primary: Replica, faults: Faults, name: str) -> None:
    faults.plan(calls=[of_puts(Fault.THROTTLED)])

    with pytest.raises(ClientError) as raised:
        primary.put(name)

    assert raised.value.response["Error"]["Code"] == "ProvisionedThroughputExceededException"


def test_half_an_answer_has_the_status_of_the_whole(
    cloud: Cloud, primary: Replica, faults: Faults, name: str
) -> None:
    primary.put(name)
    faults.plan(calls=[Rule(fault=Fault.CUT_OFF, service="dynamodb", operation="GetItem")])
    answers: list[Any] = []
    client = cloud.session(PRIMARY).client("dynamodb", config=ONCE)
    client.meta.events.register("before-parse.dynamodb.GetItem", lambda **got: answers.append(got))

    client.get_item(TableName=TABLE, Key=key(name))

    response = answers[0]["response_dict"]
    assert response["status_code"] == 200
    with pytest.raises(ValueError, match=r"Unterminated|Expecting"):
        json.loads(response["body"])


def test_an_object_breaks_off_in_the_middle(
    faults: Faults, regions: Mapping[str, Site], cloud: Cloud
) -> None:
    site = regions[PRIMARY]
    site.client("s3").put_object(Bucket=site.bucket, Key="faults/half.bin", Body=b"x" * 9_000)
    s3 = cloud.session(PRIMARY).client("s3", config=ONCE)
    faults.plan(calls=[Rule(fault=Fault.CUT_OFF, service="s3", operation="GetObject")])

    body = s3.get_object(Bucket=site.bucket, Key="faults/half.bin")["Body"]

    with pytest.raises(HTTPClientError):
        body.read()


def test_a_call_elsewhere_meets_nothing(
    primary: Replica, standby: Replica, faults: Faults, name: str
) -> None:
    faults.plan(calls=[of_puts(Fault.RESET)])

    standby.put(name)

    assert faults.status().calls == [0]
    assert primary.value(name) == "1"


def test_a_bucket_is_where_it_is_however_a_call_is_signed(
    cloud: Cloud, faults: Faults, regions: Mapping[str, Site]
) -> None:
    faults.plan(calls=[Rule(fault=Fault.UNAVAILABLE, region=PRIMARY)])
    elsewhere = cloud.session(STANDBY).client("s3", config=ONCE)

    with pytest.raises(ClientError):
        elsewhere.head_bucket(Bucket=regions[PRIMARY].bucket)
    elsewhere.head_bucket(Bucket=regions[STANDBY].bucket)


def test_held_writes_are_in_their_own_region_only_until_they_are_released(
    primary: Replica, standby: Replica, faults: Faults, name: str
) -> None:
    faults.hold(PRIMARY)
    primary.put(name)
    held = faults.status().held[PRIMARY]["writes"]
    before = standby.value(name)

    released = faults.release(PRIMARY)

    assert (primary.value(name), before, standby.value(name)) == ("1", None, "1")
    assert (held, released.writes, released.held) == (1, 1, {})


def test_lost_writes_never_arrive(
    primary: Replica, standby: Replica, faults: Faults, name: str
) -> None:
    faults.hold(PRIMARY)
    primary.put(name)

    lost = faults.lose(PRIMARY)
    faults.release(PRIMARY)

    assert (lost.writes, primary.value(name), standby.value(name)) == (1, "1", None)


@pytest.mark.parametrize("first_released", [PRIMARY, STANDBY])
@pytest.mark.parametrize("last_writer", [PRIMARY, STANDBY])
def test_of_writes_that_did_not_know_of_each_other_the_last_wins_in_both_regions(
    cloud: Cloud, faults: Faults, name: str, first_released: str, last_writer: str
) -> None:
    replicas = {region: Replica(cloud, region) for region in (PRIMARY, STANDBY)}
    first_writer = next(region for region in replicas if region != last_writer)
    for region in replicas:
        faults.hold(region)
    replicas[first_writer].put(name, "first")
    replicas[last_writer].put(name, "last")

    for region in sorted(replicas, key=lambda each: each != first_released):
        faults.release(region)

    assert {region: each.value(name) for region, each in replicas.items()} == {
        PRIMARY: "last",
        STANDBY: "last",
    }


def test_a_deletion_is_held_too(
    primary: Replica, standby: Replica, faults: Faults, name: str
) -> None:
    primary.put(name)
    faults.hold(PRIMARY)
    primary.delete(name)
    before = standby.value(name)

    faults.release(PRIMARY)

    assert (before, standby.value(name)) == ("1", None)


@pytest.mark.parametrize(
    "rule",
    [
        Rule(fault=Fault.DOUBLED, service=ASYNCHRONOUS),
        Rule(fault=Fault.DELAYED, service=ASYNCHRONOUS, seconds=1.0),
        Rule(fault=Fault.DOUBLED, service=STREAM),
        Rule(fault=Fault.REORDERED, service=STREAM),
    ],
    ids=lambda rule: f"{rule.service}-{rule.fault}",
)
def test_a_disturbed_delivery_is_met_and_changes_nothing(
    faults: Faults, regions: Mapping[str, Site], rule: Rule
) -> None:
    faults.plan(deliveries=[rule])
    uploads = [
        regions[PRIMARY].put(f"orders/{uuid.uuid4()}.json", order_lines(30, f"{rule}{n}"))
        for n in range(3)
    ]
    for upload in uploads:
        regions[PRIMARY].await_status(upload, "COMPLETED")
    wait_for(lambda: faults.status().deliveries[0] > 0, "a delivery that met the rule")

    assert differences_of(uploads, regions) == [SAME] * 3


def test_a_batch_that_comes_twice_is_announced_twice_under_the_same_ids(
    faults: Faults, regions: Mapping[str, Site]
) -> None:
    with subscribed(regions) as subscriber:
        faults.plan(deliveries=[Rule(fault=Fault.DOUBLED, service=STREAM)])
        upload = regions[PRIMARY].put("orders/twice.json", order_lines(20, str(uuid.uuid4())))
        regions[PRIMARY].await_status(upload, "COMPLETED")
        subscriber.settle()

    counts = subscriber.counts(upload)
    assert counts.keys() == subscriber.announcements(upload, PRIMARY).keys()
    assert len(counts) >= 20
    assert min(counts.values()) >= 2


def test_a_lost_region_stands_still_and_goes_on_where_it_was(
    faults: Faults, regions: Mapping[str, Site]
) -> None:
    site = regions[PRIMARY]
    faults.plan(deliveries=[Rule(fault=Fault.HELD, region=PRIMARY, service=RUN)])
    upload = site.put("orders/waits.json", order_lines(10, str(uuid.uuid4())))
    wait_for(lambda: faults.status().deliveries[0] > 0, "the function to be held")
    before = site.status(upload)

    faults.lose_region(PRIMARY)
    with pytest.raises(HTTPClientError):
        site.status(upload)
    faults.clear()

    site.await_status(upload, "COMPLETED")
    assert before == "absent"
    assert differences(upload, regions) == SAME


def test_nobody_without_the_secret_path_gets_a_fault(cloud: Cloud, faults: Faults) -> None:
    trust = ssl.create_default_context(cafile=str(cloud.ca_bundle))
    guess = f"{cloud.endpoint}/_faults/guess"
    body = json.dumps({"command": "hold", "region": PRIMARY}).encode()

    with pytest.raises(urllib.error.HTTPError):
        urllib.request.urlopen(guess, body, context=trust)

    assert faults.status().held == {}


def test_a_request_that_makes_no_sense_is_refused_and_changes_nothing(faults: Faults) -> None:
    with pytest.raises(urllib.error.HTTPError, match="400"):
        faults.ask(command="explode")

    assert faults.status().held == {}
