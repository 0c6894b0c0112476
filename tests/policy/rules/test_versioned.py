import pytest

from policies.rules.versioned import check
from tests.policy.templates import resource, stack


@pytest.mark.parametrize("versions", [{}, {"VersioningConfiguration": {"Status": "Suspended"}}])
def test_a_bucket_that_forgets_what_is_overwritten_is_found(versions: dict[str, object]) -> None:
    [finding] = check([stack({"Bucket": resource("AWS::S3::Bucket", **versions)})])

    assert finding.path == "pipeline/primary/tap/Bucket"
    assert finding.message == "overwritten and deleted objects are lost"


def test_a_bucket_that_keeps_versions_passes() -> None:
    enabled = resource("AWS::S3::Bucket", VersioningConfiguration={"Status": "Enabled"})

    assert not list(check([stack({"Bucket": enabled})]))
