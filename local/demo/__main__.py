import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from local.cloud import Cloud
from local.demo import __doc__ as summary
from local.demo import demo
from local.demo.files import PRIMARY, STANDBY, own_files, sample_files
from local.demo.notes import hints, notes
from local.demo.report import report
from local.demo.table import table
from local.errors import LocalCloudError
from local.paths import DEFAULT_STATE, REPOSITORY
from local.progress import Progress

REPORT = REPOSITORY / "build" / "demo.json"
INTERRUPTED = 130


def _run(options: argparse.Namespace) -> int:
    files = own_files(options.files) if options.files else sample_files()
    cloud = Cloud.start(options.state)
    parts = demo.run(cloud, files, Progress())
    outcomes = [outcome for part in parts.values() for outcome in part]
    found = report(outcomes)
    text = json.dumps(found, indent=2, ensure_ascii=False)
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(text + "\n")
    if options.json:
        print(text)
    else:
        buckets = {name: cloud.outputs(name)["IngestionBucketName"] for name in (PRIMARY, STANDBY)}
        print(f"{table(parts)}\n{notes(outcomes)}\n\n{hints(buckets)}")
    return 0 if found["right"] else 1


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m local.demo", description=summary)
    parser.add_argument("--files", type=Path, nargs="+", metavar="PATH", help="your own instead")
    parser.add_argument("--state", type=Path, default=DEFAULT_STATE, help="the cloud's folder")
    parser.add_argument("--json", action="store_true", help="print what build/demo.json gets")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str]) -> int:
    """0 only if every count is as it must be."""
    try:
        return _run(_options(arguments))
    except (LocalCloudError, ClientError, BotoCoreError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return INTERRUPTED


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
