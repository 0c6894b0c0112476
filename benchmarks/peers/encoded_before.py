"""The product's requests, encoded before the clock starts: its client signs and sends them."""

from benchmarks import measure, product
from benchmarks.job import Job


def prepare(job: Job) -> measure.Work:
    bodies = product.encoded(job)
    return lambda: product.send_all(bodies)


if __name__ == "__main__":
    measure.main(prepare)
