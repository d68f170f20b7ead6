"""The public holidays of Kazakhstan, from `seeds/calendar/holidays.csv`.

`make holidays` writes that file by the library `holidays`, which takes longer to import than a small load takes.
"""

import polars as pl

from warehouse.reference.rows import SEEDS
from warehouse.reference.table import read_table

HOLIDAYS = SEEDS / "calendar" / "holidays.csv"
YEARS = range(1920, 2102)
"""The years of which the file has the holidays: those that any date in use may lie in."""


def load_holidays(first_year: int, last_year: int) -> pl.DataFrame:
    """The holidays of these years and those between: date (Date) and name in English (String)."""
    rows = [cells for _, cells in read_table(HOLIDAYS, ("date", "name")).rows]
    holidays = pl.DataFrame(rows, schema={"date": pl.String, "name": pl.String}, orient="row")
    date = pl.col("date").str.to_date("%Y-%m-%d")
    return holidays.select(date, "name").filter(pl.col("date").dt.year().is_between(first_year, last_year))
