"""CodeBuild: runs a project's buildspec on this machine, with the project's own role."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local import aws_isolation, processes
from local.clients import Clients
from local.rehearsal import build_workspace
from local.rehearsal.action import Context
from local.rehearsal.build_image import BuildImage
from local.rehearsal.buildspec import Buildspec, run_script
from local.rehearsal.errors import ActionError, RehearsalError
from local.rehearsal.principal import Principal
from local.rehearsal.strict_documents import refuse_unknown

CONFIGURATION_KEYS = {"ProjectName", "EnvironmentVariables", "PrimarySource"}
S_PER_MINUTE = 60


@dataclass(frozen=True, kw_only=True, slots=True)
class CodeBuild:
    """The worker of builds.

    ``state`` is the local cloud's folder: stopping the cloud stops its builds.
    """

    clients: Clients
    state: Path
    image: BuildImage
    workspaces: Path
    # Set for every build, as a deployer would set variables on the projects.
    variables: Mapping[str, str]
    # Where CodePipeline answers, and by access key the roles that builds call it with.
    codepipeline: str
    callers: dict[str, str]

    def run(self, context: Context) -> Mapping[str, str]:
        """Return the variables that the build exports; raise ``ActionError`` if it fails."""
        refuse_unknown(context.configuration, CONFIGURATION_KEYS, context.action.name)
        project = self._project(context)
        role = Principal.root(self.clients).assume(project["serviceRole"])
        self.callers[role.access_key] = project["serviceRole"]
        sources = self._sources(context, role)
        primary = sources[context.configuration.get("PrimarySource", context.action.inputs[0])]
        spec = Buildspec.parse(_specification(project, primary))
        exports = context.folder / "exported-variables"
        variables = spec.variables | _variables(project, context) | _source_variables(sources)
        environment = self._environment(context, role) | variables
        script = spec.script(str(exports))
        limit_s = project["timeoutInMinutes"] * S_PER_MINUTE
        run_script(
            script, folder=primary, environment=environment, log=context.log, limit_s=limit_s
        )
        _save_outputs(context, spec, primary, role)
        return _exported(exports)

    def _project(self, context: Context) -> dict[str, Any]:
        name = context.configuration["ProjectName"]
        codebuild = self.clients.client("codebuild", context.action.region)
        found: list[dict[str, Any]] = codebuild.batch_get_projects(names=[name])["projects"]
        if not found:
            raise ActionError(f"project {name} doesn't exist")
        return found[0]

    def _sources(self, context: Context, role: Principal) -> dict[str, Path]:
        sources = {}
        for name in context.action.inputs:
            fresh = context.folder / name
            context.artifacts.open(name, fresh, by=role, region=context.action.region)
            sources[name] = self.workspaces / context.configuration["ProjectName"] / name
            build_workspace.refresh(sources[name], fresh)
        return sources

    def _environment(self, context: Context, role: Principal) -> dict[str, str]:
        home, temporary = context.folder / "home", context.folder / "tmp"
        for folder in (home, temporary):
            folder.mkdir(parents=True)
        region = context.action.region
        return {
            **aws_isolation.isolated(os.environ, home=home, temporary=temporary),
            **self.variables,
            **aws_isolation.build_variables(self.clients.endpoint, self.clients.ca_bundle),
            **self.image.variables(os.environ),
            **role.variables(),
            "AWS_REGION": region,
            "AWS_DEFAULT_REGION": region,
            "AWS_ENDPOINT_URL_CODEPIPELINE": self.codepipeline,
            "CODEBUILD_BUILD_ID": f"{context.configuration['ProjectName']}:{context.execution_id}",
            processes.STATE_VARIABLE: str(self.state.resolve()),
        }


def _specification(project: Mapping[str, Any], source: Path) -> str:
    """Return the inline buildspec, or the content of the source file that is named."""
    text: str = project["source"].get("buildspec") or "buildspec.yml"
    if "\n" in text or text.lstrip().startswith("{"):
        return text
    file = source / text
    if not file.is_file():
        raise ActionError(f"the source has no buildspec {text}")
    return file.read_text()


def _variables(project: Mapping[str, Any], context: Context) -> dict[str, str]:
    """Return the project's variables, overridden by the action's."""
    own = project["environment"].get("environmentVariables", [])
    given = json.loads(context.configuration.get("EnvironmentVariables", "[]"))
    for each in (*own, *given):
        if each.get("type", "PLAINTEXT") != "PLAINTEXT":
            raise RehearsalError(f"can't rehearse variable {each['name']} of type {each['type']}")
    return {each["name"]: each["value"] for each in (*own, *given)}


def _source_variables(sources: Mapping[str, Path]) -> dict[str, str]:
    primary, *_ = sources.values()
    named = {f"CODEBUILD_SRC_DIR_{name}": str(folder) for name, folder in sources.items()}
    return {"CODEBUILD_SRC_DIR": str(primary), **named}


def _save_outputs(context: Context, spec: Buildspec, source: Path, role: Principal) -> None:
    if len(context.action.outputs) > 1:
        raise RehearsalError(f"{context.action.name}: can't rehearse several output artifacts")
    if spec.files not in ((), ("**/*",)):
        raise RehearsalError(f"{context.action.name}: can't rehearse artifact files {spec.files}")
    for name in context.action.outputs:
        folder = source / spec.base_directory
        if not folder.is_dir():
            raise ActionError(f"the build left no {spec.base_directory}")
        context.artifacts.save(name, folder, by=role, region=context.action.region)


def _exported(file: Path) -> dict[str, str]:
    entries = file.read_text().split("\0")[:-1]
    return dict(entry.split("=", 1) for entry in entries)
