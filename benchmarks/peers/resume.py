"""The product, resuming a file from a checkpoint at its end."""

import time
from statistics import median

from benchmarks import measure, product
from benchmarks.job import Job

REPETITIONS = 5


def prepare(job: Job) -> measure.Work:
    started_s = time.process_time()
    entry = product.stopped_at_the_end(job)
    stored_s = time.process_time() - started_s

    def work() -> tuple[int, dict[str, float]]:
        taken_s, rows_left = [], 0
        for _ in range(REPETITIONS):
            before_s = time.process_time()
            rows_left = product.resumed(job, entry)
            taken_s.append(time.process_time() - before_s)
        rows_before = entry.counts.rows_read
        return rows_before, {
            "resumeS": median(taken_s),
            "rowsLeft": rows_left,
            "sForRowsLeft": stored_s / rows_before * rows_left,
        }

    return work


if __name__ == "__main__":
    measure.main(prepare)
