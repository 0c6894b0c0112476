"""The readings of a sensor are a time series: one query, in order of time, in both regions."""

from collections.abc import Iterable, Mapping

import pytest

from local.cloud import Cloud
from naming import PRIMARY, REGIONS, peer
from tests.e2e.deliveries import await_later_second, put_and_await
from tests.e2e.oracle import differences, plain
from tests.e2e.site import Site, sites


@pytest.fixture(scope="module")
def regions(cloud: Cloud) -> Mapping[str, Site]:
    return sites(cloud)


@pytest.mark.parametrize("region", REGIONS)
def test_the_readings_of_a_sensor_are_one_query_in_order_of_time_whatever_file_brought_them(
    regions: Mapping[str, Site], region: str
) -> None:
    sensor, beside = f"hall-{region}", f"hall-{region}-b"
    late = readings((sensor, "03.11.2026 10:00:00", "3,5"), (beside, "03.11.2026 10:00:00", "9"))
    early = readings((sensor, "02.11.2026 23:59:59", "2,5"), (sensor, "01.11.2026 00:00:00", "1"))
    again = readings((sensor, "02.11.2026 23:59:59", "-2,25"))

    first = put_and_await(regions[region], "readings/late.csv", late)
    second = put_and_await(regions[peer(region)], "readings/early.csv", early)
    await_later_second(second)
    put_and_await(regions[region], "readings/measured again.csv", again)

    for site in regions.values():
        found = [plain(item) for item in site.query(f"readings:{sensor}")]
        assert [(item["timestamp"], str(item["data"]["value"])) for item in found] == [
            ("2026-11-01T00:00:00.000Z", "1"),
            ("2026-11-02T23:59:59.000Z", "-2.25"),
            ("2026-11-03T10:00:00.000Z", "3.5"),
        ]
        assert len(site.query(f"readings:{beside}")) == 1
    assert differences(first, regions) == {PRIMARY: {}, peer(PRIMARY): {}}


def readings(*rows: tuple[str, str, str]) -> bytes:
    """Return readings as the loggers of the warehouses write them."""
    written: Iterable[str] = (
        f"{sensor};{moment};temperature;{value};°C" for sensor, moment, value in rows
    )
    return "\n".join(["sensor;time;quantity;value;unit", *written, ""]).encode()
