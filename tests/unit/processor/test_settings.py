import pytest

from services.processor.runtime.keys import StatusIndex
from services.processor.runtime.settings import Settings


def test_settings_are_read_from_the_environment() -> None:
    settings = Settings.from_env(
        {
            "TABLE_NAME": "t",
            "REJECTED_ROWS_KEPT_DAYS": "30",
            "STATUS_INDEX": "exceptions",
            "REGION": "us-west-2",
            "PATH": "/bin",
        }
    )

    assert settings == Settings(
        table_name="t",
        rejected_rows_kept_days=30,
        status_index=StatusIndex.EXCEPTIONS,
        region="us-west-2",
    )


def test_every_missing_variable_is_named() -> None:
    with pytest.raises(KeyError, match="REGION, REJECTED_ROWS_KEPT_DAYS, STATUS_INDEX, TABLE_NAME"):
        Settings.from_env({"TABLE_NAME": ""})


def test_a_value_of_another_kind_is_refused_when_the_function_starts() -> None:
    env = {"TABLE_NAME": "t", "REJECTED_ROWS_KEPT_DAYS": "0", "REGION": "us-east-1"}

    with pytest.raises(ValueError, match="some"):
        Settings.from_env(env | {"STATUS_INDEX": "some"})
