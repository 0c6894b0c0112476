import string
from dataclasses import replace

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from stages import targets
from stages.settings import ACCOUNT, Settings, SettingsError
from tests import deployer

SETTINGS = Settings.from_context(
    {**deployer.OWN, "standbyAccount": deployer.OWN_STANDBY_ACCOUNT}.get
)


def test_the_primary_is_us_east_1() -> None:
    primary = targets.primary(SETTINGS)

    assert (primary.stage, primary.region) == ("primary", "us-east-1")
    assert primary.account == "111122223333"
    assert primary.ingestion_bucket == "serverless-data-ingestion-prod-acme"
    assert primary.access_logs_bucket == "serverless-access-logs-prod-acme"


def test_the_standby_is_us_west_2() -> None:
    standby = targets.standby(SETTINGS)

    assert (standby.stage, standby.region) == ("standby", "us-west-2")
    assert standby.account == "444455556666"
    assert standby.ingestion_bucket == "serverless-data-ingestion-dr-prod-acme"
    assert standby.access_logs_bucket == "serverless-access-logs-dr-prod-acme"


def test_each_region_is_the_others_peer() -> None:
    primary, standby = targets.primary(SETTINGS), targets.standby(SETTINGS)

    assert (primary.peer_region, standby.peer_region) == (standby.region, primary.region)
    assert (primary.peer_account, standby.peer_account) == (standby.account, primary.account)


def test_an_arn_names_the_account_that_its_region_is_in() -> None:
    standby = targets.standby(SETTINGS)

    assert standby.ingestion_bucket_arn == "arn:aws:s3:::serverless-data-ingestion-dr-prod-acme"
    assert standby.table_arn == (
        "arn:aws:dynamodb:us-west-2:444455556666:table/serverless-processed-data-prod"
    )
    assert standby.peer_table_arn == (
        "arn:aws:dynamodb:us-east-1:111122223333:table/serverless-processed-data-prod"
    )
    assert standby.verification_role_arn == (
        "arn:aws:iam::444455556666:role/serverless-verification-us-west-2-prod"
    )


@given(account=st.from_regex(ACCOUNT, fullmatch=True, alphabet=string.digits))
@example(account="0" * 11 + "1")
@example(account="1" + "0" * 11)
def test_packages_for_this_machine_are_for_the_local_cloud_only(account: str) -> None:
    assume(account != targets.LOCAL_ACCOUNT)
    refusal = f"must be 'lambda' for {account}"
    both = account, targets.LOCAL_ACCOUNT

    for peer in both:
        own = replace(SETTINGS, bundle_platform="host", account=account, standby_account=peer)
        with pytest.raises(SettingsError, match=refusal):
            targets.primary(own)
        with pytest.raises(SettingsError, match=refusal):
            targets.standby(replace(own, account=peer, standby_account=account))


@given(account=st.from_regex(ACCOUNT, fullmatch=True, alphabet=string.digits))
def test_the_local_cloud_has_packages_for_this_machine_wherever_its_peer_is(account: str) -> None:
    local = replace(SETTINGS, bundle_platform="host", account=targets.LOCAL_ACCOUNT)
    standby = replace(local, account=account, standby_account=targets.LOCAL_ACCOUNT)

    assert targets.primary(replace(local, standby_account=account)).bundle_platform == "host"
    assert targets.standby(standby).bundle_platform == "host"


@given(account=st.from_regex(ACCOUNT, fullmatch=True, alphabet=string.digits))
def test_packages_for_lambda_are_for_every_account(account: str) -> None:
    settings = replace(SETTINGS, account=account, standby_account=account)

    assert {region(settings).bundle_platform for region in (targets.primary, targets.standby)} == {
        "lambda"
    }
