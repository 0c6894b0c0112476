"""Things that are done in one way, in one place, because a second one would miss half the fixes."""

import ast
from collections.abc import Callable

from tests.architecture.sources import OUR_PLACES, PRODUCT, imports, modules, tree, within

# The Lambda functions share no code with anything: each pauses in its own way.
RETRIES = {
    "services/processor/runtime/intake/source.py",
    "services/stream_consumer/runtime/publisher.py",
}
# One message of a queue of their own, received once.
SINGLE_MESSAGES = {"local/probes/scratch_resources.py", "tests/e2e/test_lifecycle.py"}
# What judges the product shares no code with it.
OF_THE_ORACLE = {"drill/listening.py"}
# Policies import nothing of ops: they also judge it.
OF_POLICIES = {"policies/changes/deployed.py"}
HARNESSES = (*PRODUCT, "tests/e2e")


def users(is_use: Callable[[ast.AST], bool], *places: str) -> set[str]:
    """Modules in which a node is such a use."""
    return {
        str(module)
        for module in modules(*places)
        if any(is_use(node) for node in ast.walk(tree(module)))
    }


def naming(name: str) -> Callable[[ast.AST], bool]:
    """Whether a node uses an attribute or a name that is called so."""
    return lambda node: name in (getattr(node, "attr", ""), getattr(node, "id", ""))


def test_there_is_one_way_to_wait() -> None:
    assert users(naming("sleep"), *HARNESSES) == {"ops/waiting.py"} | RETRIES


def test_there_is_one_way_to_receive_messages() -> None:
    assert users(naming("receive_message"), *HARNESSES) == (
        {"ops/queues.py"} | SINGLE_MESSAGES | OF_THE_ORACLE
    )


def test_there_is_one_way_to_assume_a_role() -> None:
    assert users(naming("assume_role"), *HARNESSES) == {"ops/connection.py"} | OF_POLICIES


def test_every_command_line_is_made_the_same_way() -> None:
    parsers = {
        str(module)
        for module in modules(*OUR_PLACES)
        if any(within(name, ("argparse", "optparse", "getopt")) for name in imports(module))
    }

    assert parsers == set()
