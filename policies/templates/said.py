"""Lines that say what CDK Pipelines makes later, all at one line, of the steps that it is given."""

import re
from pathlib import Path

from policies.templates.template import Resource

MADE_LATER = ("AWS::CodeBuild::Project", "AWS::CodePipeline::Pipeline")
REGION = re.compile(r"[a-z]{2}-[a-z]+-\d")


def said_at(resource: Resource, said: str) -> str:
    """Return the only line that gives a finding's property, and the one that names its step.

    They stand beside the line that made the resource; empty if that is not known.
    """
    made = Path(resource.stack.sources.get(resource.path, "").partition(":")[0])
    files = sorted(made.parent.glob("*.py")) if made.name and resource.type in MADE_LATER else ()
    lines = {f"{e}:{n}": line for e in files for n, line in enumerate(e.read_text().split("\n"), 1)}
    *steps, last = [*resource.path.split("/"), *said.partition(" ")[0].split(".")]
    option = re.sub("(?<=[a-z])(?=[A-Z])", "_", re.escape(last)).lower()
    given = rf'|\.{re.escape(last)}"|\b{option} ?='
    found: dict[str, str] = {}
    for name, more in [(last, given), *((each, "") for each in steps[::-1])]:
        text = re.compile(f'"{re.escape(REGION.split(name)[0])}["{{]{more}')
        at = [at for at, line in lines.items() if text.search(line)]
        if len(at) == 1:
            found.setdefault(at[0], name)
    return "".join(f"{at} ({name}), " for at, name in [*found.items()][:2])
