"""Days by Kazakhstan's clock, and the nearest ones with releases."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import duckdb

from warehouse.clock import YEARS, day_of, midnight
from warehouse.database.sql import SQL, rows, run_sql


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the calendar: `begins_at` and `ends_at` are its ends by Kazakhstan's clock, in UTC, half-open."""

    date: date

    @property
    def date_key(self) -> int:
        """YYYYMMDD as an integer, as in `dim_date`."""
        return self.date.year * 10000 + self.date.month * 100 + self.date.day

    @property
    def begins_at(self) -> datetime:
        """Midnight at its beginning (UTC, without zone)."""
        return midnight(self.date)

    @property
    def ends_at(self) -> datetime:
        """Midnight at its end (UTC, without zone)."""
        return midnight(self.date + timedelta(days=1))

    def parameters(self) -> dict[str, object]:
        """The parameters of questions about a day."""
        return {"day": self.date, "date_key": self.date_key, "begins_at": self.begins_at, "ends_at": self.ends_at}


@dataclass(frozen=True, slots=True)
class Nearest:
    """The nearest days with releases before and after a day, and the first of all; None where there is none."""

    before: date | None
    after: date | None
    first: date | None


def nearest(con: duckdb.DuckDBPyConnection, day: date) -> Nearest:
    """The days with releases that are nearest to a day."""
    (row,) = rows(run_sql(con, SQL / "report" / "brief" / "nearest_days.sql", Day(day).parameters()))
    return Nearest(_choose(row, "before", max), _choose(row, "after", min), _choose(row, "first", min))


def latest(con: duckdb.DuckDBPyConnection, before: date | None = None) -> date | None:
    """The latest day with releases, before a day if one is given; None where there is none."""
    return nearest(con, before or date(YEARS[-1], 12, 31)).before


def _choose(row: Mapping[str, Any], which: str, choose: Any) -> date | None:
    """The nearer of the day by digests and the day of a moment."""
    key, moment = row[f"listed_{which}"], row[f"moment_{which}"]
    days = [date(key // 10000, key // 100 % 100, key % 100)] if key else []
    nearer: date | None = choose([*days, *([day_of(moment)] if moment else [])], default=None)
    return nearer
