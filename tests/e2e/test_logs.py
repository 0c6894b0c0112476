"""The logs of the functions say where and how many, never what is in a record."""

import pytest

from local.cloud import Cloud
from naming import REGIONS
from tests.e2e.operations import ONE_ORDER, TIMESTAMP, Operations
from tests.e2e.site import site

# In the place of values of each kind: kept as sent, in a record, and in a row that is rejected.
SECRET = "XBREXITX"
GOOD = ONE_ORDER.read_text().replace("C44983", SECRET).replace("promo", f"{SECRET} tag")
BAD = GOOD.replace("309.6", f'"{SECRET}"').replace("912a5087-00001", f"{SECRET}-2")


@pytest.mark.parametrize("region", REGIONS)
def test_no_value_of_a_record_is_logged_whether_it_is_accepted_or_rejected(
    cloud: Cloud, region: str
) -> None:
    here = site(cloud, region)
    with here.silent():
        upload = here.put("orders/logged.json", f"[{GOOD},{BAD}]".encode())
    place = {"bucket": {"name": upload.bucket}, "object": {"key": upload.key}}
    event = {"Records": [{"eventTime": TIMESTAMP, "s3": place}]}

    said = Operations(cloud, region).functions["processor"].said_when_invoked(event)

    assert '"file ended"' in said
    assert '"row rejected"' in said
    assert SECRET not in said


@pytest.mark.parametrize(
    ("dataset", "says"),
    [({"S": "orders"}, '"batch done"'), ({"N": "1"}, '"change not readable"')],
)
@pytest.mark.parametrize("region", REGIONS)
def test_no_value_of_a_change_is_logged_whether_it_is_published_or_not_readable(
    cloud: Cloud, region: str, dataset: dict[str, str], says: str
) -> None:
    operations = Operations(cloud, region)
    change = operations.change("orders.logged")
    image = change["dynamodb"]["NewImage"]
    image |= {"dataset": dataset, "data": {"M": {"customer": {"S": SECRET}}}}

    said = operations.functions["consumer"].said_when_invoked({"Records": [change]})

    assert says in said
    assert SECRET not in said
