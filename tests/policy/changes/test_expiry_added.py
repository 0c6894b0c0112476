from tests.policy.changes.updates import BUCKET, TABLE, reported
from tests.policy.templates import Body, resource

KEPT = {"T": resource(TABLE)}


def table(*, on: bool, attribute: str = "expires") -> dict[str, Body]:
    ttl = {"AttributeName": attribute, "Enabled": on}
    return {"T": resource(TABLE, TimeToLiveSpecification=ttl)}


def bucket(days: int) -> dict[str, Body]:
    rule = {"ExpirationInDays": days, "Status": "Enabled"}
    return {"B": resource(BUCKET, LifecycleConfiguration={"Rules": [rule]})}


def test_a_table_whose_records_begin_to_expire_is_told() -> None:
    for before in (KEPT, table(on=False)):
        assert reported("expiry-added", before, table(on=True)) == ["T: items expire by expires"]


def test_records_that_expire_by_another_attribute_are_told() -> None:
    dangers = reported("expiry-added", table(on=True), table(on=True, attribute="timestamp"))

    assert dangers == ["T: items expire by timestamp"]


def test_objects_that_begin_to_expire_or_do_so_at_another_age_are_told() -> None:
    kept = {"B": resource(BUCKET)}

    assert reported("expiry-added", kept, bucket(30)) == ["B: ExpirationInDays is 30"]
    assert reported("expiry-added", bucket(365), bucket(30)) == ["B: ExpirationInDays is 30"]


def test_what_expired_before_expires_no_more_or_is_new_is_no_danger() -> None:
    assert reported("expiry-added", table(on=True), table(on=True)) == []
    assert reported("expiry-added", table(on=True), KEPT) == []
    assert reported("expiry-added", {}, {**table(on=True), **bucket(30)}) == []
