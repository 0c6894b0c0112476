"""What a commit is compared with that is the first to name an account."""

import json

from policies.changes.base_selection import PLACEHOLDER_ACCOUNT, first_settings

OWN = {"account": "111111111111", "alertEmail": "ops@example.com"}


def cdk_json(**settings: str) -> str:
    return json.dumps({"app": "python pipeline_app.py", "context": settings})


def test_the_first_account_is_compared_with_the_base_under_its_own_settings() -> None:
    base = cdk_json(account=PLACEHOLDER_ACCOUNT, alertEmail="")

    assert first_settings(base, cdk_json(**OWN)) == OWN
    assert first_settings("", cdk_json(**OWN)) == OWN


def test_any_other_commit_is_compared_with_the_base_as_it_was() -> None:
    without, other = cdk_json(account=PLACEHOLDER_ACCOUNT), cdk_json(**OWN | {"account": "2"})

    assert first_settings(without, without) == {}
    assert first_settings(cdk_json(**OWN), other) == {}
    assert first_settings(other, without) == {}
