"""The coverage of the warehouse as a chart: releases by publisher and day, and their share of gov.kz's ids."""

import zlib
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import duckdb

from warehouse.clock import day_of
from warehouse.database.sql import SQL, rows, run_sql
from warehouse.report.text import count, visible

DAYS = 28
PUBLISHERS = 14
"""How many publishers have a row of their own; the rest share one."""

LONGEST_NAME = 34
END = b"\0\0\0\0IEND\xae\x42\x60\x82"
SCALE = 1.5
"""Pixels of the picture for each of the drawing, so that letters are sharp on most screens."""

INK, PAPER, GAP, DAY_OFF, HELD = "#24292f", "#ffffff", "#f6d5d0", "#eceff1", "#1f6fb2"
"""The chart has a background of its own, so it reads the same on a light and on a dark page."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """The data of the chart: a row per publisher and day, `cells`, and per day, `days`, and both in words."""

    cells: list[dict[str, Any]]
    days: list[dict[str, Any]]
    words: str


def coverage(con: duckdb.DuckDBPyConnection, as_of: datetime) -> Coverage:
    """The coverage of the four weeks up to `as_of`, or up to the last release where those have none."""
    last_day = day_of(as_of)
    releases = _releases(con, last_day)
    if not releases and (last := _last_day(con)) is not None:
        releases, last_day = _releases(con, last), last
    curve = rows(run_sql(con, SQL / "report" / "id_curve.sql", {"last_day": last_day, "days": DAYS}))
    held, by_day, cells = Counter[str](), Counter[date](), Counter[tuple[str, date]]()
    for row in releases:
        held[row["slug"]] += row["releases"]
        by_day[row["day"]] += row["releases"]
    busiest = sorted(held, key=lambda slug: (-held[slug], slug))[:PUBLISHERS]
    names = {row["slug"]: _name(row["name_en"] or row["slug"]) for row in releases}
    rest = f"{len(held) - len(busiest)} other publishers"
    for row in releases:
        cells[names[row["slug"]] if row["slug"] in busiest else rest, row["day"]] += row["releases"]
    order = [names[slug] for slug in busiest] + ([rest] if len(held) > len(busiest) else [])
    days = [day | {"held": by_day[day["day"]], "share": by_day[day["day"]] / max(day["ids"], 1)} for day in curve]
    grid = [
        {
            "publisher": name,
            "day": day["day"],
            "releases": cells[name, day["day"]],
            "kind": "held" if cells[name, day["day"]] else "day off" if day["is_day_off"] else "nothing",
        }
        for name in order
        for day in days
    ]
    return Coverage(grid, days, _words(days, [(names[slug], held[slug]) for slug in busiest]))


def _releases(con: duckdb.DuckDBPyConnection, last_day: date) -> list[dict[str, Any]]:
    return rows(run_sql(con, SQL / "report" / "coverage.sql", {"last_day": last_day, "days": DAYS}))


def _last_day(con: duckdb.DuckDBPyConnection) -> date | None:
    row = con.execute("select max(release_date) from mart_release_day").fetchone()
    return row[0] if row else None


def _name(text: str) -> str:
    text = visible(" ".join(text.split()))
    return text if len(text) <= LONGEST_NAME else text[: LONGEST_NAME - 1] + "…"


def _words(days: list[dict[str, Any]], busiest: list[tuple[str, int]]) -> str:
    """The chart in words, for people who do not see it."""
    held, ids = sum(day["held"] for day in days), sum(day["ids"] for day in days)
    first, last = days[0]["day"], days[-1]["day"]
    empty = [f"{day['day']:%-d %B}" for day in days if not day["held"] and not day["is_day_off"]]
    text = f"{count(held, 'release')} from {first:%-d %B} to {last:%-d %B %Y}"
    text += f", of about {ids:,} ids that gov.kz gave out in those days ({100 * held / max(ids, 1):.1f} %)."
    if empty:
        days_named = ", ".join(empty[:10]) + (f" and {len(empty) - 10} more" if len(empty) > 10 else "")
        text += f" Nothing on {count(len(empty), 'working day')}: {days_named}."
    if busiest:
        text += " Busiest: " + ", ".join(f"{name} {number}" for name, number in busiest[:5]) + "."
    return text


def png(data: Coverage) -> bytes:
    """The chart as a PNG of about 900 by 550 points on a white sheet."""
    import altair as alt

    cells = [{**cell, "day": cell["day"].isoformat()} for cell in data.cells]
    days = [{**day, "day": day["day"].isoformat()} for day in data.days]
    order = list(dict.fromkeys(cell["publisher"] for cell in cells))
    across = alt.X("day:O", title=None, axis=None)
    share = (
        alt.Chart(alt.InlineData(days), width=560, height=70)
        .mark_bar(color=HELD)
        .encode(x=across, y=alt.Y("share:Q", title="of gov.kz’s ids", axis=alt.Axis(format=".1%", tickCount=3)))
    )
    share_numbers = share.mark_text(dy=-6, fontSize=9, color=INK).encode(
        text=alt.condition("datum.held > 0", alt.Text("held:Q"), alt.value(""))
    )
    labels = alt.Axis(
        labelExpr="timeFormat(toDate(datum.value + 'T12:00'), '%-d %b')", labelAngle=-60, labelOverlap=True, ticks=False
    )
    colour = alt.Color(
        "kind:N",
        title=None,
        scale=alt.Scale(domain=["held", "nothing", "day off"], range=[HELD, GAP, DAY_OFF]),
        legend=alt.Legend(orient="bottom"),
    )
    grid = (
        alt.Chart(alt.InlineData(cells), width=560, height=alt.Step(20))
        .mark_rect(stroke=PAPER, strokeWidth=1.5)
        .encode(
            x=alt.X("day:O", title=None, axis=labels),
            y=alt.Y("publisher:N", sort=order, title=None, axis=alt.Axis(labelLimit=260, ticks=False)),
            color=colour,
        )
    )
    numbers = grid.mark_text(color=PAPER, fontSize=10).encode(
        text=alt.condition("datum.releases > 0", alt.Text("releases:Q"), alt.value("")), color=alt.value(PAPER)
    )
    first, last = data.days[0]["day"], data.days[-1]["day"]
    chart = (
        alt.vconcat(share + share_numbers, grid + numbers, spacing=8)
        .properties(
            title=alt.TitleParams(
                f"Releases by publisher and day, {first:%-d %B} to {last:%-d %B %Y}", anchor="start", color=INK
            ),
            background=PAPER,
            padding=14,
        )
        .configure_axis(labelColor=INK, titleColor=INK, labelFontSize=11, titleFontWeight="normal", grid=False)
        .configure_legend(labelColor=INK, labelFontSize=11)
        .configure_view(stroke=None)
    )
    import vl_convert

    return compress(vl_convert.vegalite_to_png(chart.to_json(), scale=SCALE))


def compress(picture: bytes) -> bytes:
    """The same PNG with better compressed pixels: a fifth of vl-convert's size, and Prefect keeps one for each load."""
    head, pixels, at = picture[:8], b"", 8
    chunks: list[bytes] = []
    while at < len(picture):
        size = int.from_bytes(picture[at : at + 4])
        kind, content = picture[at + 4 : at + 8], picture[at + 8 : at + 8 + size]
        if kind == b"IDAT":
            pixels += content
        elif kind != b"IEND":
            chunks.append(picture[at : at + 12 + size])
        at += 12 + size
    content = zlib.compress(zlib.decompress(pixels), 9)
    body = b"IDAT" + content
    chunks += [len(content).to_bytes(4) + body + zlib.crc32(body).to_bytes(4), END]
    return head + b"".join(chunks)
