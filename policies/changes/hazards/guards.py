"""Ways to make a gate lie: what says which checks run, what they run with, and who may answer."""

from functools import partial

from policies.changes import guard_conditions as conditions
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
        why="what nobody looks at any more, nobody sees go wrong",
        where=rf"(checks|tests)\..+|{WORKFLOW}(?!.*{PART}$)({JOB}({STEP})?)?|{MAKE}(\.targets\..+)?"
        r"|files\.\.ci/run",
        only=conditions.is_less,
        remedy="bring it back; if something else looks at the same now, the row says what",
    ),
    _of_guards(
        name="check-skipped",
        why="a test that is there and does not run, or cannot fail, counts as passed",
        where=r"tests\..+",
        remedy="let it run; a test that cannot pass is mended or removed",
    ),
    _of_guards(
        name="check-rewritten",
        why="this code judges or prepares all other changes, and under its name it may do less",
        where=r"code\..+",
        remedy="show in the row that what it caught is still caught: make attack",
    ),
    _of_guards(
        name="tests-deselected",
        why="it decides which tests are collected and when they pass",
        where=rf"{TOOL}\.pytest\..+|files\.(.+/)?(conftest\.py|\.?pytest\.(ini|toml)|tox\.ini"
        r"|setup\.cfg|\.coveragerc)(\..+)?",
        remedy="leave the selection to the command line of whoever runs single tests",
    ),
    _of_guards(
        name="lint-loosened",
        why="the linter or the type checker looks at less, or accepts more",
        where=rf"{TOOL}\.(ruff|mypy|mutmut)(\..+)?|files\.(.+/)?\.?(ruff\.toml|mypy\.ini)(\..+)?",
        remedy="mend the code; where a tool is wrong, silence it on that line, with the reason",
    ),
    _of_guards(
        name="scanner-silenced",
        why="a comment tells a tool to look away, in code that guards or is deployed",
        where=r"looks away\..+",
        remedy="mend what the tool finds",
    ),
    _of_guards(
        name="base-chosen",
        why="a comparison with another base does not show what this commit changes",
        where=rf"({WORKFLOW}|{MAKE})\..+",
        only=conditions.names_a_base,
        remedy="compare with the merge base of the protected branch, as it was",
    ),
    _of_guards(
        name="status-swallowed",
        why="a check that fails no longer stops the run, so it passes",
        where=rf"({WORKFLOW}|{MAKE}|files\.\.(ci|github/scripts)/.+)(\..+)?",
        only=conditions.swallows_status,
        remedy="let the command fail; write if … fi around what may fail",
    ),
    _of_guards(
        name="step-added",
        why="it shares the machine of the checks: it can change what they look at, or answer",
        where=rf"{WORKFLOW}(?!.*{PART}$)({JOB}({STEP})?)?",
        only=conditions.is_added_step,
        remedy="give it a job of its own, which may only read the code: that asks for nothing",
    ),
    _of_guards(
        name="environment-changed",
        why="tools take options from variables, which none of their commands shows",
        where=rf"{WORKFLOW}\.(.+\.)?env(\.\w+)?|files\.(.+/)?\.env(rc)?(\..+)?"
        rf"|{MAKE}\.(variables\..+|targets\..+\.variables|rest\..+)",
        only=conditions.is_environment,
        remedy="give the option to the one command that needs it",
    ),
    _of_guards(
        name="permission-changed",
        why="a step, and every action in its job, may do this with the repository or the account",
        where=rf"{WORKFLOW}\.(.+\.)?permissions(\..+)?",
        remedy="read only the code (contents: read), or use a job of its own without the checks",
    ),
    _of_guards(
        name="check-conditional",
        why="where the condition is false or the event another one, nothing runs and all is green",
        where=rf"{WORKFLOW}\.((on|concurrency)(\..+)?"
        r"|.+\.(if|needs|strategy|timeout-minutes)(\..+)?)",
        remedy="run it on every pull request and every push to the main branch",
    ),
    _of_guards(
        name="stranger-runs",
        why="whose code or machine runs beside the checks can read the token and answer for them",
        where=rf"{WORKFLOW}{JOB}\.(.+\.)?(uses|with|container|services|runs-on|environment|secrets)"
        r"(\..+)?|files\.\.github/actions\.toml(\..+)?|files\.\.github/actions/.+",
        remedy="use an action that is recorded in .github/actions.toml, on a runner of GitHub",
    ),
    _of_guards(
        name="command-changed",
        why="these are the commands that check every commit; another one may check less",
        where=rf"({WORKFLOW}|{MAKE}|files\.\.(ci|github/scripts)/.+)(\..+)?",
        remedy="put what is new in a make target of its own, or in a job of its own",
    ),
    _of_guards(
        name="declaration-widened",
        why="a rule accepts what is declared here, so what is added is what it no longer finds",
        where=r"files\.policies/declared/.+",
        remedy="declare what the change needs and no more",
    ),
    _of_guards(
        name="owners-changed",
        why="who must review a change of the gates is written here",
        where=r"files\.(\.github/|docs/)?CODEOWNERS",
        remedy="let those review it who are named today",
    ),
    _of_guards(
        name="module-shadowed",
        why="Python takes what lies here in the place of an installed package of the same name",
        where=r"modules\..+|files\.[^/]+\.py|files\.(.+/)?(site|user)customize\.py",
        remedy="choose a name that no installed package has",
    ),
    _of_guards(
        name="app-command",
        why="it makes what all gates look at; a command behind it can edit the templates",
        where=r"(app|build|output|plugin|watch)(\..+)?",
        document=CDK_JSON,
        remedy="change pipeline_app.py instead: what it synthesizes is compared",
    ),
    Hazard(
        name="cdk-setting",
        why="by it, the CDK makes other templates of the same sources, or deploys them otherwise",
        where=r"(?!context\.\w+(\..+)?$).+",
        document=CDK_JSON,
        remedy="leave it; what a deployer sets is a word of the context (stages/settings.py)",
    ),
)
