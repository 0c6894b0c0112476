"""One account or two: every question that depends on it has its answer in one place."""

import ast

import pytest

from stages.accounts import Accounts, OneAccount, TwoAccounts
from stages.settings import Settings
from tests import deployer
from tests.architecture.sources import modules, tree

ONE = Settings.from_context(deployer.OWN.get)
TWO = Settings.from_context({**deployer.OWN, "standbyAccount": deployer.OWN_STANDBY_ACCOUNT}.get)


def test_the_regions_share_an_account_only_when_both_are_set_to_the_same() -> None:
    assert isinstance(Accounts.of(ONE), OneAccount)
    assert isinstance(Accounts.of(TWO), TwoAccounts)


@pytest.mark.parametrize("settings", [ONE, TWO], ids=["one account", "two accounts"])
def test_a_target_is_local_where_its_account_is_the_pipelines_and_foreign_elsewhere(
    settings: Settings,
) -> None:
    accounts = Accounts.of(settings)

    assert {each.account for each in accounts.local} == {settings.account}
    assert settings.account not in {each.account for each in accounts.foreign}
    assert {*accounts.local, *accounts.foreign} == {accounts.primary, accounts.standby}


def test_a_foreign_accounts_bootstrap_role_is_assumed_and_no_other() -> None:
    [statement] = Accounts.of(TWO).assume_foreign("lookup")
    lookup = "cdk-fileingest-lookup-role-444455556666-us-west-2"

    assert Accounts.of(ONE).assume_foreign("lookup") == []
    assert statement.to_statement_json() == {
        "Action": "sts:AssumeRole",
        "Effect": "Allow",
        "Resource": f"arn:aws:iam::444455556666:role/{lookup}",
    }


def test_nothing_else_compares_accounts() -> None:
    comparing = {
        str(module)
        for module in modules("stages", "services", "pipeline_app.py")
        for node in ast.walk(tree(module))
        if isinstance(node, ast.Compare)
        if all("account" in ast.unparse(side) for side in (node.left, *node.comparators))
    }

    assert comparing == {"stages/accounts.py"}
