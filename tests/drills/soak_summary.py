"""What a soak saw: how much memory processes held, how large files grew, what readers met; as a table and a chart."""

import statistics
from dataclasses import dataclass, field
from pathlib import Path

from tests.drills.truth import Audit, Truth
from warehouse.project import PROJECT

CHART = PROJECT / "docs" / "img" / "soak.png"

FLAT_MB = 10.0
"""How much more a process may hold after 100 runs and be called flat: what Prefect's server, which warms up for some
200 runs, may still gain in the last third of 300."""


@dataclass(slots=True)
class Sample:
    """The stage at a moment: how many runs had ended, memory in MB by process, sizes in MB by what they are of."""

    runs: int
    memory: dict[str, float]
    sizes: dict[str, float]


@dataclass
class SoakResults:
    """What was seen."""

    samples: list[Sample] = field(default_factory=list)
    peaks: dict[int, tuple[int, float]] = field(default_factory=dict)
    """By process of a flow run: after how many runs it was, and its peak in MB."""
    faults: list[str] = field(default_factory=list)
    questions: int = 0
    errors: list[str] = field(default_factory=list)
    runs: dict[str, str] = field(default_factory=dict)
    """The state of each run that ended, by its id."""

    def slope(self, process: str) -> float:
        """MB more for each 100 runs, over the last third."""
        if process == "flow runs":
            points = list(self.peaks.values())
        else:
            points = [(sample.runs, sample.memory[process]) for sample in self.samples if process in sample.memory]
        from_ = max((runs for runs, _ in points), default=0) * 2 / 3
        points = [point for point in points if point[0] >= from_]
        if len({runs for runs, _ in points}) < 2:
            return 0.0
        return 100 * statistics.linear_regression(*zip(*points, strict=True)).slope


PROCESSES = ("serve", "server", "runner")


def summary(results: SoakResults, truth: Truth, audit: Audit) -> list[tuple[str, str]]:
    """What was seen, a name and a value each."""
    last = results.samples[-1]
    states = {state: list(results.runs.values()).count(state) for state in dict.fromkeys(results.runs.values())}
    input_mb = last.sizes["digests put in"]
    rows = [
        ("runs", f"{len(results.runs)}: " + ", ".join(f"{count} {state}" for state, count in states.items())),
        ("put in", f"{truth.digests:,} digests, {len(truth.releases):,} releases, {input_mb:.1f} MB"),
        ("faults", ", ".join(f"{results.faults.count(name)} × {what}" for name, what in FAULT_TITLES.items())),
        ("lost, doubled", f"{', '.join(audit.losses) or 0}, {', '.join(audit.duplicates) or 0}"),
        ("readers", f"{results.questions:,} questions, {len(results.errors)} errors"),
    ]
    for process in (*PROCESSES, "flow runs"):
        if process == "flow runs":
            mb = [peak for _, peak in results.peaks.values()]
            text = f"{statistics.median(mb):.0f} MB at their peak, {max(mb):.0f} at most"
        else:
            mb = [sample.memory[process] for sample in results.samples if process in sample.memory]
            text = f"{mb[-1]:.0f} MB, {max(mb):.0f} at most"
        rows.append((f"memory of {process}", f"{text}; {results.slope(process):+.1f} MB in 100 runs of the last third"))
    for name, size in last.sizes.items():
        largest = max(sample.sizes[name] for sample in results.samples)
        if name != "digests put in":
            rows.append((name, f"{size:.1f} MB, {largest:.1f} at most; {size / input_mb:.1f} × what was put in"))
    return rows


FAULT_TITLES = {
    "flow": "kill -9 of a flow",
    "runner": "of the runner",
    "server": "of the server",
    "pause": "server silent for seconds",
}


def is_well(results: SoakResults, audit: Audit) -> bool:
    """Whether nothing grew, nothing was lost, and no reader met an error."""
    flat = all(results.slope(process) < FLAT_MB for process in (*PROCESSES, "flow runs"))
    return flat and not results.errors and audit == Audit([], []) and results.samples[-1].sizes["staging"] == 0


def chart(results: SoakResults, path: Path) -> None:
    """Memory of the processes and sizes of the files, by the number of runs."""
    import altair as alt
    import polars as pl

    memory = [(sample.runs, name, mb) for sample in results.samples for name, mb in sample.memory.items()]
    memory += [(runs, "flow runs (peak)", mb) for runs, mb in results.peaks.values()]
    sizes = [(sample.runs, name, mb) for sample in results.samples for name, mb in sample.sizes.items()]
    panels = []
    for title, points in (("Memory, MB", memory), ("Files, MB", sizes)):
        frame = pl.DataFrame(points, schema=["runs", "of", "MB"], orient="row")
        lines = alt.Chart(frame, title=title, width=420, height=220).mark_line(interpolate="step-after")
        panels.append(
            lines.encode(
                alt.X("runs:Q", title="runs"),
                alt.Y("max(MB):Q", title=None),
                alt.Color("of:N", title=None, legend=alt.Legend(orient="bottom", columns=3)),
            )
        )
    drawn = alt.hconcat(*panels).resolve_scale(color="independent").configure(background="white")
    path.parent.mkdir(parents=True, exist_ok=True)
    drawn.save(path, ppi=144)
