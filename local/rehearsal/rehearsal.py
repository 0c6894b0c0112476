"""One rehearsal: a local cloud, a repository to push to, and the deployed pipeline behind it."""

import shutil
import tempfile
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Self

from local import aws_isolation, emulator_gaps, missing_right, synth
from local.cloud import Cloud
from local.cloud_state import StateFolder
from local.paths import REPOSITORY
from local.progress import Progress
from local.rehearsal import deployed_pipeline
from local.rehearsal.action import Workers
from local.rehearsal.action_runner import SOURCE, ActionRunner
from local.rehearsal.approval_action import Approval, Decide, evidence_page
from local.rehearsal.build_image import BuildImage
from local.rehearsal.cloudformation_action import CloudFormation
from local.rehearsal.codebuild_action import CodeBuild
from local.rehearsal.codepipeline_api import CodePipelineApi, serving
from local.rehearsal.errors import RehearsalError
from local.rehearsal.pipeline_definition import Pipeline
from local.rehearsal.pipeline_engine import Engine
from local.rehearsal.pipeline_execution import Execution, StageLocks
from local.rehearsal.principal import Principal
from local.rehearsal.source_action import Remotes
from local.rehearsal.terminal_output import Console
from local.rehearsal.working_copy import WorkingCopy

# What a deployer sets: the accounts in cdk.json, the variables on the builds' projects.
ACCOUNTS = {name: synth.CONTEXT[name] for name in ("account", "standbyAccount")}
VARIABLES = {
    # Functions run on this machine, so their packages must.
    "SYNTH_OPTIONS": " ".join(
        f"--context {name}={synth.CONTEXT[name]}"
        for name in ("bundlePlatform", "canaryEveryMinutes")
    ),
    # Everything is on this machine, so a fault shows within a minute.
    "TIMEOUT_S": "60",
    # No alarm is evaluated here.
    "WATCH_S": "0",
}


class Rehearsal:
    """A pipeline to push to; ``decide`` answers its approvals and may be changed between pushes.

    ``state`` keeps what may be of interest later. Builds run elsewhere: below the repository, tools
    would find its files and apply its ``.gitignore``.
    """

    def __init__(self, cloud: Cloud, state: Path, decide: Decide, console: Console) -> None:
        self.cloud = cloud
        self.decide = decide
        # The page that the last approver was given, as it was then.
        self.evidence = ""
        self._scratch = Path(tempfile.mkdtemp(prefix="rehearsal-"))
        self._remotes = Remotes(state / "remotes")
        self._callers: dict[str, str] = {}
        locks = StageLocks()
        self._api = CodePipelineApi(
            self._stages, lambda: self.executions, locks, self._is_allowed, console.note
        )
        self._engine = Engine(
            deployed=partial(deployed_pipeline.find, cloud),
            root=Principal.root(cloud),
            actions=ActionRunner(
                self._workers(console),
                folder=self._scratch / "actions",
                logs=state / "logs",
                console=console,
            ),
            locks=locks,
            console=console,
        )
        self.working_copy = self._first_commit(state / "clone", deployed_pipeline.find(cloud))

    @classmethod
    def start(cls, state: Path, decide: Decide, console: Console) -> Self:
        """Start a new cloud with only the pipeline, deployed by hand as in a first deployment."""
        state = state.resolve()
        Cloud.remove(state / "cloud")
        shutil.rmtree(state, ignore_errors=True)
        cloud = _with_pipeline(state, Progress())
        try:
            return cls(cloud, state, decide, console)
        except BaseException:
            cloud.stop()
            raise

    def stop(self) -> None:
        """Stop the cloud; the logs stay."""
        self.cloud.stop()
        self.release()

    def release(self) -> None:
        """Leave the cloud running without the pipeline."""
        self._api.server_close()
        shutil.rmtree(self._scratch, ignore_errors=True)

    def push(self) -> list[Execution]:
        """Push the working copy's newest commit; return the executions it led to, in order."""
        before = len(self._engine.executions)
        self.working_copy.push()
        with serving(self._api):
            self._engine.run()
        return self._engine.executions[before:]

    def answer(self, *, approve: bool) -> Execution:
        """Answer the approval that an execution waits for, and return that execution."""
        self.decide = lambda _: approve
        with serving(self._api):
            return self._engine.resume()

    @property
    def executions(self) -> list[Execution]:
        return self._engine.executions

    def pipeline(self) -> Pipeline:
        """Return the pipeline as it is deployed now."""
        return deployed_pipeline.find(self.cloud)

    def _workers(self, console: Console) -> Workers:
        cloud, scratch = self.cloud, self._scratch
        build = CodeBuild(
            clients=cloud,
            state=cloud.state_dir,
            image=BuildImage(scratch / "image", cloud.ca_bundle),
            workspaces=scratch / "workspaces",
            variables=VARIABLES,
            codepipeline=self._api.url,
            callers=self._callers,
        )
        return {
            ("Source", "CodeStarSourceConnection"): self._remotes,
            ("Build", "CodeBuild"): build,
            ("Deploy", "CloudFormation"): CloudFormation(
                deployed=partial(emulator_gaps.close_all, cloud)
            ),
            ("Approval", "Manual"): Approval(self._decide, console.asked),
        }

    def _stages(self) -> list[str]:
        return [stage.name for stage in self.pipeline().stages]

    def _is_allowed(self, access_key: str, action: str) -> bool:
        """Ask IAM whether the role of a build may call an action on the pipeline."""
        pipeline, role = self.pipeline(), self._callers.get(access_key, "")
        arn = f"arn:aws:codepipeline:{pipeline.region}:{aws_isolation.ACCOUNT}:{pipeline.name}"
        answer = self.cloud.client("iam", pipeline.region).simulate_principal_policy(
            PolicySourceArn=role, ActionNames=[action], ResourceArns=[arn]
        )
        return bool(answer["EvaluationResults"][0]["EvalDecision"] == "allowed")

    def _decide(self, shown: Mapping[str, str]) -> bool | None:
        self.evidence = evidence_page(self.cloud, shown["evidence"])
        return self.decide(shown)

    def _first_commit(self, folder: Path, pipeline: Pipeline) -> WorkingCopy:
        """Commit the working tree, with the local cloud's account where a deployer sets theirs."""
        source = _source(pipeline)
        branch = source["BranchName"]
        remote = self._remotes.create(source["FullRepositoryId"], branch)
        copy = WorkingCopy.create(REPOSITORY, folder, remote=remote, branch=branch)
        copy.set_context("cdk.json", ACCOUNTS)
        copy.commit("Deploy to the local cloud")
        return copy


def _with_pipeline(state: Path, progress: Progress) -> Cloud:
    folder = StateFolder(state / "cloud")
    with progress.step("synthesized the assembly"):
        synth.synthesize(folder.assembly)
    try:
        with progress.step("started the emulator"):
            cloud = Cloud.launch(folder.state)
        with progress.step("bootstrapped both regions"):
            cloud.bootstrap(folder.assembly)
        deployed = progress.step("deployed the pipeline by hand, as in a first deployment")
        with deployed, missing_right.named(cloud):
            cloud.cdk.deploy(folder.assembly)
    except BaseException:
        Cloud.remove(folder.state)
        raise
    return cloud


def _source(pipeline: Pipeline) -> Mapping[str, str]:
    found = [
        action.configuration
        for stage in pipeline.stages
        for action in stage.actions
        if action.category == SOURCE
    ]
    if len(found) != 1:
        raise RehearsalError(f"the pipeline has {len(found)} sources, not one")
    return found[0]
