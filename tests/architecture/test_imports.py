"""Which module may import which: every arrow that a table does not list is forbidden."""

import sys
from pathlib import Path

import pytest

from tests.architecture.sources import OUR_PLACES, PRODUCT, imports, modules, reached, within

CDK = ("aws_cdk", "constructs", "cdk_nag", "jsii")
SDK = ("boto3", "botocore")
FIRST_PARTY = tuple(place.removesuffix(".py") for place in OUR_PLACES)

# The first-party modules a place may import; the longest matching place counts.
MAY_IMPORT: dict[str, tuple[str, ...]] = {
    "pipeline_app.py": ("naming", "stages", "policies"),
    "naming.py": (),
    "stages": (
        "naming",
        "stages",
        "services.deployment_target",
        "services.service_function",
        "services.canary.construct",
        "services.processor.construct",
        "services.processor.large_files",
        "services.stream_consumer.construct",
        # Every dataset has an alarm of its own, and the bucket announces every known suffix.
        "services.processor.runtime.contracts",
        "services.processor.runtime.file_names",
    ),
    "policies": ("naming", "policies", "datasets.compatibility"),
    # It makes again what is published.
    "policies/published.py": ("policies", "services.bundling"),
    "bootstrap": ("naming", "policies", "bootstrap"),
    # It shows what the gates and the bootstrap say; nothing depends on it.
    "review": ("naming", "policies", "bootstrap", "review", "datasets.compatibility"),
    "services": (),
    "services/deployment_target.py": ("naming",),
    "services/bundling.py": (
        "services.bytecode",
        "services.lambda_python",
        "services.left_out",
    ),
    "services/service_function.py": ("naming", "services.bundling", "services.deployment_target"),
    "services/processor/construct.py": (
        "naming",
        "services.service_function",
        "services.deployment_target",
    ),
    "services/processor/large_files.py": (
        "naming",
        "services.deployment_target",
        "services.processor.construct",
        "services.processor.large_files_definition",
    ),
    # The room that both functions share knows neither.
    "services/aws_client": ("services.aws_client",),
    "services/processor/runtime": ("services.processor.runtime", "services.aws_client"),
    "services/canary/construct.py": (
        "naming",
        "services.service_function",
        "services.deployment_target",
    ),
    "services/canary/runtime": ("services.canary.runtime", "services.aws_client"),
    "services/stream_consumer/construct.py": (
        "naming",
        "services.service_function",
        "services.deployment_target",
    ),
    "services/stream_consumer/runtime": (
        "services.stream_consumer.runtime",
        "services.aws_client",
    ),
    # An operator reads files, and computes ids and events, exactly as the functions do.
    "ops": (
        "naming",
        "ops",
        "machine.faults",
        "services.aws_client",
        "services.processor.runtime",
        "services.stream_consumer.runtime.change",
        "services.stream_consumer.runtime.errors",
        "services.stream_consumer.runtime.event",
        "services.stream_consumer.runtime.image",
    ),
    # Before a deployment there is only the assembly, and what the bootstrap makes of it.
    "ops/preflight": (
        "naming",
        "ops",
        "bootstrap",
        "policies.templates",
        "services.stream_consumer.runtime.publisher",
    ),
    "ops/commands/preflight.py": (
        "naming",
        "ops",
        "policies.command_line",
        "policies.templates",
    ),
    # The drill plays moves, and lets the oracle judge them.
    "ops/drilling.py": ("naming", "ops", "drill"),
    "ops/commands/drill.py": ("naming", "ops", "drill"),
    # It reads files and shows contracts exactly as the processor does.
    "datasets": (
        "naming",
        "datasets",
        "machine.faults",
        "services.processor.runtime",
        "ops.progress",
    ),
    # It compares the contracts of commits, each of which run in a process of their own.
    "datasets/compatibility": ("datasets.compatibility",),
    "datasets/compatibility/worker.py": ("datasets.compatibility", "services.processor.runtime"),
    # Where the Python is that functions run on is known in one place.
    "local": ("naming", "local", "machine.faults", "ops", "services.lambda_python"),
    "local/drill": ("naming", "local", "ops", "drill"),
    # What judges the product shares no code with it.
    "drill": ("drill",),
    # In the emulator's environment, which has no other package of ours or of anybody's.
    "local/emulator_entry_point.py": (
        *("local.emulator_faults", "local.emulator_patches", "local.emulator_rights"),
    ),
    "local/emulator_patches": ("local.emulator_patches",),
    "local/emulator_rights": ("local.emulator_rights", "bootstrap.handlers", "naming"),
    "local/emulator_faults": ("local.emulator_faults",),
    # What a file must lead to is computed with the code that records are made with.
    "local/demo/file_records.py": ("local.demo", "services.processor.runtime"),
    # It runs before anything is installed.
    "machine": ("machine",),
    # Its functions have the processor's own limiter; all else is a model.
    "simulation": ("simulation", "services.processor.runtime.storage.pace"),
    # It gives any bytes to whatever reads those of others.
    "fuzzing": ("fuzzing", "services", "ops.dead_letters", "ops.progress"),
    # Progress is shown one way everywhere.
    "mutation": ("mutation", "ops.progress"),
    # It looks at copies of the project with the gates' own eyes.
    "attacks": ("naming", "attacks", "policies", "ops.progress"),
    # It runs the contracts and makes the bundles that are attacked.
    "attacks/contents.py": ("attacks", "policies", "datasets.compatibility", "services.bundling"),
    "benchmarks": ("naming", "benchmarks", "services", "local", "ops"),
}
SYNTHESIS = (
    "pipeline_app.py",
    "stages",
    "policies",
    "services/service_function.py",
    "services/canary/construct.py",
    "services/processor/construct.py",
    "services/processor/large_files.py",
    "services/stream_consumer/construct.py",
)
MAINS = {
    "services/canary/runtime/main.py",
    "services/processor/runtime/main.py",
    "services/processor/runtime/large_file_main.py",
    "services/stream_consumer/runtime/main.py",
}


