"""One rehearsal: a local cloud, a repository to push to, and the deployed pipeline that listens."""

import shutil
import tempfile
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Self

from local import gaps, isolation, preparation, synth
from local.cdk import Cdk
from local.cloud import Cloud
from local.layout import REPOSITORY, Layout
from local.progress import Progress
from local.rehearsal import deployed, evidence
from local.rehearsal.action import Workers
from local.rehearsal.approval import Approval, Decide
from local.rehearsal.build import CodeBuild
from local.rehearsal.clone import Clone
from local.rehearsal.cloudformation import CloudFormation
from local.rehearsal.definition import Pipeline
from local.rehearsal.errors import RehearsalError
from local.rehearsal.execution import Execution
from local.rehearsal.image import Image
from local.rehearsal.occupancy import Occupancy
from local.rehearsal.principal import Principal
from local.rehearsal.service import Service, serving
from local.rehearsal.show import Show
from local.rehearsal.source import Remotes
from local.rehearsal.walk import SOURCE, Walk

# What a person who deploys elsewhere sets: the account in cdk.json, the rest for the builds.
ACCOUNTS = {name: synth.CONTEXT[name] for name in ("account", "standbyAccount")}
VARIABLES = {
    # Functions run on this machine, so their packages must.
    "SYNTH_OPTIONS": f"--context bundlePlatform={synth.CONTEXT['bundlePlatform']}",
    # A fault shows within a minute, for nothing is far away.
    "TIMEOUT_S": "60",
    # No alarm is evaluated here.
    "WATCH_S": "0",
}


class Rehearsal:
    """``decide`` answers approvals; it may be changed between pushes.

    What is to be looked at later is in ``state``. Builds run elsewhere: below the repository, tools
    would find its files and take its ``.gitignore`` for theirs.
    """

    def __init__(self, cloud: Cloud, state: Path, decide: Decide, show: Show) -> None:
        self.cloud = cloud
        self.decide = decide
        # The page that the last approver was led to, as it was then.
        self.evidence = ""
        self._scratch = Path(tempfile.mkdtemp(prefix="rehearsal-"))
        self._remotes = Remotes(state / "remotes")
        self._callers: dict[str, str] = {}
        occupancy = Occupancy()
        self._service = Service(self._stages, occupancy, self._may, show.note)
        self._walk = Walk(
            deployed=partial(deployed.pipeline, cloud),
            root=Principal.root(cloud),
            workers=self._workers(),
            occupancy=occupancy,
            folder=self._scratch / "actions",
            logs=state / "logs",
            show=show,
        )
        self.clone = self._first_commit(state / "clone", deployed.pipeline(cloud))

    @classmethod
    def start(cls, state: Path, decide: Decide, show: Show) -> Self:
        """A new cloud with nothing but the pipeline in it, deployed by hand as the first time."""
        state = state.resolve()
        Cloud.remove(state / "cloud")
        shutil.rmtree(state, ignore_errors=True)
        cloud = _with_pipeline(state, Progress())
        try:
            return cls(cloud, state, decide, show)
        except BaseException:
            cloud.stop()
            raise

    def stop(self) -> None:
        """Stop the cloud; its logs stay."""
        self.cloud.stop()
        self.release()

    def release(self) -> None:
        """Let the cloud run on without the pipeline."""
        self._service.server_close()
        shutil.rmtree(self._scratch, ignore_errors=True)

    def push(self) -> list[Execution]:
        """Push the clone's newest commit; all executions that this has led to, in order."""
        before = len(self._walk.executions)
        self.clone.push()
        with serving(self._service):
            self._walk.push()
        return self._walk.executions[before:]

    @property
    def executions(self) -> list[Execution]:
        return self._walk.executions

    def pipeline(self) -> Pipeline:
        """The pipeline as it is deployed now."""
        return deployed.pipeline(self.cloud)

    def _workers(self) -> Workers:
        cloud, scratch = self.cloud, self._scratch
        build = CodeBuild(
            clients=cloud,
            state=cloud.state_dir,
            image=Image(scratch / "image", cloud.ca_bundle),
            workspaces=scratch / "workspaces",
            variables=VARIABLES,
            codepipeline=self._service.url,
            callers=self._callers,
        )
        return {
            ("Source", "CodeStarSourceConnection"): self._remotes,
            ("Build", "CodeBuild"): build,
            ("Deploy", "CloudFormation"): CloudFormation(deployed=partial(gaps.close_all, cloud)),
            ("Approval", "Manual"): Approval(self._decide),
        }

    def _stages(self) -> list[str]:
        return [stage.name for stage in self.pipeline().stages]

    def _may(self, access_key: str, action: str) -> bool:
        """Whether the role of a build may, by IAM's judgement."""
        pipeline, role = self.pipeline(), self._callers.get(access_key, "")
        arn = f"arn:aws:codepipeline:{pipeline.region}:{isolation.ACCOUNT}:{pipeline.name}"
        answer = self.cloud.client("iam", pipeline.region).simulate_principal_policy(
            PolicySourceArn=role, ActionNames=[action], ResourceArns=[arn]
        )
        return bool(answer["EvaluationResults"][0]["EvalDecision"] == "allowed")

    def _decide(self, shown: Mapping[str, str]) -> bool | None:
        self.evidence = evidence.page(self.cloud, shown["evidence"])
        return self.decide(shown)

    def _first_commit(self, folder: Path, pipeline: Pipeline) -> Clone:
        """The working tree, with the local cloud's account where a deployer sets theirs."""
        source = _source(pipeline)
        branch = source["BranchName"]
        remote = self._remotes.create(source["FullRepositoryId"], branch)
        clone = Clone.of_working_tree(REPOSITORY, folder, remote=remote, branch=branch)
        clone.set_context("cdk.json", ACCOUNTS)
        clone.commit("Deploy to the local cloud")
        return clone


def _with_pipeline(state: Path, progress: Progress) -> Cloud:
    layout = Layout(state / "cloud")
    with progress.step("synthesized the assembly"):
        synth.synthesize(layout.assembly)
    try:
        with progress.step("started the emulator"):
            cloud = Cloud._launch(layout, {})  # noqa: SLF001  # with nothing deployed
        cdk = Cdk(layout, cloud.endpoint, cloud.ca_bundle)
        with progress.step("bootstrapped both regions"):
            preparation.prepare(cloud, cdk, layout.assembly)
        with progress.step("deployed the pipeline by hand, as the first time"):
            cdk.deploy(layout.assembly)
    except BaseException:
        Cloud.remove(layout.state)
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
