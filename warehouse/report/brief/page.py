"""The page of HTML: one file that loads nothing.

It has no script and no address to load from, and a policy (CSP) that forbids both. Jinja escapes every value after
`one_line` has replaced what would act on a reader's screen.
"""

import base64
import hashlib
from collections.abc import Sequence
from functools import cache
from itertools import groupby
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from warehouse.clock import day_and_month, weekday_and_day
from warehouse.report.brief import words
from warehouse.report.brief.charts import BARS, days_chart, publishers_chart
from warehouse.report.brief.gather import DAYS_BEFORE, Brief, Row
from warehouse.report.brief.tiles import Tile, tiles
from warehouse.report.text import count, one_line, release_url

TEMPLATES = Path(__file__).parent / "template"

LANGUAGES = ("kk", "ru", "en")
"""Codes of languages that the page names; texts in others are marked as undetermined."""


def page(brief: Brief, seeds: Path) -> str:
    """The page of a brief. Raises UsageError when the map of regions cannot be read."""
    css = (TEMPLATES / "brief.css").read_text(encoding="utf-8")
    answers = brief.answers
    releases = [(key, list(rows)) for key, rows in groupby(answers["releases"], key=lambda row: row["publisher_key"])]
    anchors = {key: f"publisher-{number}" for number, (key, _) in enumerate(releases, 1)}
    map_ = tiles(seeds, answers["regions"])
    days = [day for day in answers["days"] if brief.near.first and day["date"] >= brief.near.first]
    return (
        environment()
        .get_template("brief.html")
        .render(
            **answers,
            brief=brief,
            # A policy that names the style by its hash allows this one and no other.
            css=Markup(css),  # noqa: S704
            css_hash=base64.b64encode(hashlib.sha256(css.encode()).digest()).decode(),
            publishers_chart=publishers_chart(answers["publishers"]),
            days_chart=days_chart(days),
            map=map_,
            columns=max((tile.column for tile in map_), default=1),
            lines=max((tile.row for tile in map_), default=1),
            groups=releases,
            anchors=anchors,
            bars=BARS,
            days_before=DAYS_BEFORE,
        )
        + "\n"
    )


@cache
def environment() -> Environment:
    """The templates of page and Markdown, with what both call."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalize,
    )
    environment.globals |= {
        "words": words,
        "count": count,
        "weekday_and_day": weekday_and_day,
        "day_and_month": day_and_month,
        "release_url": release_url,
        "language": _language,
        "map_in_words": _map_in_words,
    }
    environment.filters["number"] = words.figure
    return environment


def _finalize(value: object) -> object:
    """Make a value harmless on its way into the page; Markup is our own."""
    return one_line(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _language(code: str | None) -> str:
    return code if code in LANGUAGES else "und"


def _map_in_words(map_: Sequence[Tile], regions: Sequence[Row]) -> str:
    """The map in words."""
    regions_with_some = [
        f"{row['region']} {row['releases']:,}" for row in regions if row["iso_code"] and row["releases"]
    ]
    none = sum(not tile.releases for tile in map_)
    sentence = (
        f"Releases by region: {words.enumerate_words(regions_with_some)}"
        if regions_with_some
        else "No region has a release"
    )
    return f"{sentence}. {count(none, 'region has', 'regions have')} none."
