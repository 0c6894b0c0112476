"""The machine: its cores, and what runs on them."""

import os
import platform
import shutil
from pathlib import Path

# Each on a core of its own, if there are two.
SERVER, CASE = 0, 1


def cores() -> list[int]:
    """Return the cores that this process may use."""
    return sorted(os.sched_getaffinity(0))


def pinned(role: int) -> list[str]:
    """Return how a command begins that is to run on the core of ``role``."""
    usable = cores()
    if len(usable) <= role or len(usable) == 1 or not shutil.which("taskset"):
        return []
    return ["taskset", "-c", str(usable[role])]


def described() -> dict[str, str]:
    """Return what a reader needs to know about the machine."""
    return {
        "processor": _processor(),
        "cores": str(len(cores())),
        "kernel": platform.release(),
        "memory": f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GiB",
    }


def waited_s(process: str = "self") -> float:
    """Return how long the first thread of a process was ready and another one had its core."""
    return int(Path(f"/proc/{process}/schedstat").read_text().split()[1]) / 1e9


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()
