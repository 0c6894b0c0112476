"""What a function imports before its first event, in a runtime like that of Lambda.

Each of these packages takes milliseconds of every cold start, so a new one is a decision.
"""

import pytest

from services.bundling import bundle
from tests.bundles.lambda_runtime import SERVICES, run, runtime_dir

# Powertools imports botocore itself, a module of a hundred lines, to add its name to user agents.
POWERTOOLS_LOOKS_FOR = {"botocore"}
SLOW = {"asyncio", "boto3", "concurrent", "email", "http", "multiprocessing", "s3transfer"} | {
    *("shutil", "subprocess", "tempfile", "unittest", "urllib3", "xml")
}
IMPORT_MAIN = """
import json, sys
bundle, main = sys.argv[1:]
before = set(sys.modules)
sys.path.insert(0, bundle)
__import__(main)
print(json.dumps(sorted(set(sys.modules) - before)))
"""


@pytest.fixture(scope="module", params=SERVICES)
def imported(request: pytest.FixtureRequest) -> set[str]:
    service: str = request.param
    packages = bundle(runtime_dir(service), "host")
    return set(run(IMPORT_MAIN, packages, f"services.{service}.runtime.main"))


def test_nothing_of_the_sdk_is_imported(imported: set[str]) -> None:
    sdk = {name for name in imported if name.partition(".")[0] in {"boto3", "botocore"}}

    assert sdk <= POWERTOOLS_LOOKS_FOR


def test_no_slow_package_is_imported_that_nothing_needs_yet(imported: set[str]) -> None:
    assert {name.partition(".")[0] for name in imported} & SLOW == set()


def test_only_the_used_part_of_powertools_is_imported(imported: set[str]) -> None:
    utilities = {name for name in imported if name.startswith("aws_lambda_powertools.utilities.")}

    assert utilities == {"aws_lambda_powertools.utilities.jmespath_utils"}
    assert not {name for name in imported if name.startswith("aws_xray_sdk")}


def test_no_contract_is_imported_before_a_file_needs_it(imported: set[str]) -> None:
    contracts = "services.processor.runtime.contracts."

    assert not {name for name in imported if name.startswith(contracts)}
