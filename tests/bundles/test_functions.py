"""A bundled function runs on Lambda's Python, beside the packages that Lambda brings, and no more.

The bundle for AWS runs where the machine is like Lambda's: Python 3.14 on arm64.
"""

import json
import platform as machine
import re
from pathlib import Path

import pytest

from services.bundling import bundle
from services.lambda_python import FUNCTIONS_PYTHON, LAMBDA_PYTHON, version
from tests.bundles.lambda_runtime import ROOT, SERVICES, run, run_tests, runtime_dir

# boto3 with its dependencies.
SDK = ("boto3", "botocore")
IN_THE_RUNTIME = {"boto3", "botocore", "dateutil", "jmespath", "s3transfer", "six", "urllib3"}
# For these a function calls nobody.
NO_EVENTS = {"Event": "s3:TestEvent", "Records": []}
LONG_AGO = {"putAt": "2026-01-01T00:00:00.000Z"}
EVENTS = {
    "canary": {"detail-type": "CanaryChanged", "detail": {"item": {"data": LONG_AGO}}},
}
RUN_MAIN = """
import json, sys
bundle, main, event = sys.argv[1:]
sys.path.insert(0, bundle)
handler = __import__(main, fromlist=["lambda_handler"]).lambda_handler
class Context:
    function_name = invoked_function_arn = aws_request_id = "any"
    memory_limit_in_mb = 128
    def get_remaining_time_in_millis(self):
        return 300_000
handler(json.loads(event), Context())
files = [getattr(module, "__file__", None) or "" for module in sys.modules.values()]
print(json.dumps([file for file in files if "site-packages" in file]))
"""
LOAD_MAIN = """
import gc, json, sys
bundle, main = sys.argv[1:]
sys.path.insert(0, bundle)
__import__(main)
print(json.dumps([callable(sys.modules[main].lambda_handler), gc.isenabled()]))
"""
USE_THE_SDK = """
import json, sys
sys.path.insert(0, sys.argv[1])
import boto3, botocore
names = boto3.client("dynamodb").get_paginator("list_tables").result_keys
print(json.dumps([boto3.__version__, botocore.__version__, names[0].expression]))
"""
RUN_TESTS = """
import sys
import aws_lambda_powertools, pytest
packages, tests = sys.argv[1:]
assert aws_lambda_powertools.__file__.startswith(packages)
sys.exit(pytest.main(["-q", "-p", "no:cacheprovider", tests]))
"""
MAINS = [
    *(f"services.{service}.runtime.main" for service in SERVICES),
    "services.processor.runtime.large_file_main",
]
IS_LIKE_LAMBDA = (machine.system(), machine.machine()) == ("Linux", "aarch64") and version(
    FUNCTIONS_PYTHON
).split()[1].startswith(f"{LAMBDA_PYTHON}.")


@pytest.fixture(
    params=[
        "host",
        pytest.param(
            "lambda",
            marks=pytest.mark.skipif(not IS_LIKE_LAMBDA, reason="needs Python 3.14 on arm64"),
        ),
    ]
)
def platform(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


def bundle_of(main: str, platform: str) -> Path:
    return bundle(runtime_dir(main.split(".")[1]), platform)


@pytest.mark.parametrize("main", MAINS)
def test_a_function_starts_from_its_bundle_and_collects_garbage_from_then_on(
    main: str, platform: str
) -> None:
    assert run(LOAD_MAIN, bundle_of(main, platform), main) == [True, True]


@pytest.mark.parametrize("service", SERVICES)
def test_a_function_needs_only_its_bundle_and_the_runtimes_own_packages(
    service: str, platform: str
) -> None:
    packages = bundle(runtime_dir(service), platform)
    event = json.dumps(EVENTS.get(service, NO_EVENTS))

    files = run(RUN_MAIN, packages, f"services.{service}.runtime.main", event)

    outside = {Path(file.split("site-packages/")[1]).parts[0] for file in files}
    assert {name.removesuffix(".py") for name in outside} <= IN_THE_RUNTIME


@pytest.mark.parametrize("service", SERVICES)
def test_the_sdk_that_lambda_brings_works_with_what_the_bundle_puts_before_it(
    service: str, platform: str
) -> None:
    pins = (ROOT / "requirements" / "lambda.in").read_text()
    [boto3], [botocore] = (re.findall(f"^{name}==(.+)$", pins, re.MULTILINE) for name in SDK)

    found = run(USE_THE_SDK, bundle(runtime_dir(service), platform))

    assert found == [boto3, botocore, "TableNames"]


@pytest.mark.parametrize("service", SERVICES)
def test_telemetry_needs_nothing_that_was_left_out(service: str) -> None:
    tests = ROOT / "tests" / "unit" / service / "test_telemetry.py"

    run_tests(RUN_TESTS, bundle(runtime_dir(service), "host"), tests)
