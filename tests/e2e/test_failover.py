"""Moving the uploads, through the access point: there and back, after a loss, interrupted."""

import json
import subprocess
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.cloud import Cloud
from naming import PRIMARY, REGIONS, STANDBY
from ops import failover, takeover
from ops.access_point import AccessPoint, find
from ops.change_events import FILE_CHANGED, listening
from ops.deployment import Deployment
from ops.failover import Move
from ops.failover_steps import drain
from services.processor.runtime.attributes import utc_ms
from tests.e2e.commands import OpsCommand
from tests.e2e.site import Site, Upload, sites
from tests.e2e.waiting import wait_for

ONE_ROW = b'{"id": 1}\n'
TO_STANDBY = {PRIMARY: 0, STANDBY: 100}
TO_PRIMARY = {PRIMARY: 100, STANDBY: 0}


@pytest.fixture(scope="module")
def regions(cloud: Cloud) -> Mapping[str, Site]:
    return sites(cloud)


@pytest.fixture
def point(cloud: Cloud) -> Iterator[AccessPoint]:
    """The access point, which sends uploads to the primary before and after each test."""
    deployment = Deployment(cloud.session(STANDBY))
    point = find(deployment, deployment.region(STANDBY))
    _reset(point, deployment)
    yield point
    _reset(point, deployment)


def _reset(point: AccessPoint, deployment: Deployment) -> None:
    point.send_to([PRIMARY])
    for name in REGIONS:
        takeover.switch_off(deployment.region(name))


class Command(OpsCommand):
    """``ops``, as a person runs it on the local cloud."""

    def __call__(self, *words: str) -> dict[str, Any]:
        """Return what the command prints as JSON; it has to succeed."""
        run = self.begin(*words, "--json")
        output, _ = run.communicate()
        assert run.returncode == 0, output
        found: dict[str, Any] = json.loads(output.splitlines()[-1])
        return found


@pytest.fixture
def ops(cloud: Cloud) -> Command:
    return Command(cloud, stderr=subprocess.STDOUT)


def upload(point: AccessPoint, regions: Mapping[str, Site]) -> tuple[str, Upload]:
    """Put a file through the access point; return the region that it landed in, and the file."""
    key = f"any/{uuid.uuid4()}.json"
    version = point.put(key, ONE_ROW)
    for name, site in regions.items():
        where = {"Bucket": site.bucket, "Key": key}
        with suppress(ClientError):  # it landed elsewhere
            head = site.client("s3").head_object(**where, VersionId=version)
            place = {"region": name, "bucket": site.bucket, "key": key, "version": version}
            return name, Upload(**place, stored_at=head["LastModified"], content=ONE_ROW)
    raise AssertionError("the file is nowhere")


def test_uploads_go_to_the_standby_after_a_failover_and_back_after_a_failback(
    point: AccessPoint, regions: Mapping[str, Site], ops: Command
) -> None:
    landed = []
    for command, dials in (("failover", TO_STANDBY), ("failback", TO_PRIMARY)):
        report = ops(command, "--yes")
        assert ops("routes")["dials"] == dials
        name, file = upload(point, regions)
        regions[name].await_status(file, "COMPLETED")
        landed.append(name)
        assert {step["outcome"] for step in report["steps"]} == {"ok", "done"}

    assert landed == [STANDBY, PRIMARY]


def test_what_a_returned_region_never_processed_is_processed_before_it_gets_uploads_again(
    point: AccessPoint, regions: Mapping[str, Site], ops: Command
) -> None:
    primary = regions[PRIMARY]
    with primary.silent():
        left = primary.put(f"any/left-{uuid.uuid4()}.json", ONE_ROW)
    ops("failover", "--lost-region", PRIMARY, "--yes")
    assert primary.status(left) == "absent"

    report = ops("failback", "--yes")

    assert [step["step"] for step in report["steps"]].index("returned") < 3
    assert [site.status(left) for site in regions.values()] == ["COMPLETED"] * 2
    assert point.dials() == TO_PRIMARY
    assert report["steps"][-1]["seen"] == f"takeover in {STANDBY} is off"


def test_a_file_in_work_is_seen_in_the_region_of_its_bucket_and_in_no_other(
    regions: Mapping[str, Site],
) -> None:
    primary = regions[PRIMARY]
    drained = {name: drain(site) for name, site in regions.items()}
    file = _complete(primary, "in-work")
    entry = primary.ledger_entry(file)
    table = {"TableName": primary.table}
    primary.client("dynamodb").put_item(**table, Item={**entry, "status": {"S": "PROCESSING"}})

    seen = drained[PRIMARY].look()

    assert drained[STANDBY].look().done
    primary.client("dynamodb").put_item(**table, Item=entry)
    assert not seen.done
    assert seen.seen.endswith(f"1 row read, such as {file.key}")
    assert drained[PRIMARY].look().done


