"""Reads the figures of one text, for tests."""

from typing import Any

import polars as pl

from warehouse.facts.figure_words import load_figure_words
from warehouse.facts.figures import Figures, read_figures
from warehouse.reference.rows import SEEDS


def read(language: str | None, *texts: str | None) -> Figures:
    """The figures of texts in one language, each with its number in `text`."""
    frame = pl.DataFrame({"text": texts}, schema={"text": pl.String})
    rows = frame.select(number=pl.int_range(pl.len()), language=pl.lit(language, pl.String), text="text")
    return read_figures(rows, load_figure_words(SEEDS))


def rows(language: str, text: str) -> list[dict[str, Any]]:
    """The figures of one text as dictionaries."""
    return read(language, text).figures.to_dicts()


def short(language: str, text: str) -> list[str]:
    """The figures of one text in short: `5 up_to KZT`, a range as `5..10 percent`, another reading as `(or 5000)`."""
    return [_short(row) for row in rows(language, text)]


def reasons(language: str, text: str) -> dict[str, str]:
    """The numbers kept out of one text, with the reason of each."""
    return dict(read(language, text).kept_out.select("surface", "reason").iter_rows())


def _short(row: dict[str, Any]) -> str:
    value = f"{row['value']:.15g}" + (f"..{row['value_high']:.15g}" if row["value_high"] is not None else "")
    other = f" (or {row['alternative_value']:.15g})" if row["alternative_value"] is not None else ""
    return f"{value} {row['unit_code']}{other}"
