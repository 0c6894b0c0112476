"""What a rehearsal sees of the product, against the session's cloud."""

from local.cloud import Cloud
from local.rehearsal import deployed_product
from naming import REGIONS


def test_what_a_rehearsal_writes_is_seen_in_both_regions(cloud: Cloud) -> None:
    before = deployed_product.observe(cloud)

    deployed_product.write(cloud)

    after = deployed_product.observe(cloud)
    written = [after.items[region] - before.items[region] for region in REGIONS]
    assert len(written[0]) == len(deployed_product.ROWS) + 1
    assert written[0] == written[1]
    assert before.code == after.code
    assert after.code.keys() == set(REGIONS)
    assert all(before.items[region] <= after.items[region] for region in REGIONS)
