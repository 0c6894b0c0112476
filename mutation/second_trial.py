"""A survivor's second trial, in a process in which it is there from the start.

mutmut forks its processes when everything is imported. What a module computes on import, such as a
regular expression or a compiled contract, it computed without the mutant; and mutmut knows only one
test that reaches it, the first one of all.
"""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from mutation.sample import function_of, module_of, room_of


def is_noticed(mutant: str, work: Path) -> bool:
    """Tell whether a test that reaches the mutant's module, or is of its room, fails with it.

    ``work`` is mutmut's folder, after a run.
    """
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider"]
    timeout = ["-o", "faulthandler_timeout=60", "-o", "faulthandler_exit_on_timeout=true"]
    run = subprocess.run(  # noqa: S603  # our own
        [*command, *timeout, *_tests_of(mutant, work)],
        cwd=work,
        env={**os.environ, "MUTANT_UNDER_TEST": mutant},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    return run.returncode != 0


def _tests_of(mutant: str, work: Path) -> Sequence[str]:
    stats = json.loads((work / "mutmut-stats.json").read_text())
    folder = f"/{room_of(mutant).rpartition('.')[2]}/"
    of_room = {test for test in stats["duration_by_test"] if folder in test}
    of_module = {
        test
        for function, tests in stats["tests_by_mangled_function_name"].items()
        if module_of(function) == module_of(mutant)
        for test in tests
    }
    first = stats["tests_by_mangled_function_name"].get(function_of(mutant), [])
    return sorted(of_room | of_module, key=lambda test: (test not in first, test))
