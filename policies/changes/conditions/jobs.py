"""Whether a job of a workflow is one of its own, that can change nothing for the others."""

import re
from collections.abc import Mapping
from typing import Any

from policies.changes.differences import Difference

# What a separate job may say, and the machines it may run on: it has nothing to give away.
SEPARATE = {"name", "needs", "runs-on", "timeout-minutes", "permissions", "steps"}
READS: tuple[Mapping[str, str], ...] = ({}, {"contents": "read"})
RUNNER = re.compile(r"ubuntu-[\d.]+(-arm)?")
STEP = {"Name", "name", "uses", "with", "run"}
CHECKOUT = re.compile(r"actions/(checkout|setup-python)@[0-9a-f]{40}")


def is_separate_job(difference: Difference) -> bool:
    """Return whether a job is new, on a machine of its own, and may only read the code."""
    job = difference.after
    return (
        difference.before is None
        and isinstance(job, dict)
        and job.keys() <= SEPARATE
        and bool(RUNNER.fullmatch(str(job.get("runs-on"))))
        and job.get("permissions") in READS
        and all(_is_plain_step(step) for step in job.get("steps", ()))
        and _has_own_name(difference)
    )


def _has_own_name(difference: Difference) -> bool:
    """Return whether no other job is called the same: a required check goes by its name."""
    workflows = [each for each in difference.stack.template["files"].values() if "jobs" in each]
    jobs = [job for each in workflows if isinstance(each, dict) for job in each["jobs"].items()]
    names = [str(job.get("name", key)) for key, job in jobs]
    own = str(difference.after.get("name", difference.where[-1]))
    return names.count(own) == 1 and not re.search(r" / |\$\{\{", own)


def _is_plain_step(step: Any) -> bool:
    known = isinstance(step, dict) and step.keys() <= STEP and "${{" not in str(step)
    return known and bool(CHECKOUT.fullmatch(step.get("uses", "actions/checkout@" + 40 * "0")))


def is_added_step(difference: Difference) -> bool:
    """Return whether a step, a job or a workflow is new, and is not a job of its own."""
    new = isinstance(difference.after, dict) and difference.before is None
    return new and not is_separate_job(difference)
