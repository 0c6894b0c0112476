"""Who may import whom. An arrow that is not in a table does not exist."""

from pathlib import Path

import pytest

from tests.architecture.sources import OF_OURS, PRODUCT, imports, modules, reached, within

CDK = ("aws_cdk", "constructs", "cdk_nag", "jsii")
SDK = ("boto3", "botocore")
FIRST_PARTY = tuple(place.removesuffix(".py") for place in OF_OURS)

# What a place may import of our own; the longest place that fits a module counts.
MAY_IMPORT: dict[str, tuple[str, ...]] = {
    "pipeline_app.py": ("naming", "stages", "policies"),
    "naming.py": (),
    "stages": (
        "naming",
        "stages",
        "services.target",
        "services.service_function",
        "services.processor.construct",
        "services.stream_consumer.construct",
    ),
    "policies": ("naming", "policies"),
    "services": (),
    "services/target.py": ("naming",),
    "services/service_function.py": ("naming", "services.bundling", "services.target"),
    "services/processor/construct.py": ("naming", "services.service_function", "services.target"),
    "services/processor/runtime": ("services.processor.runtime",),
    "services/stream_consumer/construct.py": (
        "naming",
        "services.service_function",
        "services.target",
    ),
    "services/stream_consumer/runtime": ("services.stream_consumer.runtime",),
    # The ids of what is stored are the one thing that an operator computes as the processor does.
    "ops": ("naming", "ops", "services.processor.runtime.keys"),
    "local": ("naming", "local", "ops"),
    "benchmarks": ("naming", "benchmarks", "services", "local", "ops"),
}
SYNTHESIS = (
    "pipeline_app.py",
    "stages",
    "policies",
    "services/service_function.py",
    "services/processor/construct.py",
    "services/stream_consumer/construct.py",
)
# Pure modules: what they need is handed to them, so that a test needs no AWS account.
ADAPTERS = {
    "services/processor/runtime/dynamodb_ledger.py",
    "services/processor/runtime/object_stream.py",
    "services/processor/runtime/retry.py",
    "services/processor/runtime/source.py",
    "services/processor/runtime/writer.py",
    "services/stream_consumer/runtime/publisher.py",
}
MAINS = {"services/processor/runtime/main.py", "services/stream_consumer/runtime/main.py"}


def allowed(module: Path) -> tuple[str, ...]:
    places = [place for place in MAY_IMPORT if module.is_relative_to(place)]
    return MAY_IMPORT[max(places, key=len)]


@pytest.mark.parametrize("module", modules(*PRODUCT, "benchmarks"), ids=str)
def test_a_module_imports_of_our_own_only_what_its_place_may(module: Path) -> None:
    of_our_own = {name for name in imports(module) if within(name, FIRST_PARTY)}

    assert {name for name in of_our_own if not within(name, allowed(module))} == set()


def test_a_module_is_imported_by_its_dotted_path_everywhere() -> None:
    relative = {
        str(module): name
        for module in modules(*OF_OURS)
        for name in imports(module)
        if name.startswith(".")
    }

    assert relative == {}


def test_only_what_is_synthesized_knows_cdk() -> None:
    users = {
        str(module)
        for module in modules(*PRODUCT, "benchmarks", "tests/unit", "tests/adapters", "tests/e2e")
        if any(within(name, CDK) for name in imports(module))
    }

    outside = {
        user for user in users if not any(Path(user).is_relative_to(place) for place in SYNTHESIS)
    }
    assert outside == set()


def test_no_unit_test_waits_for_cdk_or_moto_to_be_imported() -> None:
    slow = {
        str(module)
        for module in modules("tests/unit")
        if any(within(name, (*CDK, "moto")) for name in reached(module))
    }

    assert slow == set()


def test_synthesis_asks_no_aws_service() -> None:
    users = {
        str(module)
        for module in modules(*SYNTHESIS, "services/bundling.py")
        if any(within(name, SDK) for name in imports(module))
    }
    asked_to = {"policies/changes/deployed.py", "policies/review/publish.py"}

    assert users == asked_to
    assert not any(within(name, SDK) for name in reached(Path("pipeline_app.py")))


def test_only_adapters_and_mains_of_a_runtime_know_the_sdk() -> None:
    users = {
        str(module)
        for module in modules("services")
        if any(within(name, SDK) for name in imports(module))
    }

    assert users == ADAPTERS | MAINS


def test_only_mains_make_clients() -> None:
    makers = {
        str(module)
        for module in modules("services")
        if any(within(name, ("boto3",)) for name in imports(module))
    }

    assert makers == MAINS


def test_nobody_imports_a_runtimes_main() -> None:
    mains = tuple(main.removesuffix(".py").replace("/", ".") for main in MAINS)

    importers = {
        str(module)
        for module in modules(*OF_OURS)
        if any(within(name, mains) for name in imports(module))
    }

    assert importers == set()


def test_nobody_imports_the_app_but_its_tests() -> None:
    importers = {
        str(module)
        for module in modules(*PRODUCT, "benchmarks", "tests/unit")
        if any(within(name, ("pipeline_app", "tests")) for name in imports(module))
        if not module.is_relative_to("tests")
    }

    assert importers == set()
