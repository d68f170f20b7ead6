"""Days and clocks: the zone is Kazakhstan's of today on every machine, and SQL counts days as Python does."""

import os
import re
import subprocess
import sys
import zoneinfo
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from importlib.resources import files
from pathlib import Path

import duckdb
import pytest

from warehouse.clock import almaty, day_of, midnight, without_zone
from warehouse.database.sql import SQL, run_sql
from warehouse.errors import PressError
from warehouse.project import PROJECT

TICKS = (timedelta(), timedelta(microseconds=1))


@pytest.fixture
def old_zones(tmp_path: Path) -> Iterator[Path]:
    """A folder of zones from before March 2024, which Python takes for the system's."""
    (tmp_path / "Asia").mkdir()
    (tmp_path / "Asia" / "Almaty").write_bytes(files("tzdata").joinpath("zoneinfo/Etc/GMT-6").read_bytes())
    zoneinfo.reset_tzpath([tmp_path])
    zoneinfo.ZoneInfo.clear_cache()
    almaty.cache_clear()
    yield tmp_path
    zoneinfo.reset_tzpath()
    zoneinfo.ZoneInfo.clear_cache()
    almaty.cache_clear()


def moments() -> list[datetime]:
    """Moments around each change of Almaty's clocks since 2000, and the midnights beside it; UTC without zone."""
    hour = timedelta(hours=1)
    days = [datetime(2000, 1, 1, tzinfo=UTC) + timedelta(days=number) for number in range(27 * 365)]
    offsets = [day.astimezone(almaty()).utcoffset() for day in days]
    changing = [day for day, offset, after in zip(days, offsets, offsets[1:], strict=False) if offset != after]
    return [without_zone(day) + hours * hour - tick for day in changing for hours in range(-30, 55) for tick in TICKS]


def test_sql_counts_days_by_the_clocks_of_almaty_as_python_does() -> None:
    tried = moments()
    assert len(tried) == 11 * 85 * 2
    with duckdb.connect() as con:
        run_sql(con, SQL / "schema" / "macros.sql")
        days = con.execute(
            "select day_of(moment) from (select unnest($tried::timestamp[]) as moment)", {"tried": tried}
        )
        assert [day for (day,) in days.fetchall()] == [day_of(moment) for moment in tried]


@pytest.mark.parametrize("day", [date(2000, 7, 1), date(2020, 6, 15), date(2024, 2, 29), date(2025, 5, 22)])
def test_a_date_stays_a_date(day: date) -> None:
    assert day_of(datetime.combine(day, time())) == day
    with duckdb.connect() as con:
        run_sql(con, SQL / "schema" / "macros.sql")
        assert con.execute("select day_of($day::timestamp)", {"day": day}).fetchone() == (day,)


@pytest.mark.usefixtures("old_zones")
def test_old_zones_of_the_system_are_not_used() -> None:
    assert midnight(date(2025, 5, 16)).hour == 19
    assert zoneinfo.ZoneInfo("Asia/Almaty").utcoffset(datetime(2025, 5, 16, tzinfo=UTC)) == timedelta(hours=6)


def test_nor_are_they_by_the_schedules_of_flows_and_their_children(old_zones: Path) -> None:
    code = """
import os
import flows
from datetime import datetime
from zoneinfo import ZoneInfo
print(datetime(2025, 5, 16, tzinfo=ZoneInfo("Asia/Almaty")).utcoffset(), repr(os.environ["PYTHONTZPATH"]))
"""
    environ = {**os.environ, "PYTHONTZPATH": str(old_zones)}
    done = subprocess.run([sys.executable, "-c", code], env=environ, cwd=PROJECT, capture_output=True, check=True)
    assert done.stdout == b"5:00:00 ''\n"


def test_old_zones_of_the_package_are_refused(old_zones: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = old_zones / "tzdata"
    (package / "zoneinfo" / "Asia").mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "zoneinfo" / "Asia" / "Almaty").write_bytes((old_zones / "Asia" / "Almaty").read_bytes())
    monkeypatch.syspath_prepend(old_zones)
    monkeypatch.delitem(sys.modules, "tzdata", raising=False)
    with pytest.raises(PressError, match=r"at UTC\+6 after March 2024: install tzdata 2024\.1 or newer\."):
        almaty()


def test_nothing_else_knows_a_zone() -> None:
    """Neither DuckDB's zones nor those of Polars, which may be older, or other: all days come from `day_of`."""
    knows = re.compile(
        r"ZoneInfo\(|convert_time_zone|replace_time_zone|\btimezone\(|at time zone|timestamptz", re.IGNORECASE
    )
    sources = [*(PROJECT / "warehouse").rglob("*.py"), *(PROJECT / "flows").rglob("*.py"), *SQL.rglob("*.sql")]
    assert [path.name for path in sources if knows.search(path.read_text(encoding="utf-8"))] == []


def test_no_day_is_cut_from_a_moment_in_utc() -> None:
    moment = re.compile(r"(?:_at|as_of|valid_(?:from|to)|moment)::date|date_trunc\('day'", re.IGNORECASE)
    assert [path.name for path in SQL.rglob("*.sql") if moment.search(path.read_text(encoding="utf-8"))] == []
