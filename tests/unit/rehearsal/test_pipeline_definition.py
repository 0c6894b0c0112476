import pytest

from local.rehearsal import pipeline_definition
from local.rehearsal.errors import RehearsalError
from tests.unit.rehearsal.fakes import SOURCE, action, pipeline, properties, stage


def test_an_action_runs_in_the_pipelines_region_and_role_unless_it_names_its_own() -> None:
    away = action("away", Region="eu-north-1", RoleArn="arn:aws:iam::111111111111:role/away")

    [_, build] = pipeline(SOURCE, stage("Build", action("home"), away)).stages

    assert [each.region for each in build.actions] == ["eu-west-1", "eu-north-1"]
    assert [each.role_arn for each in build.actions] == [
        "arn:aws:iam::000000000000:role/shop",
        "arn:aws:iam::111111111111:role/away",
    ]


def test_each_region_has_the_bucket_that_its_artifact_store_names() -> None:
    stores = [
        {"Region": "eu-west-1", "ArtifactStore": {"Location": "west", "Type": "S3"}},
        {"Region": "eu-north-1", "ArtifactStore": {"Location": "north", "Type": "S3"}},
    ]
    given = properties(SOURCE, ArtifactStores=stores)
    del given["ArtifactStore"]

    parsed = pipeline_definition.parse(given, "eu-west-1")

    assert parsed.buckets == {"eu-west-1": "west", "eu-north-1": "north"}


def test_the_version_tells_definitions_apart() -> None:
    one, other = stage("Build", action("one")), stage("Build", action("other"))

    assert pipeline(SOURCE, one).version == pipeline(SOURCE, one).version
    assert pipeline(SOURCE, one).version != pipeline(SOURCE, other).version


@pytest.mark.parametrize(
    "stages",
    [
        [stage("Build", action("build", Commands=["make"]))],
        [stage("Build", action("build"), BeforeEntry={"Conditions": []})],
        [stage("Build", action("build"), OnFailure={"Result": "RETRY"})],
    ],
    ids=["action", "stage", "on failure"],
)
def test_what_would_mean_something_on_aws_and_is_not_known_is_refused(stages: list[object]) -> None:
    with pytest.raises(RehearsalError, match="can't rehearse"):
        pipeline(SOURCE, *stages)


def test_a_pipeline_with_triggers_of_its_own_is_refused() -> None:
    with pytest.raises(RehearsalError, match="can't rehearse Triggers"):
        pipeline_definition.parse(properties(SOURCE, Triggers=[]), "eu-west-1")
