"""Ways to make a gate lie: what says which checks run, what they run with, and who may answer."""

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

HAZARDS = (
    Hazard(
        name="check-removed",
        why="what nobody looks at any more, nobody sees go wrong",
        where=rf"(checks|tests)\..+|{WORKFLOW}(?!.*{PART}$)({JOB}({STEP})?)?|{MAKE}(\.targets\..+)?"
        r"|files\.\.ci/run",
        document=NAME,
        only=conditions.is_less,
        remedy="bring it back; if something else looks at the same now, the row says what",
    ),
    Hazard(
        name="check-skipped",
        why="a test that is there and does not run, or cannot fail, counts as passed",
        where=r"tests\..+",
        document=NAME,
        only=weakens,
        remedy="let it run; a test that cannot pass is mended or removed",
    ),
    Hazard(
        name="check-rewritten",
        why="this code judges or prepares all other changes, and under its name it may do less",
        where=r"code\..+",
        document=NAME,
        only=weakens,
        remedy="show in the row that what it caught is still caught: make attack",
    ),
    Hazard(
        name="tests-deselected",
        why="it decides which tests are collected and when they pass",
        where=rf"{TOOL}\.pytest\..+|files\.(.+/)?(conftest\.py|\.?pytest\.(ini|toml)|tox\.ini"
        r"|setup\.cfg|\.coveragerc)(\..+)?",
        document=NAME,
        remedy="leave the selection to the command line of whoever runs single tests",
    ),
    Hazard(
        name="lint-loosened",
        why="the linter or the type checker looks at less, or accepts more",
        where=rf"{TOOL}\.(ruff|mypy|mutmut)(\..+)?|files\.(.+/)?\.?(ruff\.toml|mypy\.ini)(\..+)?",
        document=NAME,
        only=weakens,
        remedy="mend the code; where a tool is wrong, silence it on that line, with the reason",
    ),
    Hazard(
        name="scanner-silenced",
        why="a comment tells a tool to look away, in code that guards or is deployed",
        where=r"looks away\..+",
        document=NAME,
        only=weakens,
        remedy="mend what the tool finds",
    ),
    Hazard(
        name="base-chosen",
        why="a comparison with another base does not show what this commit changes",
        where=rf"({WORKFLOW}|{MAKE})\..+",
        document=NAME,
        only=conditions.names_a_base,
        remedy="compare with the merge base of the protected branch, as it was",
    ),
    Hazard(
        name="status-swallowed",
        why="a check that fails no longer stops the run, so it passes",
        where=rf"({WORKFLOW}|{MAKE}|files\.\.(ci|github/scripts)/.+)(\..+)?",
        document=NAME,
        only=conditions.swallows_status,
        remedy="let the command fail; write if … fi around what may fail",
    ),
    Hazard(
        name="step-added",
        why="it shares the machine of the checks: it can change what they look at, or answer",
        where=rf"{WORKFLOW}(?!.*{PART}$)({JOB}({STEP})?)?",
        document=NAME,
        only=conditions.is_added_step,
        remedy="give it a job of its own, which may only read the code: that asks for nothing",
    ),
    Hazard(
        name="environment-changed",
        why="tools take options from variables, which none of their commands shows",
        where=rf"{WORKFLOW}\.(.+\.)?env(\.\w+)?|files\.(.+/)?\.env(rc)?(\..+)?"
        rf"|{MAKE}\.(variables\..+|targets\..+\.variables|rest\..+)",
        document=NAME,
        only=conditions.is_environment,
        remedy="give the option to the one command that needs it",
    ),
    Hazard(
        name="permission-changed",
        why="a step, and every action in its job, may do this with the repository or the account",
        where=rf"{WORKFLOW}\.(.+\.)?permissions(\..+)?",
        document=NAME,
        remedy="read only the code (contents: read), or use a job of its own without the checks",
    ),
    Hazard(
        name="check-conditional",
        why="where the condition is false or the event another one, nothing runs and all is green",
        where=rf"{WORKFLOW}\.((on|concurrency)(\..+)?"
        r"|.+\.(if|needs|strategy|timeout-minutes)(\..+)?)",
        document=NAME,
        only=weakens,
        remedy="run it on every pull request and every push to the main branch",
    ),
    Hazard(
        name="stranger-runs",
        why="whose code or machine runs beside the checks can read the token and answer for them",
        where=rf"{WORKFLOW}{JOB}\.(.+\.)?(uses|with|container|services|runs-on|environment|secrets)"
        r"(\..+)?|files\.\.github/actions\.toml(\..+)?|files\.\.github/actions/.+",
        document=NAME,
        only=weakens,
        remedy="use an action that is recorded in .github/actions.toml, on a runner of GitHub",
    ),
    Hazard(
        name="command-changed",
        why="these are the commands that check every commit; another one may check less",
        where=rf"({WORKFLOW}|{MAKE}|files\.\.(ci|github/scripts)/.+)(\..+)?",
        document=NAME,
        only=weakens,
        remedy="put what is new in a make target of its own, or in a job of its own",
    ),
    Hazard(
        name="declaration-widened",
        why="a rule accepts what is declared here, so what is added is what it no longer finds",
        where=r"files\.policies/declared/.+",
        document=NAME,
        only=weakens,
        remedy="declare what the change needs and no more",
    ),
    Hazard(
        name="owners-changed",
        why="who must review a change of the gates is written here",
        where=r"files\.(\.github/|docs/)?CODEOWNERS",
        document=NAME,
        remedy="let those review it who are named today",
    ),
    Hazard(
        name="module-shadowed",
        why="Python takes what lies here in the place of an installed package of the same name",
        where=r"modules\..+|files\.[^/]+\.py|files\.(.+/)?(site|user)customize\.py",
        document=NAME,
        remedy="choose a name that no installed package has",
    ),
    Hazard(
        name="app-command",
        why="it makes what all gates look at; a command behind it can edit the templates",
        where=r"(app|build|output|plugin|watch)(\..+)?",
        document=CDK_JSON,
        remedy="change pipeline_app.py instead: what it synthesizes is compared",
    ),
)
