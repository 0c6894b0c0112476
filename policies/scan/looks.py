"""What makes a gate lie: what to look for, in which files and at which of their values."""

import re
from dataclasses import dataclass

from policies.commands import PIPE, PYTEST_LESS, SENDS, SWALLOWS, TOOL_VARIABLE

WORKFLOW = r"\.github/(workflows|actions)/.+\.ya?ml"
MAKE, SCRIPT = r"(.+/)?(GNUm|m|M)akefile|.+\.mk", r"\.github/scripts/.+|\.ci/.+|.+\.sh"
COMMANDS = rf"{WORKFLOW}|{MAKE}|{SCRIPT}"
# Where a command stands in a workflow or a Makefile; a script is one value.
RUN = r"(.+\.)?(run|recipe|is|variables)|"
ASSIGNED = rf"{TOOL_VARIABLE.pattern}\s*(=|\+=|:=|\?=)|GITHUB_(ENV|PATH)"
OPTIONS = "tools take options from it that no command shows, or are replaced by it"
UNSELECTED = "what is not selected does not run, and nothing says so"
ORIGIN = "packages come from another index, or from an address instead of a registry"
IMAGE = "whoever makes the image runs beside the checks and can answer for them"
AT_ONCE = "an installation runs it, before any check"


@dataclass(frozen=True, kw_only=True, slots=True)
class Look:
    """What is wrong if ``said`` is in a value at ``where``, or in a line, of one of ``files``."""

    name: str
    why: str
    files: str
    said: str | re.Pattern[str] = ""
    where: str | None = None


