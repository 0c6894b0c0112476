"""What is harmless of a change of what guards the gates: more of it, and what is beside it."""

from policies.changes import guard_conditions as conditions
from policies.changes.change_class import ChangeClass, Files
from policies.changes.differences import Difference
from policies.changes.guards import NAME

WORKFLOW = r"files\.\.github/workflows/[^/]+?\.ya?ml"

HARMLESS_GUARDS = (
    ChangeClass(
        name="another check",
        why="more is checked than before",
        where=r"(checks|tests)\..+",
        document=NAME,
        only=conditions.is_added_guard,
    ),
    ChangeClass(
        name="more cases",
        why="the same",
        where=r"tests\..+\.(asserts|cases\..+)",
        document=NAME,
        only=conditions.is_more,
    ),
    ChangeClass(
        name="code that comes or goes",
        why="a check is counted by its name, and what uses the code is code itself",
        where=r"code\..+",
        document=NAME,
        only=conditions.is_whole,
    ),
    ChangeClass(
        name="fewer exceptions",
        why="a tool sees more than before",
        where=r"looks away\..+",
        document=NAME,
        only=conditions.is_fewer,
    ),
    ChangeClass(
        name="narrower",
        why="less is excepted or declared than before",
        where=r"files\.(pyproject\.toml\.tool\.(ruff|mypy)\..*(ignore|exclude)\w*(\.\S+)?"
        r"|policies/declared/.+)\.[^.]*",
        document=NAME,
        only=conditions.is_member_gone,
    ),
    ChangeClass(
        name="another make target",
        why="it does nothing unless it is called by its name",
        where=r"files\.Makefile\.targets\.[a-z][a-z0-9-]*",
        document=NAME,
        only=conditions.is_separate_target,
    ),
    ChangeClass(
        name="no file",
        why="make then runs the target whatever file there is",
        where=r"files\.Makefile\.targets\.\.PHONY\.needs\.[^.]+",
        document=NAME,
        only=conditions.is_member_new,
    ),
    ChangeClass(
        name="another job",
        why="it runs on a machine of its own, and may do nothing but read the code",
        where=rf"{WORKFLOW}\.jobs\.[^.]+",
        document=NAME,
        only=conditions.is_separate_job,
    ),
    ChangeClass(
        name="names of jobs",
        why="people read them",
        where=rf"{WORKFLOW}\.(name|jobs\.[^.]+\.name|.+\.description)",
        document=NAME,
    ),
    ChangeClass(
        name="more time",
        why="a check that takes longer is still one",
        where=rf"{WORKFLOW}\..+\.timeout-minutes",
        document=NAME,
        only=conditions.is_longer,
    ),
    ChangeClass(
        name="next version",
        why="the package is known, its bytes are locked, and the audit knows its faults",
        where=r"packages\..+\.locked( again)?|files\.(.+/)?(\w+\.in|package\.json)\..+",
        document=NAME,
        only=conditions.is_next_version,
    ),
    ChangeClass(
        name="without a package",
        why="what needs it fails",
        where=r"packages\..+|files\.(.+/)?(\w+\.in|package\.json\.\w*[dD]ependencies)\.[^-].*",
        document=NAME,
        only=conditions.is_package_gone,
    ),
)


def weakens(difference: Difference, files: Files) -> bool:
    """Return whether the difference is none of these."""
    return not any(each.holds(difference, files) for each in HARMLESS_GUARDS)
