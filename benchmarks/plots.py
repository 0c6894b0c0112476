"""The plots of the report, as PNG files."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("agg")
from matplotlib import pyplot as plt
from matplotlib.axes import Axes

from benchmarks.cases import PRODUCT

OWN, OTHERS = "#1f77b4", "#b0b7bf"
DOTS_PER_INCH = 110
_FORMS = {"ndjson": "NDJSON", "json": "JSON array", "csv": "CSV"}


def draw(sections: dict[str, Any], folder: Path) -> dict[str, dict[str, str]]:
    """Write the plots of what was measured; return their files and titles by section."""
    drawn: dict[str, dict[str, str]] = {}
    if "throughput" in sections:
        _throughput(sections["throughput"], folder / "cost.png")
        drawn["throughput"] = {"cost.png": "Microseconds of CPU a record, by case"}
    if "size" in sections:
        _memory(sections["size"]["memory"], folder / "memory.png")
        drawn["size"] = {"memory.png": "Peak memory by the size of the file"}
    if "throttling" in sections:
        _throttling(sections["throttling"], folder / "throttling.png")
        drawn["throttling"] = {"throttling.png": "Records a second under throttling"}
    return drawn


def _throughput(files: Sequence[dict[str, Any]], path: Path) -> None:
    shown = [file for file in files if file["set"] == "orders"]
    figure, axes = plt.subplots(1, len(shown), figsize=(5 * len(shown), 4), squeeze=False)
    for file, one in zip(shown, axes[0], strict=True):
        cases = sorted(file["cases"].items(), key=lambda each: -each[1]["usARecord"]["median"])
        _bars(one, cases, "usARecord")
        one.set_xscale("log")
        one.set_xlabel("µs of CPU a record (log)")
        one.set_title(_FORMS[file["form"]])
    _save(figure, path)


def _throttling(kinds: dict[str, Any], path: Path) -> None:
    shown = [kind for kind in kinds.values() if kind["cases"]]
    figure, axes = plt.subplots(1, len(shown), figsize=(4.5 * len(shown), 3), squeeze=False)
    for kind, one in zip(shown, axes[0], strict=True):
        _bars(one, list(kind["cases"].items())[::-1], "recordsASecond")
        one.set_xlabel("records a second")
        one.set_title(kind["title"])
    _save(figure, path)


def _bars(axes: Axes, cases: Sequence[tuple[str, dict[str, Any]]], name: str) -> None:
    """Draw a bar for each case, as long as the median, with the range around it."""
    figures = [each[name] for _, each in cases]
    medians = [each["median"] for each in figures]
    axes.barh(
        [each["title"] for _, each in cases],
        medians,
        xerr=(
            [each["median"] - each["low"] for each in figures],
            [each["high"] - each["median"] for each in figures],
        ),
        color=[OWN if case == PRODUCT else OTHERS for case, _ in cases],
        capsize=3,
    )
    for place, middle in enumerate(medians):
        axes.annotate(
            f"{middle:,.0f}", (middle, place), (6, 6), textcoords="offset points", fontsize=8
        )
    axes.spines[["top", "right"]].set_visible(False)
    axes.margins(x=0.15)


def _memory(measured: Sequence[dict[str, Any]], path: Path) -> None:
    figure, axes = plt.subplots(figsize=(6, 3.5))
    for form, title in _FORMS.items():
        points = [e for e in measured if e["form"] == form and "peakRssBytes" in e]
        axes.plot(
            [each["megabytes"] for each in points],
            [each["peakRssBytes"] / 1e6 for each in points],
            marker="o",
            label=title,
        )
    axes.set_xscale("log")
    axes.set_ylim(bottom=0)
    axes.set_xlabel("size of the file, MB (log)")
    axes.set_ylabel("peak memory, MB")
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend()
    _save(figure, path)


def _save(figure: Any, path: Path) -> None:
    figure.tight_layout()
    # No date and version of matplotlib: the same figures give the same bytes.
    figure.savefig(path, dpi=DOTS_PER_INCH, metadata={"Software": None})
    plt.close(figure)
