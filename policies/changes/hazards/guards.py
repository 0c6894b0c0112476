"""Ways to make a gate lie: what says which checks run, what they run with, and who may answer."""

from functools import partial

from policies.changes import guard_conditions as conditions
from policies.changes import job_conditions
from policies.changes.change_class import Hazard
from policies.changes.classes_of_guards import weakens
from policies.changes.documents import CDK_JSON
from policies.changes.guards import NAME

WORKFLOW = r"files\.\.github/workflows/[^/]+?\.ya?ml"
JOB, STEP = r"\.jobs\.[^.]+", r"\.steps\..+"
MAKE = r"files\.Makefile"
TOOL = r"files\.pyproject\.toml\.tool"
# What a job or a step says, rather than a whole one.
PART = r"\.(if|uses|with|env|run|shell|continue-on-error|permissions|needs|timeout-minutes)"

# What is harmless there is none of them, unless a row has a condition of its own.
_of_guards = partial(Hazard, document=NAME, only=weakens)
HAZARDS = (
    _of_guards(
        name="check-removed",
        why="what is no longer checked can go wrong unseen",
        where=rf"(checks|tests)\..+|{WORKFLOW}(?!.*{PART}$)({JOB}({STEP})?)?|{MAKE}(\.targets\..+)?"
        r"|files\.\.ci/run",
        only=conditions.is_less,
        remedy="bring it back, or say in the row what checks the same now",
    ),
    _of_guards(
        name="check-skipped",
        why="a test that doesn't run, or can't fail, counts as passed",
        where=r"tests\..+",
        remedy="let it run; mend a test that can't pass, or remove it",
    ),
    _of_guards(
        name="check-rewritten",
        why="this code judges, proves or makes what is deployed, and may do less by the same name",
        where=r"code\..+",
        remedy="show in the row that it still catches what it caught: make attack",
    ),
    _of_guards(
        name="changed-by-import",
        why="it runs before any check does, and can change what the checks say",
        where=r"at import\..+",
        remedy="leave only imports, values, functions and classes outside of functions",
    ),
    _of_guards(
        name="check-renamed",
        why="the protected branch waits for a check of this name, and takes any job that has it",
        where=rf"{WORKFLOW}{JOB}\.name",
        remedy="keep the name",
    ),
    _of_guards(
        name="tests-deselected",
        why="this decides which tests are collected, and when they pass",
        where=rf"{TOOL}\.pytest\..+|files\.(.+/)?(conftest\.py|\.?pytest\.(ini|toml)|tox\.ini"
        r"|setup\.cfg|\.coveragerc)(\..+)?",
        remedy="leave the selection to the command line of whoever runs single tests",
    ),
    _of_guards(
        name="lint-loosened",
        why="the linter or the type checker may look at less, or accept more",
        where=rf"{TOOL}\.(ruff|mypy|mutmut)(\..+)?|files\.(.+/)?\.?(ruff\.toml|mypy\.ini)(\..+)?",
        remedy="mend the code; where the tool is wrong, silence it on that line and say why",
    ),
    _of_guards(
        name="scanner-silenced",
        why="a comment tells a tool to look away from code that guards the gates or is deployed",
        where=r"looks away\..+",
        remedy="mend what the tool finds",
    ),
    _of_guards(
        name="base-chosen",
        why="a comparison with another base doesn't show what this commit changes",
        where=rf"({WORKFLOW}|{MAKE})\..+",
        only=conditions.names_a_base,
        remedy="compare with the merge base of the protected branch, as before",
    ),
    _of_guards(
        name="status-swallowed",
        why="a check that fails may no longer stop the run, and so counts as passed",
        where=rf"({WORKFLOW}|{MAKE}|files\.\.(ci|github/scripts)/.+)(\..+)?",
        only=conditions.swallows_status,
        remedy="let a failing command end the run; put only what is no check into if … fi",
    ),
    _of_guards(
        name="step-added",
        why="it may change what the checks look at, or report in their place",
        where=rf"{WORKFLOW}(?!.*{PART}$)({JOB}({STEP})?)?",
        only=job_conditions.is_added_step,
        remedy="give it a job of its own that may only read the code; such a job needs no row",
    ),
    _of_guards(
        name="environment-changed",
        why="tools take options from variables, and no command shows them",
        where=rf"{WORKFLOW}\.(.+\.)?env(\.\w+)?|files\.(.+/)?\.env(rc)?(\..+)?"
        rf"|{MAKE}\.(variables\..+|targets\..+\.variables|rest\..+)",
        only=conditions.is_environment,
        remedy="give the option to the one command that needs it",
    ),
    _of_guards(
        name="permission-changed",
        why="this is what every step and action of a job may do with the repository or the account",
        where=rf"{WORKFLOW}\.(.+\.)?permissions(\..+)?",
        remedy="let it only read the code (contents: read), or use a job of its own without checks",
    ),
    _of_guards(
        name="check-conditional",
        why="this decides whether and when the checks run, and what doesn't run can't be red",
        where=rf"{WORKFLOW}\.((on|concurrency)(\..+)?"
        r"|.+\.(if|needs|strategy|timeout-minutes)(\..+)?)",
        remedy="run it on every pull request and every push to the main branch",
    ),
    _of_guards(
        name="stranger-runs",
        why="whoever's code or machine runs beside the checks can report in their place",
        where=rf"{WORKFLOW}{JOB}\.(.+\.)?(uses|with|container|services|runs-on|environment|secrets)"
        r"(\..+)?|files\.\.github/actions\.toml(\..+)?|files\.\.github/actions/.+",
        remedy="use an action recorded in .github/actions.toml, on one of GitHub's runners",
    ),
    _of_guards(
        name="command-changed",
        why="these commands check every commit, and changed ones may check less",
        where=rf"({WORKFLOW}|{MAKE}|files\.\.(ci|github/scripts)/.+)(\..+)?",
        remedy="put what is new into a make target or a job of its own",
    ),
    _of_guards(
        name="declaration-widened",
        why="the rules accept whatever is declared here, so they no longer find what is added",
        where=r"files\.policies/declared/.+",
        remedy="declare what the change needs and no more",
    ),
    _of_guards(
        name="owners-changed",
        why="this file says who must review a change of the gates",
        where=r"files\.(\.github/|docs/)?CODEOWNERS",
        remedy="leave the review to those who are named today",
    ),
    _of_guards(
        name="module-shadowed",
        why="Python may take this in place of an installed package of the same name",
        where=r"modules\..+|files\.[^/]+\.py|files\.(.+/)?(site|user)customize\.py",
        remedy="choose a name that no installed package has",
    ),
    _of_guards(
        name="app-command",
        why="this makes what every gate looks at, and a command behind it can edit the templates",
        where=r"(app|build|output|plugin|watch)(\..+)?",
        document=CDK_JSON,
        remedy="change pipeline_app.py instead: what it synthesizes is compared",
    ),
    Hazard(
        name="cdk-setting",
        why="with another setting, the CDK may write other templates, or deploy them differently",
        where=r"(?!context\.\w+(\..+)?$).+",
        document=CDK_JSON,
        remedy="leave it; a deployer's settings are words of the context (stages/settings.py)",
    ),
)