LOOKS = (
    Look(
        name="failure-ignored",
        why="the step fails and the job goes on: nothing that it checks can be red",
        files=WORKFLOW,
        where=r".+\.continue-on-error",
        said=r"^(?!false$)",
    ),
    Look(
        name="status-swallowed",
        why="unless a step says shell: bash, only the last status of a pipe counts, so red passes",
        files=WORKFLOW,
        where=r".+\.run",
        said=PIPE,
    ),
    *(
        Look(
            name="status-swallowed",
            why="the command may fail and the run goes on, so a failed check passes",
            files=COMMANDS,
            where=RUN,
            said=pattern,
        )
        for pattern in SWALLOWS
    ),
    Look(
        name="tool-variable",
        why=OPTIONS,
        files=WORKFLOW,
        where=rf"(.+\.)?env\.{TOOL_VARIABLE.pattern}",
    ),
    Look(
        name="tool-variable",
        why=OPTIONS,
        files=COMMANDS,
        where=r"(.+\.)?(run|recipe|variables)|",
        said=ASSIGNED,
    ),
    Look(
        name="tool-variable",
        why=OPTIONS,
        files=MAKE,
        where=r"variables\.((GNU)?MAKEFLAGS|MAKEFILES|SHELL|\.SHELLFLAGS)\.is",
        said=r"^(?!:= (/bin/bash|-euo pipefail -c)$)",
    ),
    Look(
        name="tool-variable",
        why=OPTIONS,
        files=MAKE,
        where=rf"variables\.{TOOL_VARIABLE.pattern}\.is",
        said="export",
    ),
    Look(
        name="tests-deselected",
        why=UNSELECTED,
        files=COMMANDS,
        where=RUN,
        said=PYTEST_LESS,
    ),
    Look(
        name="tests-deselected",
        why=UNSELECTED,
        files=r"pyproject\.toml",
        where=r"tool\.pytest\.(\w+\.)?(addopts\.(?!--(strict-|import-mode)).*|testpaths\.(?!tests$).+"
        r"|(norecursedirs|python_\w+|collect\w+|filterwarnings|usefixtures)(\..+)?)",
    ),
    Look(
        name="secret-used",
        why="every action and package of the job can read it and send it away",
        files=WORKFLOW,
        where=r".+",
        said=r"\bsecrets\b|github\.token|toJSON\(|\bACTIONS_(RUNTIME|ID_TOKEN)\w*",
    ),
    Look(
        name="secret-used",
        why="every secret of the repository goes to the workflow that is called",
        files=WORKFLOW,
        where=r".+\.secrets(\..+)?",
    ),
    Look(
        name="right-to-write",
        why="every step and action of the job may do this with the repository or the account",
        files=WORKFLOW,
        where=r"(.+\.)?permissions(\.[^.]+)?",
        said=r"write",
    ),
    Look(
        name="image-of-others",
        why=IMAGE,
        files=WORKFLOW,
        where=r".+\.(container|services)(\..+)?|runs\.image",
    ),
    Look(
        name="image-of-others",
        why=IMAGE,
        files=WORKFLOW,
        where=r".+\.uses",
        said="docker:",
    ),
    Look(
        name="sends-away",
        why="it can send what the machine knows to anybody: no check needs it",
        files=COMMANDS,
        where=RUN,
        said=SENDS,
    ),
    Look(
        name="script-at-installation",
        why=AT_ONCE,
        files=r"(.+/)?package\.json",
        where=r"scripts\.(pre|post)?(install|prepare|publish|pack|prepublish)\w*",
    ),
    Look(
        name="script-at-installation",
        why=AT_ONCE,
        files=r"(.+/)?package-lock\.json",
        said=r'"hasInstallScript": true',
    ),
    Look(
        name="other-origin",
        why=ORIGIN,
        files=r"(.+/)?requirements(/[\w-]+)?\.(in|txt)",
        said=r"^\s*(-[if]\b|-e\b|--(?!hash=))|://|\s@\s",
    ),
    Look(
        name="other-origin",
        why=ORIGIN,
        files=r"(.+/)?package(-lock)?\.json",
        said=r'"resolved"|": "(git|github|https?|file|npm)[+\w]*:',
    ),
    Look(
        name="other-origin",
        why=ORIGIN,
        files=r"(.+/)?\.npmrc",
        said=r"registry\s*=|_auth|proxy|cafile|script-shell|ignore-scripts|node-options",
    ),
    Look(
        name="other-settings",
        why="a tool reads it, and it says what to leave out or where to ask",
        files=r"(.+/)?(\.env(\..+)?|\.?pip\.conf|uv\.toml|\.pypirc|\.yarnrc.*|\.bunfig.*|\.netrc"
        r"|\.?zizmor\.ya?ml|actionlint\.ya?ml|\.?(git|better)leaks(ignore|\.toml)|\.cfnlintrc.*"
        r"|\.trivyignore|\.checkov.*|sitecustomize\.py|usercustomize\.py|.+\.pth|\.?pytest\.(ini|toml)"
        r"|tox\.ini|setup\.(cfg|py)|\.coveragerc)",
        where=r"\(file\)",
    ),
    Look(
        name="module-without-source",
        why="Python or Node runs it, or is told by it what to run, and nobody can read it",
        files=r".+\.(py[cod]|so(\.\d+)*|dylib|node|egg|egg-link)|(.+/)?[^/]+\.(dist|egg)-info/.+",
        where=r"\(file\)",
    ),
    Look(
        name="looks-away",
        why="a tool that would find something here is told not to look",
        files=r".+",
        said=r"(?i)zizmor:\s*ignore|(better|git)leaks:\s*allow|#\s*(ruff|flake8):\s*noqa"
        r"|#\s*mypy:\s*\w|#\s*nosec\b|#\s*noqa\s*($|[^:\s])"
        r"|#\s*type:\s*ignore(?!\[)|shellcheck\s+disable|#\s*pragma:\s*no"
        r"|checkov\s*:\s*skip|cfn-lint:\s*(ignore|disable)|#\s*pylint:\s*disable",
    ),
    Look(
        name="app-command",
        why="it makes what the gates look at; what stands beside the app can edit the templates",
        files=r"cdk\.json",
        where=r"app|build|output|plugin.*|watch.*",
        said=r'(?s)^(?!PATH="\$PWD/\.venv/bin:\$PATH" \.venv/bin/python pipeline_app\.py$)',
    ),
)