AFTER_LOSS = ("--lost-region", PRIMARY)


@pytest.mark.parametrize(
    ("options", "last_line"),
    [((), "canary-before"), ((), "dials"), ((), "reconcile"), (AFTER_LOSS, "takeover")],
)
def test_a_failover_that_is_killed_is_finished_by_the_next_one(
    point: AccessPoint,
    regions: Mapping[str, Site],
    ops: Command,
    options: tuple[str, ...],
    last_line: str,
) -> None:
    run = ops.begin("failover", "--yes", *options)
    assert run.stdout
    lines = iter(run.stdout.readline, "")
    assert any(line.split()[:2] in ([last_line, "ok"], [last_line, "done"]) for line in lines)
    run.kill()
    run.wait()

    report = ops("failover", "--yes", *options)

    assert {step["outcome"] for step in report["steps"]} == {"ok", "done"}
    assert point.dials() == TO_STANDBY
    assert upload(point, regions)[0] == STANDBY


class Unreachable:
    """A session that reaches one region only; a client of the other one ends the test."""

    def __init__(self, session: Any, gone: str) -> None:  # noqa: ANN401  # boto3 has no types
        self._session, self._gone = session, gone
        self.region_name = session.region_name

    def client(self, service: str, region_name: str | None = None, **options: Any) -> Any:  # noqa: ANN401
        assert (region_name or self.region_name) != self._gone
        return self._session.client(service, region_name=region_name, **options)


@pytest.mark.parametrize("lost", REGIONS)
def test_uploads_leave_a_lost_region_without_a_call_to_it(
    cloud: Cloud, point: AccessPoint, regions: Mapping[str, Site], lost: str
) -> None:
    (target,) = set(REGIONS) - {lost}
    point.send_to([lost])
    session = Unreachable(cloud.session(target), lost)
    move = Move(
        action="DRILL",
        to=target,
        deployment=Deployment(session, lost),
        access_point_arn=point.arn,
    )

    results = list(failover.run(move))

    assert [str(result.outcome) for result in results] == ["ok", *["done"] * 4]
    name, file = upload(point, regions)
    assert name == target
    regions[target].await_status(file, "COMPLETED")
    assert takeover.state_of(move.target).is_on


def test_takeover_announces_exactly_the_peers_changes_since_the_moment(
    point: AccessPoint, regions: Mapping[str, Site], ops: Command
) -> None:
    del point  # its fixture switches takeover off again
    primary, standby = regions[PRIMARY], regions[STANDBY]
    with listening(primary) as own, listening(standby) as taken_over:
        before = _complete(primary, "before")
        moment = _next_second()
        after = _complete(primary, "after")
        _announced(own.count, before, after)
        assert taken_over.count(FILE_CHANGED, after.id) == 0

        ops("takeover", "on", "--region", STANDBY, "--since", moment, "--yes")
        _announced(taken_over.count, after)
        late = _complete(primary, "late")
        _announced(taken_over.count, late)
        assert taken_over.count(FILE_CHANGED, before.id) == 0
        assert _events(taken_over, after) == _events(own, after)

        ops("takeover", "off", "--region", STANDBY, "--yes")
        too_late = _complete(primary, "too late")
        in_standby = _complete(standby, "own")
        _announced(taken_over.count, in_standby)
        _announced(own.count, too_late)
        assert taken_over.count(FILE_CHANGED, too_late.id) == 0


def _complete(site: Site, name: str) -> Upload:
    file = site.put(f"any/{name}-{uuid.uuid4()}.json", ONE_ROW)
    site.await_status(file, "COMPLETED")
    return file


def _next_second() -> str:
    """Wait for the next whole second, which is what the stream's times are; return it."""
    second = int(time.time()) + 1
    wait_for(lambda: time.time() >= second, "the next second")
    return utc_ms(datetime.fromtimestamp(second, UTC))


def _announced(count: Callable[[str, str], int], *files: Upload) -> None:
    wait_for(
        lambda: all(count(FILE_CHANGED, file.id) for file in files),
        f"events of {', '.join(file.key for file in files)}",
    )


def _events(listener: Any, file: Upload) -> list[Any]:  # noqa: ANN401
    return sorted(listener.announced(FILE_CHANGED, file.id))
