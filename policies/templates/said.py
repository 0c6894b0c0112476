"""Lines that say what CDK Pipelines makes later, all at one line, of the steps that it is given."""

import re
from pathlib import Path

from policies.templates.template import Resource

MADE_LATER = ("AWS::CodeBuild::Project", "AWS::CodePipeline::Pipeline")
REGION = re.compile(r"[a-z]{2}-[a-z]+-\d")


def said_at(resource: Resource, said: str) -> str:
    """Return the only line there that gives a finding's property, and the one of its step."""
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
    # A property of the same name may be another step's, which has a file of its own.
    near = {at.partition(":")[0] for at, name in found.items() if name in steps}
    told = [f"{at} ({name}), " for at, name in found.items() if at.partition(":")[0] in near]
    return "".join(told[:2])
