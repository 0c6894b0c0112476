"""The product: its own ``Ingest``, on the file as if S3 had it."""

from benchmarks import measure, product
from benchmarks.job import Job


def prepare(job: Job) -> measure.Work:
    ingest = product.ingest(job)
    ref, deadline = product.reference(job), product.in_plenty_of_time()

    def work() -> tuple[int, dict[str, int]]:
        ingest(ref, deadline)
        report = product.last_report(ingest)
        return report.entry.counts.rows_read, {
            "rejected": report.entry.counts.rows_rejected,
            "retries": report.write_retries,
        }

    return work


if __name__ == "__main__":
    measure.main(prepare)
