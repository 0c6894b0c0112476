import pytest

from services.stream_consumer.runtime.settings import Settings


def test_settings_are_read_from_the_environment() -> None:
    settings = Settings.from_env({"EVENT_BUS_NAME": "bus", "REGION": "us-east-1", "HOME": "/"})

    assert settings == Settings(event_bus_name="bus", region="us-east-1")


def test_every_missing_variable_is_named_at_once() -> None:
    with pytest.raises(KeyError, match="missing environment variables: EVENT_BUS_NAME, REGION"):
        Settings.from_env({"REGION": ""})
