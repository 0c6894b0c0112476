from botocore.exceptions import EndpointConnectionError

from ops.status.file_lines import file_lines
from ops.status.ledger import Listings, merged
from ops.status.lines import Line, State
from tests.unit.ops.status.seen import AT, EAST, WEST, listed, listings, seen

GONE = EndpointConnectionError(endpoint_url="https://x")


def line(about: str, found: Listings, region: str = EAST) -> Line:
    return next(each for each in file_lines(region, found, AT) if each.about == about)


def without(region: str, found: Listings) -> Listings:
    return {key: GONE if key[0] == region else each for key, each in found.items()}


def test_a_failed_file_needs_somebody_and_is_named_with_its_reason() -> None:
    found = line("failed files", listings([seen("orders/a.json", "FAILED", code="NOT_JSON")]))

    assert found.state is State.ATTENTION
    assert found.says == "1 in the last 24 hours: orders/a.json NOT_JSON"
    assert found.next == f"ops items FAILED --region {EAST}"


def test_a_failed_file_that_a_newer_version_has_replaced_needs_nobody() -> None:
    failed = seen("a.json", "FAILED", minutes_ago=5)
    newer = seen("a.json", "COMPLETED", minutes_ago=1)

    assert line("failed files", listings([failed, newer])).state is State.OK


def test_a_completed_version_from_before_a_failed_one_does_not_replace_it() -> None:
    failed = seen("a.json", "FAILED", minutes_ago=1)
    before = seen("a.json", "COMPLETED", minutes_ago=5)

    assert line("failed files", listings([failed, before])).state is State.ATTENTION


def test_a_file_belongs_to_the_region_that_it_was_sent_to() -> None:
    found = listings([seen("a.json", "FAILED", region=WEST)])

    assert line("failed files", found, EAST).state is State.OK
    assert line("failed files", found, WEST).state is State.ATTENTION


def test_a_file_in_work_needs_somebody_when_no_run_can_have_it_any_more() -> None:
    new = listings([seen("a.json", "PROCESSING", minutes_ago=19)])
    old = listings([seen("a.json", "PROCESSING", minutes_ago=21)])

    assert line("files in work", new).state is State.OK
    assert line("files in work", old).state is State.ATTENTION


def test_a_suspended_file_needs_somebody_at_any_age() -> None:
    found = line("suspended files", listings([seen("a", "SUSPENDED", minutes_ago=99_999)]))

    assert found.state is State.ATTENTION


def test_without_a_file_for_an_hour_nothing_is_known() -> None:
    assert line("last file", listings([])).state is State.UNKNOWN
    assert line("last file", listings([seen("a", "COMPLETED", minutes_ago=59)])).state is State.OK
    quiet = line("last file", listings([seen("a", "COMPLETED", minutes_ago=61)]))
    assert quiet.state is State.UNKNOWN


def test_of_a_region_that_is_gone_the_peer_tells_what_failed() -> None:
    found = line("failed files", without(EAST, listings([seen("a.json", "FAILED")])))

    assert found.state is State.ATTENTION
    assert found.says.startswith(f"as {WEST} has it: 1 in the last 24 hours")
    assert found.next.endswith(f"--region {WEST}")


def test_of_a_region_that_is_gone_no_peer_can_tell_that_nothing_failed() -> None:
    found = line("failed files", without(EAST, listings([])))

    assert found.state is State.UNKNOWN
    assert "the connection is refused" in found.says


def test_when_no_replica_answers_nothing_is_known() -> None:
    nothing = without(EAST, without(WEST, listings([])))

    assert {each.state for each in file_lines(EAST, nothing, AT)} == {State.UNKNOWN}


def test_more_files_than_were_listed_are_counted_as_more() -> None:
    files = [seen(f"{n}.json", "FAILED") for n in range(15)]
    found = {**listings(files), (EAST, "FAILED"): listed(files, whole=False)}

    assert line("failed files", found).says.startswith("15 or more in the last 24 hours")


def test_a_file_that_both_replicas_have_is_listed_as_its_own_region_has_it() -> None:
    at_home = seen("a.json", "COMPLETED")
    as_replicated = seen("a.json", "PROCESSING")

    [file] = merged(listings([at_home], west=[as_replicated]))
    [same] = merged(dict(list(listings([at_home], west=[as_replicated]).items())[::-1]))

    assert file.status == same.status == "COMPLETED"
