"""The plots of docs/scale.md, from the same runs as the tables; needs matplotlib."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

from simulation import quotas, scenarios
from simulation.plan import new_account, settings_for, walls
from simulation.run import Outcome
from simulation.scenarios import Measured

Runs = Sequence[tuple[int, bool, Outcome]]
INK, STORED, SENT, LIMIT, WAITING = "#333333", "#1b6ca8", "#c46210", "#8a8a8a", "#7b3f9d"
DPI = 110
# Files of equal runs are then equal.
METADATA = {"Software": None}


def draw(folder: Path, measured: Measured, runs: Runs) -> Iterator[Path]:
    """Write every plot to the folder; yield their paths."""
    mpl.rcParams.update({"font.size": 9, "axes.spines.top": False, "axes.spines.right": False})
    folder.mkdir(parents=True, exist_ok=True)
    plots: dict[str, Callable[[], Figure]] = {
        "limiter": lambda: _limiter(runs),
        "ramp": lambda: _ramp(measured),
        "walls": lambda: _walls(measured),
        "mapping": lambda: _mapping(measured),
    }
    for name, make in plots.items():
        file = folder / f"{name}.png"
        make().savefig(file, dpi=DPI, metadata=METADATA)
        yield file


def _figure(width: float = 8.0, height: float = 3.6, columns: int = 1) -> tuple[Figure, Any]:
    figure = Figure(figsize=(width, height), layout="constrained")
    return figure, figure.subplots(1, columns, sharey=True)


def _limiter(runs: Runs) -> Figure:
    """Show what several functions send to a new table, and what it stores."""
    several = {functions for functions, _, _ in runs} - {1}
    figure, axes = _figure(width=9.5, columns=len(several))
    for axis, functions in zip(axes, sorted(several), strict=True):
        for number, is_paced, outcome in runs:
            if number != functions:
                continue
            seconds = [each.second for each in outcome.samples]
            name = "with the limiter" if is_paced else "without it"
            style = "-" if is_paced else ":"
            sent = [each.sent for each in outcome.samples]
            axis.plot(seconds, sent, style, color=SENT, lw=1.1, label=f"sent, {name}")
            if is_paced:
                stored = [each.stored for each in outcome.samples]
                axis.plot(seconds, stored, color=STORED, lw=1.4, label="stored, either way")
        axis.axhline(quotas.NEW_TABLE_UNITS, color=LIMIT, lw=0.8, ls="--", label="the table takes")
        axis.set(title=f"{functions} functions on a new table", xlabel="seconds", yscale="log")
    axes[0].set_ylabel("writes a second")
    axes[0].legend(frameon=False, fontsize=8)
    return figure


def _ramp(measured: Measured) -> Figure:
    """Show two hours of 20,000 records a second on a new and on a warmed table."""
    figure, axes = _figure(width=9.5, columns=2)
    for axis, warm in zip(axes, (quotas.NEW_TABLE_UNITS, 20_000), strict=True):
        found = scenarios.hours(measured, warm_units=warm)[::30]
        minutes = [each.second / 60 for each in found]
        allowed = [each.allowed for each in found]
        axis.plot(minutes, allowed, color=LIMIT, ls="--", lw=0.9, label="the table takes, a second")
        stored = [each.stored for each in found]
        axis.plot(minutes, stored, color=STORED, lw=1.4, label="stored, a second")
        waiting = [each.in_files / 1000 for each in found]
        axis.plot(minutes, waiting, color=WAITING, lw=1.1, label="rows waiting, in thousands")
        state = "a new table" if warm == quotas.NEW_TABLE_UNITS else "warm for 20,000"
        axis.set(title=f"20,000 records/s for 2 h: {state}", xlabel="minutes")
    axes[0].legend(frameon=False, fontsize=8)
    return figure


def _walls(measured: Measured) -> Figure:
    """Show at which rate each limit is reached, in a new account and with two plans."""
    figure, axis = _figure(width=9.5, height=4.6)
    account = new_account(measured.speed, measured.consumer)
    plans = {"new account": account}
    for rate in scenarios.SIZES[1:]:
        plans[f"set for {rate:,}/s"] = settings_for(
            rate, measured.records, measured.speed, measured.consumer, status_index="exceptions"
        )
    names = [each.what for each in walls(account, measured.records, measured.speed)][::-1]
    for (plan, settings), mark in zip(plans.items(), "ovs", strict=True):
        found = walls(settings, measured.records, measured.speed)
        at = {each.what: each.records_per_s for each in found}
        shown = [name for name in names if name in at]
        rows = [names.index(name) for name in shown]
        axis.plot([at[name] for name in shown], rows, mark, ms=6, alpha=0.8, label=plan)
    for rate in scenarios.SIZES:
        axis.axvline(rate, color=LIMIT, lw=0.8, ls="--")
    axis.set(xscale="log", xlabel="records a second", yticks=range(len(names)), yticklabels=names)
    axis.legend(frameon=False, fontsize=8, loc="lower left", bbox_to_anchor=(0, 1), ncols=3)
    return figure


def _mapping(measured: Measured) -> Figure:
    """Show what waits in the stream while the bus is away, and how it is caught up with."""
    figure, axis = _figure()
    for name, found in scenarios.lanes(measured):
        minutes = [each.second / 60 for each in found]
        axis.plot(minutes, [each.in_stream / 1e6 for each in found], lw=1.3, label=name)
    axis.set(
        title="35,000 records/s for 20 min, the bus is back after 5: changes that wait",
        xlabel="minutes",
        ylabel="millions",
    )
    axis.legend(frameon=False, fontsize=8, loc="center right")
    return figure
