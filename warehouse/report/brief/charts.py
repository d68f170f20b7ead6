"""Charts as SVG that follow the page's colours, fonts and dark mode, drawn by Altair without a browser.

Colours are CSS variables of the page and fonts its own, so one drawing serves light, dark and print. A screen reader
reads only the label of a chart: the page has the same numbers in a table.
"""

import html
import re
from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from warehouse.clock import day_and_month
from warehouse.report.text import one_line

WIDTH = 400
"""Pixels across: text of `FONT_SIZE` stays readable on a phone of 360."""
FONT_SIZE = 12.5
BARS = 12
"""How many publishers have a bar: the busiest; the table has all."""
ROW = 36
"""Pixels from one publisher's bar to the next, with its name above the bar."""
DAYS_HEIGHT = 110
FEWEST_DAYS = 4
"""Fewer days with releases get no chart."""

WITH_BODY, TITLE_ONLY = "with a body", "title only"

ROOT = re.compile(r"<svg[^>]*>")
VIEW = re.compile(r' viewBox="([^"]*)"')
ROLES = re.compile(r' (?:role|aria-[a-z]+|pointer-events)="[^"]*"')


def publishers_chart(publishers: Sequence[Mapping[str, Any]]) -> Markup | None:
    """Releases by publisher, a bar for each of the first `BARS`, in two colours: with a body and without."""
    if not publishers:
        return None
    # Imported here, because it takes as long as the rest of a brief.
    import altair as alt

    bars = [(one_line(row["publisher"]), row["with_body"], row["releases"]) for row in publishers[:BARS]]
    values = [
        {"place": place, "name": f"{name}  {releases:,}", "part": part, "releases": number, "order": order}
        for place, (name, with_body, releases) in enumerate(bars)
        for order, (part, number) in enumerate([(WITH_BODY, with_body), (TITLE_ONLY, releases - with_body)])
    ]
    place = alt.Y("place:O", axis=None, scale=alt.Scale(paddingInner=0, paddingOuter=0))
    color = alt.Color(
        "part:N",
        scale=alt.Scale(domain=[WITH_BODY, TITLE_ONLY], range=["var(--mark)", "var(--mark-soft)"]),
        legend=alt.Legend(title=None, orient="top", symbolType="square", offset=12),
    )
    of_data = alt.Chart(alt.InlineData(values))
    bars_by_part = of_data.mark_bar(height=11, yOffset=9).encode(
        y=place, x=alt.X("releases:Q", axis=None), color=color, order="order:O"
    )
    names = (
        of_data.transform_filter("datum.order == 0")
        .mark_text(align="left", baseline="middle", fill="currentColor", fontSize=FONT_SIZE, limit=WIDTH, dy=-6)
        .encode(y=place, x=alt.value(0), text="name:N")
    )
    first = ", ".join(f"{row['publisher']} {row['releases']:,}" for row in publishers[:3])
    label = f"Bar chart of releases by publisher, the most first: {first}. The table below has all."
    return _svg((bars_by_part + names).properties(width=WIDTH, height=ROW * len(bars)), label)


def days_chart(days: Sequence[Mapping[str, Any]]) -> Markup | None:
    """Releases by day, the last day in another colour; None where there are too few days with any."""
    if sum(row["releases"] > 0 for row in days) < FEWEST_DAYS:
        return None
    import altair as alt

    values = [
        {
            "day": f"{row['date']}",
            "name": day_and_month(row["date"]),
            "releases": row["releases"],
            "last": row is days[-1],
        }
        for row in days
    ]
    weekly = [str(row["date"]) for row in days[-1::-7]]
    names = {value["day"]: value["name"] for value in values}
    across = alt.X(
        "day:O",
        scale=alt.Scale(paddingInner=0.25, paddingOuter=0),
        axis=alt.Axis(
            values=weekly,
            labelExpr=f"{names}[datum.value]",
            labelAngle=0,
            title=None,
            domainColor="var(--rule)",
            ticks=False,
            labelPadding=6,
            labelAlign="right",
            labelOffset=8,
        ),
    )
    up = alt.Y(
        "releases:Q",
        axis=alt.Axis(title=None, tickCount=3, tickMinStep=1, domain=False, ticks=False, gridColor="var(--rule)"),
    )
    color = alt.condition("datum.last", alt.value("var(--mark)"), alt.value("var(--mark-soft)"))
    chart = alt.Chart(alt.InlineData(values)).mark_bar().encode(x=across, y=up, color=color)
    most, first, last = max(days, key=lambda row: (row["releases"], row["date"])), days[0], days[-1]
    label = (
        f"Bar chart of releases by day from {day_and_month(first['date'])} to {day_and_month(last['date'])}: "
        f"{last['releases']:,} on the last day, at most {most['releases']:,} on {day_and_month(most['date'])}."
    )
    return _svg(chart.properties(width=WIDTH, height=DAYS_HEIGHT), label)


def _svg(chart: Any, label: str) -> Markup:
    """The chart as SVG that scales, is one image to a screen reader, and fits any background."""
    import vl_convert

    spec = chart.configure(
        aria=False,
        background="transparent",
        font="inherit",
        padding=2,
        view={"stroke": None},
        axis={"labelColor": "currentColor", "labelFontSize": FONT_SIZE},
        legend={"labelColor": "currentColor", "labelFontSize": FONT_SIZE, "labelLimit": 0},
    ).to_dict()
    # No address is allowed, so nothing can be fetched, whatever the data says.
    svg: str = vl_convert.vegalite_to_svg(spec, allowed_base_urls=[])
    view = VIEW.search(svg)
    assert view is not None
    root = f'<svg class="chart" viewBox="{view[1]}" role="img" aria-label="{html.escape(one_line(label))}">'
    # Vega escapes what stands in its texts.
    return Markup(root + ROLES.sub("", ROOT.sub("", svg, count=1)))  # noqa: S704
