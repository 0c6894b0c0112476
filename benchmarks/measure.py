"""Measures a case: everything between the first byte of the file and the last acknowledged write.

Imports and clients come before, because a function has them once; ``cold_start.py`` measures them.
"""

import gc
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from benchmarks import machine
from benchmarks.job import Job, Measurement

_STATUS = Path("/proc/self/status")

Work = Callable[[], int | tuple[int, Mapping[str, Any]]]
"""Does the whole job and returns how many records that were, perhaps with details."""


def main(prepare: Callable[[Job], Work]) -> None:
    """Do the job in the first argument; print its measurement."""
    work = prepare(Job.read(sys.argv[1]))
    # What was prepared is no garbage, and searching it for some is no work of the case.
    gc.collect()
    gc.freeze()
    waited_s, wall_s, cpu_s = machine.waited_s(), time.perf_counter(), time.process_time()
    done = work()
    cpu_s, wall_s = time.process_time() - cpu_s, time.perf_counter() - wall_s
    records, details = done if isinstance(done, tuple) else (done, {})
    measured = Measurement(
        records=records,
        cpu_s=cpu_s,
        wall_s=wall_s,
        waited_s=machine.waited_s() - waited_s,
        peak_rss_bytes=_peak_rss_bytes(),
        details=details,
    )
    sys.stdout.write(f"\n{measured.text()}\n")


def _peak_rss_bytes() -> int:
    # ru_maxrss would also count what the parent had when it started this process.
    [peak] = [line for line in _STATUS.read_text().splitlines() if line.startswith("VmHWM:")]
    return 1024 * int(peak.split()[1])
