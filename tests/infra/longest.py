"""The longest value of each setting that ``stages.settings`` accepts, in one account and in two."""

from collections.abc import Mapping
from typing import Any

from stages import settings
from tests import deployer


def _people() -> list[str]:
    """As many as there may be, each in an account of its own, with names as short as people's."""
    each = [f"arn:aws:iam::{700000000000 + number}:user/ann" for number in range(100)]
    return each[: settings.PEOPLE_CHARACTERS // (len(each[0]) + settings.PERSON_OVERHEAD)]


def _longest(standby_account: str) -> Mapping[str, Any]:
    folder = "f" * (settings.FOLDER_CHARACTERS - 1) + "/"
    return {
        **deployer.OWN,
        "standbyAccount": standby_account,
        "bucketSuffix": "s" * 18,
        "alertEmail": "a" * 64 + "@" + "e" * (settings.EMAIL_CHARACTERS - 69) + ".org",
        "repository": "owner/" + "r" * (settings.REPOSITORY_CHARACTERS - 6),
        "branch": "b" * settings.BRANCH_CHARACTERS,
        "rejectedShareAnnounced": "0.999999",
        "rawFilesKeptDays": "36500",
        "rejectedRowsKeptDays": "36500",
        "operators": _people(),
        "readers": _people(),
        "producers": {f"{n:03}" + "p" * 27: folder for n in range(settings.MOST_PRODUCERS)},
        "canaryEveryMinutes": "360",
        "rangesAtOnce": "999",
    }


LONGEST = (_longest(deployer.OWN_ACCOUNT), _longest(deployer.OWN_STANDBY_ACCOUNT))
