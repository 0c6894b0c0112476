import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stages.settings import Settings, SettingsError
from tests import deployer

CONTEXT = dict(deployer.OWN)


def settings(**overrides: object) -> Settings:
    return Settings.from_context((CONTEXT | overrides).get)


def refusal(**overrides: object) -> list[str]:
    """The lines of the message that name an invalid key."""
    with pytest.raises(SettingsError) as refused:
        settings(**overrides)
    head, *lines = str(refused.value).splitlines()
    assert head == "invalid context in cdk.json, which docs/deployment.md explains:"
    return lines


def test_a_field_is_read_from_the_key_of_the_same_name() -> None:
    read = settings()

    for key, value in CONTEXT.items():
        assert getattr(read, re.sub("[A-Z]", lambda each: f"_{each[0].lower()}", key)) == value


def test_lists_and_objects_may_be_given_as_json_text_on_the_command_line() -> None:
    one = "arn:aws:iam::111122223333:role/on-call"
    read = settings(operators=f'["{one}"]', readers="[]", producers='{"shop": "orders/"}')

    assert (read.operators, read.readers, read.producers) == ([one], [], {"shop": "orders/"})


def test_nobody_may_do_anything_unless_a_deployer_says_who() -> None:
    read = settings(operators=[], readers=[], producers={})

    assert (read.operators, read.readers, read.producers) == ([], [], {})


def test_suffix_and_address_may_be_empty() -> None:
    read = settings(bucketSuffix="", alertEmail="")

    assert (read.bucket_suffix, read.alert_email) == ("", "")


def test_every_invalid_key_is_named_with_its_value_and_what_it_must_be() -> None:
    lines = refusal(account="12345", bucketSuffix="UPPER", bundlePlatform="windows")

    assert [line.split(": must be ")[0] for line in lines] == [
        '  account = "12345"',
        '  bucketSuffix = "UPPER"',
        '  bundlePlatform = "windows"',
    ]
    assert all(line.split(": must be ")[1] for line in lines)


@pytest.mark.parametrize("key", CONTEXT)
def test_no_key_may_be_missing(key: str) -> None:
    [line] = refusal(**{key: None})

    assert line.startswith(f"  {key} = null: must be ")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("account", "1111222233334"),
        ("account", "11112222333x"),
        ("account", "111122223333\n"),
        ("account", "١١١١٢٢٢٢٣٣٣٣"),  # digits, but not those of an account
        ("account", 111122223333),
        ("bucketSuffix", "-acme"),
        ("bucketSuffix", "acme-"),
        ("bucketSuffix", "ac.me"),
        ("bucketSuffix", "ac_me"),
        ("alertEmail", "on-call"),
        ("alertEmail", "on-call@example"),
        ("alertEmail", "on call@example.com"),
        ("repository", "ingestion"),
        ("repository", "acme/ingestion/more"),
        ("branch", ""),
        ("connectionArn", "arn:aws:codeconnections:us-east-1:1:connection/1"),
        ("rejectedShareAnnounced", "5%"),
        ("rejectedShareAnnounced", "1.01"),
        ("rejectedShareAnnounced", "-0.1"),
        ("rejectedShareAnnounced", ".5"),
        ("rejectedShareAnnounced", "nan"),
        ("rejectedShareAnnounced", 0.05),
        ("rawFilesKeptDays", "-1"),
        ("rawFilesKeptDays", "1.5"),
        ("rawFilesKeptDays", "030"),
        ("rawFilesKeptDays", "36501"),
        ("rejectedRowsKeptDays", ""),
        ("rangesAtOnce", "0"),
        ("rangesAtOnce", "1000"),
        ("rangesAtOnce", 8),
        ("rejectedRowsKeptDays", 30),
        ("statusIndex", ""),
        ("statusIndex", "none"),
        ("statusIndex", "Exceptions"),
        ("operators", "arn:aws:iam::111122223333:role/on-call"),
        ("alertEmail", "a" * 64 + "@" + "e" * 132 + ".org"),
        ("repository", "acme/" + "i" * 76),
        ("branch", "b" * 101),
        ("operators", [f"arn:aws:iam::111122223333:user/{n:06}" for n in range(20)]),
        ("producers", {f"p{n}": "orders/" for n in range(201)}),
        ("producers", {"shop": "f" * 200 + "/"}),
        ("operators", ["*"]),
        ("operators", ["arn:aws:iam::111122223333:role/*"]),
        ("operators", ["arn:aws:iam::111122223333:role/on-call?"]),
        ("operators", ["arn:aws:iam::*:role/on-call"]),
        ("operators", ["arn:aws:iam::111122223333:root"]),
        ("operators", ["111122223333"]),
        ("operators", ["arn:aws:iam::111122223333:role/"]),
        ("operators", ["arn:aws:sts::111122223333:assumed-role/on-call/ann"]),
        ("readers", ["arn:aws:iam::111122223333:group/support"]),
        ("readers", [None]),
        ("producers", ["orders/"]),
        ("producers", {"shop": "orders"}),
        ("producers", {"shop": ""}),
        ("producers", {"shop": "/"}),
        ("producers", {"shop": "/orders/"}),
        ("producers", {"shop": "*/"}),
        ("producers", {"shop": "orders/${aws:username}/"}),
        ("producers", {"shop": "canary/"}),
        ("producers", {"shop": "canary/orders/"}),
        ("producers", {"shop": ["orders/"]}),
        ("producers", {"Shop": "orders/"}),
        ("producers", {"shop-": "orders/"}),
        ("producers", {"": "orders/"}),
        ("canaryEveryMinutes", ""),
        ("canaryEveryMinutes", "0"),
        ("canaryEveryMinutes", "05"),
        ("canaryEveryMinutes", "361"),
        ("canaryEveryMinutes", 5),
        ("bundlePlatform", "Lambda"),
    ],
)
def test_a_value_that_aws_would_reject_later_is_rejected_now(key: str, value: object) -> None:
    [line] = refusal(**{key: value})

    assert line.startswith(f"  {key} = {json.dumps(value)}: must be ")


@given(st.dictionaries(st.sampled_from(sorted(CONTEXT)), st.none() | st.integers() | st.text()))
def test_any_context_is_either_read_or_rejected_by_name(overrides: dict[str, object]) -> None:
    try:
        read = settings(**overrides)
    except SettingsError as refused:
        named = {line.split(" = ")[0].strip() for line in str(refused).splitlines()[1:]}
        assert named <= set(overrides)
    else:
        assert read.account == (CONTEXT | overrides)["account"]


def test_settings_cant_be_changed_after_validation() -> None:
    read = settings()

    with pytest.raises(AttributeError):
        read.account = "x"  # type: ignore[misc]  # that it can't is what is tested


def test_the_standby_may_have_an_account_of_its_own() -> None:
    assert settings(standbyAccount="444455556666").standby_account == "444455556666"
