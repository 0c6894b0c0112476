"""The report: everything that was measured as JSON, and a page that a person reads."""

import json
import platform
import shlex
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks import endpoints, machine, plots
from benchmarks.cases import CASES, CONSUMERS, REFERENCE
from benchmarks.errors import BenchmarkError
from benchmarks.options import Options
from benchmarks.runner import FOLDER, REPOSITORY, Runner, node
from benchmarks.sections import cold_start, consumer, delay, resume, size, throttling, throughput
from ops.progress import described, pulse
from services.lambda_python import LAMBDA_PYTHON

PACKAGES = ("boto3", "botocore", "awswrangler", "pydynox", "aiodynamo", "aiohttp", "msgspec")
NODE_PACKAGES = ("@aws-sdk/client-dynamodb", "@aws-sdk/lib-dynamodb")
_PAGE = Path(__file__).with_name("page.md")


class Section(NamedTuple):
    """A part of the benchmarks: what it measures, and how it is shown."""

    run: Callable[[Runner, Options], Any]
    text: Callable[[Any], str]


SECTIONS = {
    "throughput": Section(throughput.run, throughput.text),
    "delay": Section(delay.run, delay.text),
    "throttling": Section(throttling.run, throttling.text),
    "size": Section(size.run, size.text),
    "resume": Section(resume.run, resume.text),
    "cold_start": Section(cold_start.run, cold_start.text),
    "consumer": Section(consumer.run, consumer.text),
}


def measured(
    runner: Runner, options: Options, chosen: Sequence[str], say: Callable[[str], object]
) -> dict[str, Any]:
    """Return what the chosen sections measured, and on which machine."""
    unknown = sorted({*chosen} - {*SECTIONS})
    if unknown:
        problem = f"unknown sections: {', '.join(unknown)}"
        raise BenchmarkError(f"{problem}; there are {', '.join(SECTIONS)}")
    result: dict[str, Any] = {
        "date": datetime.now(UTC).isoformat(timespec="minutes"),
        "command": f'make bench ARGS="{shlex.join(sys.argv[1:])}"',
        "commit": _output("git", "rev-parse", "--short", "HEAD"),
        "rounds": options.rounds,
        "rows": options.rows,
        "isQuick": options.quick,
        "machine": machine.described(),
        "versions": _versions(),
        "sections": {},
    }
    done = result["sections"]

    def shown(elapsed_s: float) -> str:
        name = chosen[min(len(done), len(chosen) - 1)]
        return f"{name} … {described(len(done), len(chosen), elapsed_s, 'sections')}"

    with pulse(shown):
        for name in chosen:
            started_s = time.monotonic()
            done[name] = SECTIONS[name].run(runner, options)
            say(f"{name}: {time.monotonic() - started_s:.0f} s")
    result["refused"] = runner.refused
    return result


def write(result: dict[str, Any], path: Path) -> None:
    """Write everything that was measured as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(result, indent=2, ensure_ascii=False) + "\n")


def write_page(result: dict[str, Any], folder: Path) -> None:
    """Write ``README.md`` and its plots; a section that was not measured says so."""
    folder.mkdir(parents=True, exist_ok=True)
    drawn = plots.draw(result["sections"], folder)
    texts = {
        f"{{{name}}}": "\n\n".join(
            [
                section.text(result["sections"][name])
                if name in result["sections"]
                else "Not measured in this run.",
                *(f"![{title}]({file})" for file, title in drawn.get(name, {}).items()),
            ]
        )
        for name, section in SECTIONS.items()
    }
    texts |= {"{command}": result["command"], "{date}": result["date"], "{made}": _made(result)}
    reasons = "".join(f"* Refused: {reason}.\n" for reason in result["refused"].values())
    texts["{refused}"] = reasons or "No case was refused in this run.\n"
    texts |= {
        "{cases}": "\n".join(
            f"* **{each.title}**: {each.note}." for each in (*CASES, REFERENCE, *CONSUMERS)
        )
    }
    page = _PAGE.read_text()
    for place, text in texts.items():
        page = page.replace(place, text)
    (folder / "README.md").write_text(page)


def _made(result: dict[str, Any]) -> str:
    computer = ", ".join(f"{name} {value}" for name, value in result["machine"].items())
    programs = ", ".join(f"{name} {value}" for name, value in result["versions"].items())
    python = platform.python_version()
    if not python.startswith(LAMBDA_PYTHON):
        python += f" (no Python {LAMBDA_PYTHON}, which is Lambda's, was found)"
    return (
        f"Commit {result['commit']}, {result['rounds']} rounds of up to {result['rows']:,} rows; "
        f"{computer}; Python {python}, {programs}."
    )


def _versions() -> dict[str, str]:
    modules = REPOSITORY / "benchmarks" / "node_modules"
    return {
        **{name: version(name) for name in PACKAGES},
        **{
            name: json.loads((modules / name / "package.json").read_text())["version"]
            for name in NODE_PACKAGES
        },
        "Node": _output(node(), "--version").removeprefix("v"),
        "nginx": endpoints.version(FOLDER / "nginx"),
    }


def _output(*command: str) -> str:
    ended = subprocess.run(  # noqa: S603  # fixed arguments
        command, cwd=REPOSITORY, capture_output=True, text=True, check=False
    )
    return ended.stdout.strip() or "unknown"
