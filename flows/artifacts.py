"""The artifacts of the flows in the Prefect UI, under fixed keys, so that each has a history.

Text from digests and pages is escaped, and nothing is longer than a person reads: a table has the first `MOST_ROWS`
rows, and its description says how many are left out. What was found comes first, because the UI cuts wide tables off at
the right. Artifacts about a warehouse (`freshness`, `coverage`) are read from its published copy.
"""

import base64
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import duckdb
from prefect import get_run_logger
from prefect.artifacts import create_image_artifact, create_markdown_artifact, create_table_artifact

from warehouse.check.thresholds import format_value
from warehouse.clock import day_and_time, day_in_words, in_almaty
from warehouse.database.connection import reading
from warehouse.database.sql import SQL, rows, run_sql
from warehouse.errors import PressError, first_line
from warehouse.portal.exchange import OUTCOMES
from warehouse.portal.visits.tally import Tally
from warehouse.report.coverage import coverage, png
from warehouse.report.summary import Headline, markdown
from warehouse.report.text import (
    LONGEST_MESSAGE,
    count,
    markdown_link,
    markdown_table,
    markdown_text,
    message,
    release_url,
)
from warehouse.runs.load_run import LoadRun
from warehouse.settings import Settings

T = TypeVar("T")

MOST_RELEASES = 30
"""How many new releases a summary links to."""

MOST_ROWS = 100
"""How many rows a table has."""

LATE_AFTER = 1.5
"""A source is late when it is silent for so many times its long gaps."""


def of_run(load_run: LoadRun, settings: Settings, line: Headline) -> None:
    """Write `ingest-summary` or `refetch-summary`, `quality-checks`, and after a load those about the warehouse."""
    summary, description = markdown(load_run), markdown_link(line.sentence, longest=LONGEST_MESSAGE)
    is_loaded = load_run.status == "loaded"
    if load_run.kind == "ingest":
        if is_loaded:
            summary += _read_published(settings, lambda con: new_releases(con, load_run.as_of)) or ""
        create_markdown_artifact(key="ingest-summary", markdown=summary, description=description)
        if is_loaded or load_run.refusals or load_run.rejects:
            _rejects(load_run)
    else:
        create_markdown_artifact(key="refetch-summary", markdown=summary, description=description)
        _outcomes(load_run.tally or Tally(), description)
    of_quality(load_run)
    if is_loaded:
        of_warehouse(settings, load_run.as_of)


def _rejects(load_run: LoadRun) -> None:
    """Write `rejected-records`: the refused files, then the records."""
    refusals = list(load_run.refusals.items())[:MOST_ROWS]
    rows: list[dict[str, Any]] = [
        {
            "reason": "refused",
            "detail": markdown_text(why.replace(path, Path(path).name, 1)),
            "digest": markdown_text(Path(path).name),
            "line": "",
        }
        for path, why in refusals
    ]
    rows += [
        {
            "reason": reject["reason"],
            "detail": markdown_text(reject["detail"]),
            "digest": markdown_text(Path(str(reject["path"])).name),
            "line": reject["line_no"],
            "raw": markdown_text(reject["raw"]),
            "bytes": f"{reject['byte_start']}–{reject['byte_end']}",
            "path": markdown_text(reject["path"]),
        }
        for reject in load_run.rejects[: MOST_ROWS - len(refusals)]
    ]
    sentence = f"{count(load_run.rejected, 'record')} rejected"
    if refusals:
        sentence += f", {count(len(load_run.refusals), 'file')} refused"
    _create_table(
        key="rejected-records",
        rows=rows or [{"reason": "none", "detail": "Nothing was rejected."}],
        description=sentence,
        left=load_run.rejected + len(load_run.refusals) - len(rows),
    )


def _create_table(key: str, rows: Sequence[dict[str, Any]], description: str, left: int = 0) -> None:
    """Write a table of the first `MOST_ROWS` rows; `left` is how many more there are than `rows`."""
    left += max(len(rows) - MOST_ROWS, 0)
    more = f"; {left:,} more not shown" if left else ""
    create_table_artifact(key=key, table=list(rows[:MOST_ROWS]), description=description + more)


def _outcomes(tally: Tally, description: str) -> None:
    """Write `refetch-outcomes`: how the portal answered, the slowest answers, refusals, and what is left."""
    rows: list[tuple[str, str, object, str]] = [
        ("outcome", name, tally.outcomes[name], meaning) for name, meaning in OUTCOMES.items() if name in tally.outcomes
    ]
    rows += [
        ("slowest answer", markdown_text(page), round(seconds, 2), f"seconds, {outcome}")
        for seconds, page, outcome in tally.slowest
    ]
    rows += [("refused route", route, "", markdown_text(reason)) for route, reason in tally.refusing.items()]
    rows.append(("left for the next run", "pages", tally.left, ""))
    _create_table(
        key="refetch-outcomes",
        rows=[dict(zip(("what", "name", "count", "meaning"), row, strict=True)) for row in rows],
        description=description,
    )


