"""No order of events loses the approval of the commit that us-east-1 runs.

The pipeline has the stages of ours, and ``ops supersede`` itself decides what is stopped. Only
what the stages deploy is left out.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st

import naming
from local.rehearsal.codepipeline_api import CodePipelineApi, RefusedCallError
from local.rehearsal.errors import ActionError
from local.rehearsal.pipeline_engine import Engine
from local.rehearsal.pipeline_execution import Execution, Status
from ops.commands.supersede import stop_older
from ops.errors import FindingError
from tests.unit.rehearsal.fakes import SOURCE, World, action, pipeline, stage

ROLLBACK = {"Result": "ROLLBACK"}
PRIMARY = naming.stage(naming.PRIMARY)
STAGES = pipeline(
    SOURCE,
    stage(PRIMARY, action("deploy"), action("verify", RunOrder=2), OnFailure=ROLLBACK),
    stage(
        "supersede",
        action("supersede", Configuration={"what": "#{codepipeline.PipelineExecutionId}"}),
    ),
    stage(naming.APPROVAL_STAGE, action("ask")),
    stage(naming.stage(naming.STANDBY), action("promote"), OnFailure=ROLLBACK),
)
# How a push may go wrong, what may fail after it, and when the older commit may be approved.
FAULTS = ("deploy", "verify", "supersede", "supersede half-way", "promote")
MOMENTS = ("deploy", "verify", "supersede")


@dataclass(frozen=True, slots=True)
class Push:
    """A commit; ``fault`` is what fails, ``approved`` when the older one gets a yes."""

    fault: str = ""
    rollback_fails: bool = False
    approved: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    approve: bool


@dataclass
class Story:
    """A pipeline, and what has become of each commit; ``runs`` is what us-east-1 runs."""

    folder: Path
    answers: dict[str, bool] = field(default_factory=dict)
    runs: Execution | None = None
    push: Push = Push()
    commits: int = 0

    def __post_init__(self) -> None:
        self.world = World(STAGES, self.folder)
        self.world.builder.meanwhile = self._act
        self.world.builder.waits = lambda note: (
            note.startswith("ask") and note[4:] not in self.answers
        )
        self.world.builder.fails = lambda note: self.answers.get(note.removeprefix("ask ")) is False
        self.engine: Engine = self.world.engine()
        self.api = CodePipelineApi(
            lambda: [each.name for each in STAGES.stages],
            lambda: self.engine.executions,
            self.world.locks,
            lambda *_: True,
            lambda _: None,
        )

    def tell(self, event: Push | Answer) -> None:
        if isinstance(event, Answer):
            self.answer(approve=event.approve)
            return
        self.push = event
        self.commits += 1
        self.world.hub.commits.append(f"c{self.commits}")
        self.engine.run()

    def answer(self, *, approve: bool) -> None:
        """Answer what waits, if anything does."""
        if waiting := self.waiting():
            self.answers[waiting.revision] = approve
            self.engine.resume()

    def waiting(self) -> Execution | None:
        asked = (each for each in self.engine.executions if each.action("ask"))
        return next((each for each in asked if each.status is Status.IN_PROGRESS), None)

    def _act(self, note: str) -> None:
        name, _, subject = note.partition(" ")
        newest = subject in (f"c{self.commits}", self.engine.executions[-1].id)
        is_rollback = bool(self.engine.executions[-1].rollback_target)
        if newest and not is_rollback and self.push.approved == name:
            self.answer(approve=True)
        fails = self.push.fault == name if newest and not is_rollback else False
        if fails or (is_rollback and self.push.rollback_fails and name == "verify"):
            raise ActionError(f"{note} went wrong")
        if name == "verify":
            self.runs = self._standard(subject)
        if name == "supersede":
            self._supersede(subject)

    def _standard(self, revision: str) -> Execution:
        [found] = [
            each
            for each in self.engine.executions
            if each.revision == revision and not each.rollback_target
        ]
        return found

    def _supersede(self, execution: str) -> None:
        try:
            stop_older(
                Client(self.api),
                "ours",
                primary_stage=PRIMARY,
                approval_stage=naming.APPROVAL_STAGE,
                execution=execution,
            )
        except FindingError as error:
            raise ActionError(str(error)) from error
        if self.push.fault == "supersede half-way":
            raise ActionError("the build was killed")


@dataclass
class Client:
    """The calls of boto3 that ``ops supersede`` makes."""

    api: CodePipelineApi

    def get_pipeline_state(self, **asked: str) -> Any:  # noqa: ANN401  # as boto3
        return self._call("GetPipelineState", **asked)

    def get_pipeline_execution(self, **asked: str) -> Any:  # noqa: ANN401  # as boto3
        return self._call("GetPipelineExecution", **asked)

    def stop_pipeline_execution(self, **asked: Any) -> Any:  # noqa: ANN401  # as boto3
        return self._call("StopPipelineExecution", **asked)

    def _call(self, operation: str, **asked: Any) -> Any:  # noqa: ANN401  # as boto3
        try:
            return self.api.answer(operation, asked, "")
        except RefusedCallError as error:
            refusal = {"Error": {"Code": error.code, "Message": str(error)}}
            raise ClientError(refusal, operation) from error


@pytest.fixture
def story(tmp_path: Path) -> Iterator[Story]:
    story = Story(tmp_path)
    with story.api:
        yield story


def expect_no_approval_lost(story: Story) -> None:
    """Whatever us-east-1 runs waits for its approval, or has had its answer, or can be retried."""
    runs = story.runs
    if runs is None:
        return
    assert runs.status is not Status.STOPPED
    superseding = runs.action("supersede")
    if superseding and superseding.status is Status.SUCCEEDED:
        assert runs is story.waiting() or runs.revision in story.answers


@pytest.mark.parametrize(
    "events",
    [
        pytest.param([Push("deploy")], id="the newer one fails when it is deployed"),
        pytest.param([Push("verify")], id="the newer one fails when it is verified"),
        pytest.param([Push("verify", rollback_fails=True)], id="the rollback fails too"),
        pytest.param([Push("verify"), Push("verify")], id="two newer ones fail"),
        pytest.param([Push("verify", rollback_fails=True), Push("deploy")], id="again, after that"),
    ],
)
def test_a_commit_keeps_its_approval_when_newer_ones_fail(story: Story, events: list[Push]) -> None:
    story.tell(Push())
    older = story.waiting()

    for event in events:
        story.tell(event)

    assert older
    assert story.waiting() is older
    assert story.runs is older
    story.answer(approve=True)
    assert older.status is Status.SUCCEEDED
    assert older.actions[-1].name == "promote"


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("fault", ["", "verify"])
def test_an_approval_given_while_a_newer_commit_is_under_way_counts(
    story: Story, moment: str, fault: str
) -> None:
    story.tell(Push())
    older = story.waiting()

    story.tell(Push(fault, approved=moment))

    assert older
    if fault != "verify" or moment != "supersede":
        assert older.status is Status.SUCCEEDED
    expect_no_approval_lost(story)


def test_a_verified_commit_is_not_rolled_back_when_superseding_is_interrupted(story: Story) -> None:
    story.tell(Push())
    older = story.waiting()

    story.tell(Push("supersede half-way"))

    assert older
    assert older.status is Status.STOPPED
    assert story.runs is story.engine.executions[-1]
    story.tell(Push())
    assert story.waiting() is story.runs


def test_the_newest_verified_commit_is_the_one_that_can_be_approved(story: Story) -> None:
    for event in (Push(), Push(), Push("verify"), Push()):
        story.tell(event)

    assert [each.status for each in story.engine.executions if not each.rollback_target] == [
        Status.STOPPED,
        Status.STOPPED,
        Status.FAILED,
        Status.IN_PROGRESS,
    ]
    assert story.waiting() is story.runs


PUSHES = st.builds(
    Push, st.sampled_from(("", "", *FAULTS)), st.booleans(), st.sampled_from(("", "", *MOMENTS))
)


@given(st.lists(PUSHES | st.builds(Answer, st.booleans()), min_size=2, max_size=8))
def test_no_order_of_events_loses_an_approval(
    tmp_path_factory: pytest.TempPathFactory, events: list[Push | Answer]
) -> None:
    story = Story(tmp_path_factory.mktemp("story"))
    with story.api:
        for event in events:
            story.tell(event)
            expect_no_approval_lost(story)
