import pytest

from services.processor.runtime.settings import Settings


def test_settings_are_read_from_the_environment() -> None:
    settings = Settings.from_env(
        {
            "TABLE_NAME": "t",
            "REJECTED_ROWS_KEPT_DAYS": "30",
            "REGION": "us-west-2",
            "PATH": "/bin",
        }
    )

    assert settings == Settings(table_name="t", rejected_rows_kept_days=30, region="us-west-2")


def test_every_missing_variable_is_named() -> None:
    with pytest.raises(KeyError, match="REGION, REJECTED_ROWS_KEPT_DAYS, TABLE_NAME"):
        Settings.from_env({"TABLE_NAME": ""})
