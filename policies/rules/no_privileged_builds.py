"""No build is privileged: as root of its host it could reach the secrets of other steps."""

from collections.abc import Iterator, Sequence

from policies.finding import Finding, at
from policies.templates.template import StackTemplate

REMEDY = "remove PrivilegedMode: only Docker needs it, and nothing here is built with Docker"
OFF = (None, False, "false")


def check(stacks: Sequence[StackTemplate]) -> Iterator[Finding]:
    for stack in stacks:
        for project in stack.resources("AWS::CodeBuild::Project"):
            if project.properties.get("Environment", {}).get("PrivilegedMode") not in OFF:
                yield at(project, "the build runs in privileged mode")