def of_quality(load_run: LoadRun) -> None:
    """Write `quality-checks`: every check and observation, its last result, and since when; failing ones first."""
    if not load_run.states:
        return
    _create_table(
        key="quality-checks",
        rows=[
            {
                "result": "FAILING" if state.outcome == "failing" else state.outcome,
                "found": markdown_text(state.detail),
                "since (Almaty)": f"{in_almaty(state.since):%-d %b %Y %H:%M}",
                "check": state.name,
                "rows": state.offending,
                "looks for": state.sentence,
            }
            for state in load_run.states
        ],
        description=f"{_names(load_run, 'failing')} failing, {_names(load_run, 'warned')} with a warning, "
        f"{len(_of_outcome(load_run, 'passed'))} passed; as of {day_and_time(load_run.as_of)}",
    )


def _of_outcome(load_run: LoadRun, outcome: str) -> list[str]:
    return [state.name for state in load_run.states if state.outcome == outcome]


def _names(load_run: LoadRun, outcome: str) -> str:
    """How many checks have the outcome, and which: “1 (silent_source)”."""
    names = _of_outcome(load_run, outcome)
    return f"{len(names)} ({markdown_text(', '.join(names))})" if names else "0"


def of_warehouse(settings: Settings, as_of: datetime) -> None:
    """Write `freshness` and `coverage`, from the published copy."""
    of_freshness(settings, as_of)
    data = _read_published(settings, lambda con: coverage(con, as_of))
    if data is not None:
        picture = base64.b64encode(png(data)).decode()
        words = markdown_link(data.words, longest=LONGEST_MESSAGE)
        create_image_artifact(image_url=f"data:image/png;base64,{picture}", key="coverage", description=words)


def of_freshness(settings: Settings, as_of: datetime) -> None:
    """Write `freshness`, from the published copy."""
    _read_published(settings, lambda con: _freshness(con, as_of))


def _read_published(settings: Settings, read: Callable[[duckdb.DuckDBPyConnection], T]) -> T | None:
    """Read the published copy; None with a warning where it cannot be read, so that a load does not fail for that."""
    try:
        with reading(settings.published) as con:
            return read(con)
    except (PressError, duckdb.Error) as error:
        get_run_logger().warning("%s cannot be shown: %s", settings.published, message(first_line(error)))
        return None


def _freshness(con: duckdb.DuckDBPyConnection, as_of: datetime) -> None:
    sources = rows(run_sql(con, SQL / "report" / "freshness.sql", {"as_of": as_of}))
    table = [
        {
            "result": _freshness_result(row),
            "source": row["what"],
            "name": markdown_text(row["name"]),
            "last heard of": day_and_time(row["last_at"])
            if row["what"] != "publisher"
            else day_in_words(row["last_at"]),
            "age": format_value(row["age"], "hours"),
            "usually every": "not known yet" if row["usual_gap"] is None else format_value(row["usual_gap"], "hours"),
            "times": row["times"],
        }
        for row in sources
    ]
    table.sort(key=lambda row: row["result"] != "LATE")
    late = sum(row["result"] == "LATE" for row in table)
    _create_table(
        key="freshness",
        rows=table or [{"source": "none", "name": "Nothing was delivered yet."}],
        description=f"{late:,} of {len(table):,} late (sources and publishers); as of {day_and_time(as_of)}",
    )


def _freshness_result(row: dict[str, Any]) -> str:
    if row["long_gap"] is None:
        return "not known yet"
    return "LATE" if row["age"] > max(LATE_AFTER * row["long_gap"], 48) else "as usual"


def new_releases(con: duckdb.DuckDBPyConnection, as_of: datetime) -> str:
    """A section of Markdown with links to the releases that the load of `as_of` brought; empty without any."""
    releases = rows(run_sql(con, SQL / "report" / "new_releases.sql", {"as_of": as_of, "shown": MOST_RELEASES}))
    if not releases:
        return ""
    cells = [
        (
            markdown_link(row["title"], release_url(row["url"])),
            markdown_text(row["publisher"]),
            "yes" if row["has_body"] else "no",
        )
        for row in releases
    ]
    lines = ["", "## New releases", "", *markdown_table(("release", "publisher", "body"), cells)]
    if left := releases[0]["in_all"] - len(releases):
        lines += ["", f"{left:,} more not shown."]
    return "\n".join([*lines, ""])
