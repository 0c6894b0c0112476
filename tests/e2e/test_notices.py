"""People are told in words of a file that failed or of which too many rows were rejected."""

from collections.abc import Iterator

import pytest

from local.cloud import Cloud
from naming import REGIONS
from tests.e2e.alerts import Alerts, subscribed
from tests.e2e.content import order_lines
from tests.e2e.site import Site, site

BAD_ORDER = b'{"orderId": ""}\n'


@pytest.fixture(params=REGIONS)
def region(request: pytest.FixtureRequest, cloud: Cloud) -> Site:
    return site(cloud, request.param)


@pytest.fixture
def alerts(region: Site, cloud: Cloud) -> Iterator[Alerts]:
    with subscribed(region, cloud.outputs(region.name)["AlertsTopicArn"]) as alerts:
        yield alerts


def test_a_file_with_many_rejected_rows_is_told_once_with_the_command_to_get_them(
    region: Site, alerts: Alerts
) -> None:
    good = region.put("orders/good.json", order_lines(40, "good"))  # 2 of 40: no more than 5 %
    bad = region.put("orders/bad rows.json", order_lines(3, "bad") + BAD_ORDER * 2)
    for upload in (good, bad):
        region.await_status(upload, "COMPLETED")

    [notice] = alerts.await_notices(bad.key)

    assert alerts.notices_of(good.key) == []
    where = f"(dataset orders, {region.name})"
    assert notice.startswith(f"2 of 5 rows of the file {bad.key} {where} were rejected. ")
    assert " in 2 rows, first in row 4" in notice
    assert notice.endswith(
        f"ops rejected 'orders/bad rows.json' --region {region.name} --out rejected.json"
    )


def test_a_failed_file_is_told_once_with_what_failed_and_where(
    region: Site, alerts: Alerts
) -> None:
    failed = region.put("orders/cut off.json", b"[" + b'{"orderId": "1"}, ' * 2 + b'{"orderId":')
    region.await_status(failed, "FAILED")
    region.await_dead_letter(failed)  # after every retry

    [notice] = alerts.await_notices(failed.key)

    assert notice.startswith(f"The file {failed.key} (dataset orders, {region.name}) failed. ")
    assert "TRUNCATED_JSON in row 3: " in notice
    assert "Its first 2 rows are stored." in notice
