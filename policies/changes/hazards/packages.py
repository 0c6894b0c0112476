"""What is installed: another package, another origin, or other bytes under a known name."""

from functools import partial

from policies.changes import guard_conditions as conditions
from policies.changes.change_class import Hazard
from policies.changes.classes_of_guards import weakens
from policies.changes.guards import NAME

INPUT = r"files\.(requirements/[\w-]+|services/\w+/runtime/requirements)\.in"
PACKAGE_JSON = r"files\.(.+/)?package\.json"
LOCK = r"\.\S+\.(txt|json)"

# What is harmless there is none of them, unless a row has a condition of its own.
_of_guards = partial(Hazard, document=NAME, only=weakens)
HAZARDS = (
    _of_guards(
        name="package-rebuilt",
        why="the same version now has other bytes than the ones that were reviewed",
        where=rf"packages\..+{LOCK}\.locked( again)?",
        only=conditions.is_rebuilt,
        remedy="lock it again (make lock), and find out at its origin why the version was built "
        "again",
    ),
    _of_guards(
        name="package-downgraded",
        why="an older version has the faults that newer ones have mended",
        where=rf"packages\..+{LOCK}\.locked( again)?",
        only=conditions.is_older,
        remedy="take the newest version that works",
    ),
    _of_guards(
        name="package-script",
        why="an installation can run it, or put it on the PATH, before any check",
        where=rf"{PACKAGE_JSON}\.(scripts|bin)(\..+)?|packages\..+\.hasInstallScript"
        r"|files\.(.+/)?setup\.py",
        remedy="write a make target instead, which runs only when it is called",
    ),
    _of_guards(
        name="package-added",
        why="its code will run with the product or with the gates",
        where=rf"{INPUT}\.(?!-)[^ ]+|{PACKAGE_JSON}\.\w*[dD]ependencies\..+|packages\.[^(].*",
        only=conditions.is_new_package,
        remedy="do without it, or say in the row who maintains it and what it is for",
    ),
    _of_guards(
        name="package-redirected",
        why="what is installed under a known name may come from somebody else",
        where=rf"{INPUT}(\..+)?|{PACKAGE_JSON}(\..+)?|packages\..+"
        r"|files\.(.+/)?(\.npmrc|npm-shrinkwrap\.json|uv\.toml|pip\.conf|\.pypirc|\.yarnrc.*)(\..+)?"
        r"|files\.pyproject\.toml\.(tool\.(uv|pip)|build-system|project|dependency-groups)(\..+)?",
        remedy="pin it as name==version, without an address, and run make lock",
    ),
    _of_guards(
        name="tool-settings",
        why="a tool reads this in place of, or beside, what the project has reviewed",
        where=r"files\..+",
        remedy="say it in pyproject.toml or on the command line",
    ),
)
