from collections.abc import Sequence

import pytest

from tests.policy.changes.updates import TABLE, reported
from tests.policy.templates import Body, resource

KEY, OTHER = ["status"], ["shard"]


def table(replicas: Sequence[str], **indexes: Sequence[str]) -> Body:
    return resource(
        TABLE,
        Replicas=[{"Region": region} for region in replicas],
        GlobalSecondaryIndexes=[
            {"IndexName": name, "KeySchema": list(key)} for name, key in indexes.items()
        ],
    )


@pytest.mark.parametrize(
    ("after", "steps"),
    [
        (table("ab", a=KEY, b=KEY, c=KEY), "+index b, +index c"),
        (table("ab"), ""),
        (table("ab", b=KEY), "-index a, +index b"),
        (table("ab", a=OTHER), ""),
        (table("abc", a=KEY), ""),
        (table("abc", a=KEY, b=KEY), "+index b, +replica c"),
        (table("ac", a=KEY), "-replica b, +replica c"),
        (table("ba", a=KEY), ""),
    ],
)
def test_a_table_takes_one_index_or_replica_an_update(after: Body, steps: str) -> None:
    before = table("ab", a=KEY)

    dangers = reported("table-updates", {"T": before}, {"T": after})

    assert dangers == ([f"T: {steps}"] if steps else [])


def test_a_new_table_may_have_any_number() -> None:
    assert reported("table-updates", {}, {"T": table("abc", a=KEY, b=KEY)}) == []


def test_a_replica_may_get_other_settings() -> None:
    before, after = (
        resource(
            TABLE, Replicas=[{"Region": name, "DeletionProtectionEnabled": on} for name in "ab"]
        )
        for on in (False, True)
    )

    assert reported("table-updates", {"T": before}, {"T": after}) == []
