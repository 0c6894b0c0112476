from dataclasses import replace

from stages import targets
from stages.settings import Settings

SETTINGS = Settings(
    account="111122223333",
    standby_account="444455556666",
    bucket_suffix="acme",
    alert_email="",
    repository="acme/ingestion",
    branch="main",
    connection_arn="",
    bundle_platform="lambda",
)


def test_traffic_goes_to_us_east_1() -> None:
    primary = targets.primary(SETTINGS)

    assert (primary.stage_id, primary.region, primary.standby) == ("primary", "us-east-1", False)
    assert primary.account == "111122223333"
    assert primary.ingestion_bucket == "serverless-data-ingestion-prod-acme"
    assert primary.access_logs_bucket == "serverless-access-logs-prod-acme"


def test_us_west_2_stands_by() -> None:
    standby = targets.standby(SETTINGS)

    assert (standby.stage_id, standby.region, standby.standby) == ("standby", "us-west-2", True)
    assert standby.account == "444455556666"
    assert standby.ingestion_bucket == "serverless-data-ingestion-dr-prod-acme"
    assert standby.access_logs_bucket == "serverless-access-logs-dr-prod-acme"


def test_each_region_is_the_others_peer() -> None:
    primary, standby = targets.primary(SETTINGS), targets.standby(SETTINGS)

    assert (primary.peer_region, standby.peer_region) == (standby.region, primary.region)
    assert (primary.peer_account, standby.peer_account) == (standby.account, primary.account)


def test_the_regions_share_an_account_only_when_both_are_set_to_the_same() -> None:
    together = replace(SETTINGS, standby_account=SETTINGS.account)

    assert [target(together).shares_account for target in (targets.primary, targets.standby)] == [
        True,
        True,
    ]
    assert [target(SETTINGS).shares_account for target in (targets.primary, targets.standby)] == [
        False,
        False,
    ]
