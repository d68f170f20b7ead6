"""Draw wall time and peak memory of every contestant, offline, with altair and vl-convert."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import altair as alt
import polars as pl

import summary

OURS, OTHERS = "#0b6e5c", "#b8c0c8"
PANELS = {"wall_s": ("seconds", ".1f"), "peak_mb": ("MB of memory", ",.0f")}


def _panel(rows: list[dict[str, Any]], measure: str) -> alt.LayerChart | alt.FacetChart:
    title, number_format = PANELS[measure]
    order = [row["label"] for row in rows]
    bars = (
        alt.Chart(
            pl.DataFrame(rows),
            title=alt.Title(title, fontWeight="normal", fontSize=12),
            width=280,
            height=34 * len(rows),
        )
        .mark_bar(cornerRadiusEnd=2)
        .encode(
            x=alt.X(f"{measure}:Q", axis=None),
            y=alt.Y("label:N", sort=order, title=None, axis=alt.Axis(domain=False, ticks=False, labelLimit=240)),
            color=alt.condition("datum.is_ours", alt.value(OURS), alt.value(OTHERS)),
        )
    )
    numbers = bars.mark_text(align="left", dx=4).encode(
        text=alt.Text(f"{measure}:Q", format=number_format), color=alt.value("#222222")
    )
    return alt.layer(bars, numbers)


def write(document: dict[str, Any], results: Path) -> list[Path]:
    """Write `bench-<N>.svg` and `bench-<N>.png` into `results`; return their paths."""
    releases = document["releases"]
    rows = []
    for name, label in document["labels"].items():
        figures = summary.medians(document, contestant=name, releases=releases, step="load")
        rows.append({"label": label, "is_ours": name == "press", **figures})
    drawing = (
        alt.hconcat(*(_panel(rows, measure) for measure in PANELS))
        .properties(title=f"Loading {releases:,} press releases into a star schema")
        .configure_view(stroke=None)
        .configure_axis(labelFontSize=12)
        .configure_title(anchor="start", fontSize=14)
    )
    paths = [results / f"bench-{releases}.{suffix}" for suffix in ("svg", "png")]
    drawing.save(str(paths[0]))
    drawing.save(str(paths[1]), scale_factor=2)
    return paths
