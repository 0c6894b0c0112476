from decimal import Decimal

import pytest

from services.stream_consumer.runtime.settings import Settings


def test_settings_are_read_from_the_environment() -> None:
    settings = Settings.from_env(
        {
            "EVENT_BUS_NAME": "bus",
            "REJECTED_SHARE_ANNOUNCED": "0.05",
            "REGION": "us-east-1",
            "HOME": "/",
        }
    )

    assert settings == Settings(
        event_bus_name="bus", rejected_share_announced=Decimal("0.05"), region="us-east-1"
    )


def test_every_missing_variable_is_named_at_once() -> None:
    missing = "EVENT_BUS_NAME, REGION, REJECTED_SHARE_ANNOUNCED"

    with pytest.raises(KeyError, match=f"missing environment variables: {missing}"):
        Settings.from_env({"REGION": ""})
