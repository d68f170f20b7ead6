"""Medians, ratios and targets from the measurements of one bench run."""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

TARGETS = Path(__file__).parent / "targets.csv"
QUESTION = "query "
"""What steps begin with that ask a saved question."""
MEASURES = ("wall_s", "cpu_s", "peak_mb", "mb_per_s", "mb_per_cpu_s", "pages_per_s", "size_ratio")


@dataclass(frozen=True, slots=True)
class Target:
    """A row of targets.csv held against the figures; `found` and `reached` are None if not measured."""

    name: str
    size: str
    relation: str
    limit: float
    found: float | None
    reached: bool | None
    reason: str


def select(document: dict[str, Any], **wanted: object) -> list[dict[str, Any]]:
    """The measurements whose fields have the values wanted."""
    return [entry for entry in document["measurements"] if all(entry[name] == wanted[name] for name in wanted)]


def medians(document: dict[str, Any], **wanted: object) -> dict[str, float]:
    """The median of each measure over the rounds; empty where nothing was measured."""
    entries = select(document, **wanted)
    return {name: median(e[name] for e in entries) for name in MEASURES if entries and name in entries[0]}


def ratios(document: dict[str, Any], peer: str, releases: int, step: str) -> dict[str, float]:
    """Peer ÷ ours, the median over paired rounds, as `wall_ratio`, `cpu_ratio` and `peak_ratio`."""
    pairs = [
        (theirs, ours)
        for ours in select(document, contestant="press", releases=releases, step=step)
        for theirs in select(document, contestant=peer, releases=releases, step=step, round=ours["round"])
    ]
    measures = {"wall_ratio": "wall_s", "cpu_ratio": "cpu_s", "peak_ratio": "peak_mb"}
    return {name: median(a[m] / b[m] for a, b in pairs) for name, m in measures.items() if pairs}


def exponent(document: dict[str, Any], releases: int, measure: str = "wall_s") -> float | None:
    """How the cost of a full load grows from a tenth of `releases` to `releases`: 1 is linear."""
    large = medians(document, contestant="press", releases=releases, step="load")
    small = medians(document, contestant="press", releases=releases // 10, step="load")
    return math.log10(large[measure] / small[measure]) if large and small else None


def question_steps(document: dict[str, Any], releases: int) -> list[str]:
    """The steps that ask a saved question, by name."""
    return sorted(
        {entry["step"] for entry in select(document, releases=releases) if entry["step"].startswith(QUESTION)}
    )


def _found(document: dict[str, Any], row: dict[str, str]) -> float | None:
    releases = document["releases"] if row["size"] == "any" else int(row["size"])
    step, measure = row["step"], row["measure"]
    if measure == "exponent":
        return exponent(document, releases)
    if step == QUESTION.strip():
        figures = [
            medians(document, contestant="press", releases=releases, step=name)
            for name in question_steps(document, releases)
        ]
        return max((of_question[measure] for of_question in figures if of_question), default=None)
    if measure.endswith("_ratio") and step != "load":
        return ratios(document, step, releases, "load").get(measure)
    return medians(document, contestant="press", releases=releases, step=step).get(measure)


def targets(document: dict[str, Any]) -> list[Target]:
    """Every target with what was found."""
    with TARGETS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    held = []
    for row in rows:
        limit, found = float(row["limit"]), _found(document, row)
        reached = None if found is None else found >= limit if row["relation"] == "at least" else found <= limit
        held.append(Target(row["name"], row["size"], row["relation"], limit, found, reached, row["reason"]))
    return held
