"""Notes which actions each role was allowed to take, for proofs that something needs them."""

import importlib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

ASSUMED = ":assumed-role/"
# Simulations evaluate as well, and use nothing.
REQUESTS = "enforce"


def install(record: str) -> None:
    """Let the file ``record`` list each role and action once, in lines; nothing without a name."""
    if not record:
        return
    evaluator: Any = importlib.import_module("ministack.core.iam_evaluator")
    evaluate: Callable[..., Any] = evaluator.evaluate
    file, noted = Path(record), set[str]()

    def evaluated(context: Any, *policies: Any) -> Any:
        result = evaluate(context, *policies)
        of_request = sys._getframe(1).f_code.co_name == REQUESTS  # noqa: SLF001  # who asks
        if of_request and result.decision == "Allow" and ASSUMED in context.principal_arn:
            role = context.principal_arn.partition(ASSUMED)[2].partition("/")[0]
            line = f"{role} {context.action}\n"
            if line not in noted:
                noted.add(line)
                with file.open("a") as lines:
                    lines.write(line)
        return result

    evaluator.evaluate = evaluated
