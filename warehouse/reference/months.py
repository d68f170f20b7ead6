"""Months by the forms of their names, from `seeds/months.csv`."""

import polars as pl


def month_numbers(months: pl.DataFrame) -> dict[str, int]:
    """The number of the month, 1 to 12, by each form of its name in small letters."""
    return {form.lower(): int(month) for month, form in months.select("month", "form").iter_rows()}
