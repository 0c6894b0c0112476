"""What is harmless of a change of what guards the gates: more of it, and what is beside it."""

from functools import partial

from policies.changes import guard_conditions as conditions
from policies.changes import job_conditions
from policies.changes.change_class import ChangeClass, Files
from policies.changes.differences import Difference
from policies.changes.guards import NAME

WORKFLOW = r"files\.\.github/workflows/[^/]+?\.ya?ml"

_of_guards = partial(ChangeClass, document=NAME)
HARMLESS_GUARDS = (
    _of_guards(
        name="another check",
        why="more is checked than before",
        where=r"(checks|tests)\..+",
        only=conditions.is_added_guard,
    ),
    _of_guards(
        name="more cases",
        why="the same",
        where=r"tests\..+\.(asserts|cases\..+)",
        only=conditions.is_more,
    ),
    _of_guards(
        name="code that comes or goes",
        why="a check is counted by its name, and what uses the code is code itself",
        where=r"code\..+",
        only=conditions.is_whole,
    ),
    _of_guards(
        name="code that is told already",
        why="what runs at an import is a part of the code, of which an edit is told",
        where=r"at import\..+",
        only=conditions.is_known,
    ),
    _of_guards(
        name="page",
        why="people read it, and no tool",
        where=r"files\.(\.github/(.+/)?)?(?!AGENTS|CLAUDE|GEMINI|copilot)[\w-]+\.md",
    ),
    _of_guards(
        name="fewer exceptions",
        why="a tool sees more than before",
        where=r"looks away\..+",
        only=conditions.is_fewer,
    ),
    _of_guards(
        name="narrower",
        why="less is excepted or declared than before",
        where=r"files\.(pyproject\.toml\.tool\.(ruff|mypy)\..*(ignore|exclude)\w*(\.\S+)?"
        r"|policies/declared/.+)\.[^.]*",
        only=conditions.is_member_gone,
    ),
    _of_guards(
        name="another make target",
        why="it does nothing unless it is called by its name",
        where=r"files\.Makefile\.targets\.[a-z][a-z0-9-]*",
        only=conditions.is_separate_target,
    ),
    _of_guards(
        name="no file",
        why="make then runs the target whatever file there is",
        where=r"files\.Makefile\.targets\.\.PHONY\.needs\.[\w-]+",
        only=conditions.is_member_new,
    ),
    _of_guards(
        name="another job",
        why="it runs on a machine of its own, and may do nothing but read the code",
        where=rf"{WORKFLOW}\.jobs\.[^.]+",
        only=job_conditions.is_separate_job,
    ),
    _of_guards(
        name="names of workflows and steps",
        why="people read them",
        where=rf"{WORKFLOW}\.(name|.+\.steps\.[^.]+\.name|.+\.description)",
    ),
    _of_guards(
        name="how long results are kept",
        why="a run is judged when it ends",
        where=rf"{WORKFLOW}\..+\.steps\.[^.]+\.with\.retention-days",
    ),
    _of_guards(
        name="more time",
        why="a check that takes longer is still one",
        where=rf"{WORKFLOW}\..+\.timeout-minutes",
        only=conditions.is_longer,
    ),
    _of_guards(
        name="next version",
        why="the package is known, its bytes are locked, and the audit knows its faults",
        where=r"packages\..+\.locked( again)?|files\.(.+/)?(\w+\.in|package\.json)\..+",
        only=conditions.is_next_version,
    ),
    _of_guards(
        name="without a package",
        why="what needs it fails",
        where=r"packages\..+|files\.(.+/)?(\w+\.in|package\.json\.\w*[dD]ependencies)\.[^-].*",
        only=conditions.is_package_gone,
    ),
)


def weakens(difference: Difference, files: Files) -> bool:
    """Return whether the difference is none of these."""
    return not any(each.holds(difference, files) for each in HARMLESS_GUARDS)
