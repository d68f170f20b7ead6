"""Everything in the brief of a day, read from the warehouse.

Each file of `sql/report/brief/` is one question about `$day`. It reads the temporary tables `brief_day` (the day and
the `DAYS_BEFORE` before it) and `brief_release`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import duckdb

from warehouse.check.checks import CheckResult, run_checks, scope_touched
from warehouse.check.outcomes import sentences
from warehouse.clock import YEARS, midnight
from warehouse.database.sql import SQL, rows, run_sql
from warehouse.errors import cut
from warehouse.report.brief.quote import abbreviations, quotation
from warehouse.settings import Settings

FOLDER = SQL / "report" / "brief"
DAYS_BEFORE = 28
"""How many earlier days show what is usual."""

MOST_ROWS = 100
"""How many rows of an answer a brief has; `press query` gives the rest."""
MOST_RELEASES = 200
"""How many releases it has, with how their texts begin."""

LONGEST_TITLE = 400
"""Characters of a title, a name or a message in the brief; a line of a digest can be of any length."""

NOT_SHOWN = ("url", "excerpt")
"""Columns that are not shown as they are: a link leads to the one, and a quotation is cut out of the other."""

FOLDERS = re.compile(r"(?<![\w:/])/(?:[^\s/:]+/)+(?=[^\s/:])")
"""The folders of an absolute path: readers of a brief know no machine."""

QUESTIONS = {
    "totals": "",
    "days": "",
    "publishers": "",
    "regions": "",
    "languages": "",
    "releases": "",
    "figures": "the largest figures announced",
    "people": "the people named",
    "events": "",
    "edits": "",
    "vanished": "",
    "missing_bodies": "",
    "silent_publishers": "",
    "new_publishers": "",
    "digests": "",
    "rejected": "",
    "loads": "",
    "standing_checks": "since when a check fails",
}
"""The questions, each a file of `sql/report/brief/`, with words for those whose tables or columns a warehouse may lack:
they are skipped then, and the brief says so."""

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Nearest:
    """The nearest days with releases before and after a day, and the first of all; None where there is none."""

    before: date | None
    after: date | None
    first: date | None


@dataclass(frozen=True, slots=True)
class Brief:
    """The brief of a day.

    `answers` has the rows of each question of `QUESTIONS` that the warehouse could answer. A row with an excerpt of a
    text has `quote`, a `Quotation` or None. `absent` names in words what the warehouse lacks.
    """

    day: date
    is_latest: bool
    near: Nearest
    answers: Mapping[str, Sequence[Row]]
    absent: Sequence[str]
    checks: Sequence[CheckResult]

    @property
    def totals(self) -> Row:
        """The one row of the question `totals`."""
        return self.answers["totals"][0]


def gather(con: duckdb.DuckDBPyConnection, settings: Settings, day: date, *, is_latest: bool = False) -> Brief:
    """Ask every question about a day. `con` may be read-only: only temporary tables are made.

    `is_latest` is set where the day is the default. Raises UsageError when a reference file cannot be read.
    """
    known = abbreviations(settings.seeds)
    _scope(con, day)
    answers: dict[str, list[Row]] = {}
    absent: list[str] = []
    for name, in_words in QUESTIONS.items():
        most = MOST_RELEASES if name == "releases" else MOST_ROWS
        try:
            answers[name] = rows(run_sql(con, FOLDER / f"{name}.sql", {**_of_day(day), "shown": most}))
        except (duckdb.CatalogException, duckdb.BinderException):
            if not in_words:
                raise
            absent.append(in_words)
    looks_for = sentences()
    for row in answers.get("standing_checks", []):
        row["sentence"] = looks_for.get(row["check_name"], row["check_name"])
    answers = {name: [_bound(row) for row in answer] for name, answer in answers.items()}
    for row in _rows_with_excerpt(answers):
        row["quote"] = quotation(row, known)
    return Brief(day, is_latest, _nearest(con, day), answers, absent, run_checks(con))


def latest(con: duckdb.DuckDBPyConnection, before: date | None = None) -> date | None:
    """The latest day with releases, before a day if one is given; None where there is none."""
    return _nearest(con, before or date(YEARS[-1], 12, 31)).before


def _nearest(con: duckdb.DuckDBPyConnection, day: date) -> Nearest:
    (row,) = rows(run_sql(con, FOLDER / "nearest_days.sql", {"day": day}))
    return Nearest(**row)


def _of_day(day: date) -> dict[str, object]:
    """The parameters of questions about a day; its ends are by Kazakhstan's clock, in UTC without zone, half-open."""
    ends_at = midnight(day + timedelta(days=1))
    return {"day": day, "date_key": int(f"{day:%Y%m%d}"), "begins_at": midnight(day), "ends_at": ends_at}


def _scope(con: duckdb.DuckDBPyConnection, day: date) -> None:
    """Make the tables that questions and checks read: days, their releases, and the digests that list the day."""
    days = [_of_day(day - timedelta(days=number)) for number in range(DAYS_BEFORE, -1, -1)]
    con.execute(
        "create or replace temp table brief_day (date date, date_key integer, begins_at timestamp, ends_at timestamp)"
    )
    con.executemany("insert into brief_day values ($day, $date_key, $begins_at, $ends_at)", days)
    run_sql(con, FOLDER / "brief_release.sql")
    con.execute(
        "create or replace temp table scope_release as select release_key from brief_release where date = $day",
        {"day": day},
    )
    con.execute(
        """
        create or replace temp table scope_file as
        select distinct source_file_key from fact_listing where listed_date_key = $date_key
        """,
        {"date_key": days[-1]["date_key"]},
    )
    scope_touched(con)


def _bound(value: Any, name: str = "") -> Any:
    """A row with no text in it that is longer than a person reads, nor with the folders of a machine."""
    if isinstance(value, dict):
        return {key: _bound(each, key) for key, each in value.items()}
    if isinstance(value, list):
        return [_bound(each, name) for each in value]
    if not isinstance(value, str) or name in NOT_SHOWN:
        return value
    return cut(FOLDERS.sub("", value) if name in ("message", "detail") else value, LONGEST_TITLE)


def _rows_with_excerpt(answers: Mapping[str, Sequence[Row]]) -> list[Row]:
    """The rows that have an excerpt of a text, also those nested in rows."""
    with_excerpt = [row for answer in answers.values() for row in answer if "excerpt" in row]
    for edit in answers["edits"]:
        # A change has no language of its own: it is that of the title or the body.
        for change in edit["changes"]:
            change["body_language"] = edit["title_language" if change["part"] == "title" else "body_language"]
            with_excerpt.append(change)
    return with_excerpt