def allowed(module: Path) -> tuple[str, ...]:
    places = [place for place in MAY_IMPORT if module.is_relative_to(place)]
    return MAY_IMPORT[max(places, key=len)]


@pytest.mark.parametrize("module", modules(*PRODUCT, "benchmarks", "fuzzing", "mutation"), ids=str)
def test_a_module_imports_only_the_first_party_modules_its_place_allows(module: Path) -> None:
    first_party = {name for name in imports(module) if within(name, FIRST_PARTY)}

    assert {name for name in first_party if not within(name, allowed(module))} == set()


def test_modules_are_imported_by_their_dotted_path() -> None:
    relative = {
        str(module): name
        for module in modules(*OUR_PLACES)
        for name in imports(module)
        if name.startswith(".")
    }

    assert relative == {}


def test_only_synthesis_imports_cdk() -> None:
    users = {
        str(module)
        for module in modules(*PRODUCT, "benchmarks", "tests/unit", "tests/adapters", "tests/e2e")
        if any(within(name, CDK) for name in imports(module))
    }

    outside = {
        user for user in users if not any(Path(user).is_relative_to(place) for place in SYNTHESIS)
    }
    assert outside == set()


def test_set_up_needs_nothing_but_python() -> None:
    imported = {name.partition(".")[0] for each in modules("machine") for name in imports(each)}

    assert imported <= sys.stdlib_module_names | {"machine"}


def test_no_unit_test_waits_for_cdk_or_moto_to_be_imported() -> None:
    slow = {
        str(module)
        for module in modules("tests/unit")
        if any(within(name, (*CDK, "moto")) for name in reached(module))
    }

    assert slow == set()


def test_synthesis_calls_no_aws_service() -> None:
    gates = ("bootstrap", "datasets/compatibility", "review")
    users = {
        str(module)
        for module in modules(*SYNTHESIS, "services/bundling.py", *gates)
        if any(within(name, SDK) for name in imports(module))
    }
    allowed_to = {
        "datasets/compatibility/bucket.py",
        "policies/changes/deployed.py",
        "review/pipeline_sources.py",
        "review/publish.py",
    }

    assert users == allowed_to
    assert not any(within(name, SDK) for name in reached(Path("pipeline_app.py")))


def test_a_report_is_published_with_nothing_that_the_operators_environment_lacks() -> None:
    needed = {name.partition(".")[0] for name in reached(Path("review/publish.py"))}

    assert needed & {"boto3", "jinja2"}
    assert not needed & {*CDK, "hypothesis", "msgspec", "yaml"}


def test_the_scans_need_nothing_that_their_environment_lacks() -> None:
    scans = [reached(module) for module in modules("policies/scan")]

    assert not any(within(name, (*CDK, *SDK)) for names in scans for name in names)


def test_no_module_imports_a_runtimes_main() -> None:
    mains = tuple(main.removesuffix(".py").replace("/", ".") for main in MAINS)

    importers = {
        str(module)
        for module in modules(*OUR_PLACES)
        if any(within(name, mains) for name in imports(module))
    }

    assert importers == set()


def test_only_tests_import_the_app() -> None:
    importers = {
        str(module)
        for module in modules(*PRODUCT, "benchmarks", "tests/unit")
        if any(within(name, ("pipeline_app", "tests")) for name in imports(module))
        if not module.is_relative_to("tests")
    }

    assert importers == set()
