"""What a new workflow or job can do to checks beside it; a condition returns what says so."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from policies.changes.differences import Difference
from policies.templates.template import as_text

Part: TypeAlias = Mapping[str, Any]
# Its name, and what it says.
Job: TypeAlias = tuple[str, Part]
JOBS, GROUP, RIGHTS = "jobs", "concurrency", "permissions"
# What a separate workflow, job and step may say: they have nothing to give away.
WORKFLOW = {"name", "run-name", "on", GROUP, RIGHTS, JOBS}
JOB = {"name", "needs", "if", "runs-on", "timeout-minutes", GROUP, RIGHTS, "steps"}
STEP = {"Name", "name", "if", "uses", "with", "run"}
READS: tuple[Part, ...] = ({}, {"contents": "read"})
ACTION = re.compile(r"actions/(checkout|setup-python|(up|down)load-artifact)@[0-9a-f]{40}")
FILLED_IN = "${{"


def is_separate_job(difference: Difference) -> bool:
    """Return whether a job or a workflow is new, and no condition on a new one holds."""
    return bool(_new(difference)) and not any(holds(difference) for holds in HARMS)


def is_added_step(difference: Difference) -> bool:
    """Return whether a step, a job or a workflow is new, and is not a job of its own."""
    new = isinstance(difference.after, dict) and difference.before is None
    return new and not is_separate_job(difference)


def takes_a_name(difference: Difference) -> str:
    """Return the name of a new job that another has, or that one of a called workflow may have."""
    names = [name for file in _files(difference).values() for name, _ in _jobs(file)]
    own = (name for name, _ in _new(difference))
    return next((n for n in own if names.count(n) > 1 or " / " in n or FILLED_IN in n), "")


def shares_a_group(difference: Difference) -> str:
    """Return the group of a new job or workflow that can be the one of another as well."""
    every = [group for file in _files(difference).values() for group in _groups(file, _jobs(file))]
    begin = [each.split(FILLED_IN)[0].lower() for each in every if each]
    for own in _groups(_whole(difference), _new(difference)):
        fixed = own.split(FILLED_IN)[0].lower()
        if own and sum(fixed.startswith(each) or each.startswith(fixed) for each in begin) > 1:
            return own
    return ""


def shares_an_artifact(difference: Difference) -> str:
    """Return the artifact that a new job writes, and that another writes or reads as well."""
    files = _files(difference).values()
    every = [artifact for file in files for artifact, _ in _artifacts(_jobs(file))]
    for artifact, step in _artifacts(_new(difference)):
        is_shared = every.count(artifact) > 1 or "overwrite" in as_text(step)
        if is_shared and "upload" in step["uses"]:
            return artifact
    return ""


def may_write(difference: Difference) -> str:
    """Return what a new job may do with the repository beyond reading it."""
    of_file = _files(difference).get("".join(difference.where[1:2]), {}).get(RIGHTS)
    rights = (job.get(RIGHTS, of_file) for _, job in _new(difference))
    return next((as_text(each or "none") for each in rights if each not in READS), "")


def is_started_otherwise(difference: Difference) -> str:
    """Return what starts a new workflow beside commits, pull requests, times and people."""
    started = _whole(difference).get("on", {})
    named = {started} if isinstance(started, str) else {*started}
    return ", ".join(sorted(named - {"push", "pull_request", "schedule", "workflow_dispatch"}))


def says_more(difference: Difference) -> str:
    """Return what a new workflow or job says beyond what a separate one may."""
    more = [*(_whole(difference).keys() - WORKFLOW)]
    for _, job in _new(difference):
        more += job.keys() - JOB
        if not re.fullmatch(r"ubuntu-[\d.]+(-arm)?", str(job.get("runs-on"))):
            more.append(f"runs-on: {as_text(job.get('runs-on'))}")
        steps = (each for each in job.get("steps", ()) if not _is_plain(each))
        more += (str(each["Name"] if isinstance(each, dict) else each) for each in steps)
    return ", ".join(more)


HARMS = (
    *(takes_a_name, shares_a_group, shares_an_artifact),
    *(may_write, is_started_otherwise, says_more),
)


def _whole(difference: Difference) -> Part:
    """Return the workflow that is new, if all of it is."""
    match difference:
        case Difference(where=(_, _), before=None, after=dict(workflow)):
            return workflow
    return {}


def _new(difference: Difference) -> list[Job]:
    """Return the jobs that are new."""
    match difference:
        case Difference(where=(_, _, "jobs", key), before=None, after=dict(job)):
            return _jobs({JOBS: {key: job}})
    return _jobs(_whole(difference))


def _files(difference: Difference) -> Mapping[str, Part]:
    files = difference.stack.template["files"].items()
    return {name: said for name, said in files if isinstance(said, dict)}


def _jobs(workflow: Part) -> list[Job]:
    jobs = workflow.get(JOBS)
    keyed = jobs.items() if isinstance(jobs, dict) else ()
    return [(str(job.get("name", key)), job) for key, job in keyed if isinstance(job, dict)]


def _groups(workflow: Part, jobs: Sequence[Job]) -> Iterator[str]:
    """Yield the group of each, of which one runs at a time; empty if it has none."""
    for told in (each.get(GROUP, "") for each in (workflow, *(job for _, job in jobs))):
        yield str(told.get("group", FILLED_IN) if isinstance(told, dict) else told)


def _artifacts(jobs: Sequence[Job]) -> Iterator[tuple[str, Part]]:
    """Yield the name of each artifact that jobs move, with the step."""
    for step in (each for _, job in jobs for each in job.get("steps", ())):
        if isinstance(step, dict) and "-artifact@" in step.get("uses", ""):
            told = step.get("with")
            yield told.get("name", "artifact") if isinstance(told, dict) else "artifact", step


def _is_plain(step: Any) -> bool:
    known = isinstance(step, dict) and step.keys() <= STEP and FILLED_IN not in str(step)
    return known and bool(ACTION.fullmatch(step.get("uses", "actions/checkout@" + 40 * "0")))
