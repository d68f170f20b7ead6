"""Which contents the warehouse has, so that only new texts are normalised."""

from collections.abc import Callable
from pathlib import Path

import duckdb
import polars as pl

from warehouse.database.connection import CATALOG
from warehouse.database.sql import literal, literal_files


def known_contents(con: duckdb.DuckDBPyConnection, staged: Path) -> list[int]:
    """The keys of the contents that the warehouse has, of those that a staged file of listings names.

    They are looked up by their releases too: where these lie together, little of the table is read.
    """
    known = con.execute(
        f"select content_key from text_content semi join read_parquet({literal_files([staged])}) as listed "
        "using (release_key, content_key)"
    )
    return [content for (content,) in known.fetchall()]


def knower_of_all(con: duckdb.DuckDBPyConnection, folder: Path) -> Callable[[Path], list[int]]:
    """What answers as `known_contents` does, for many files: it reads the keys of all contents when it is first asked.

    They are written to `folder` for that. Another thread may ask, for the connection is left alone.
    """
    keys: pl.Series | None = None

    def known(staged: Path) -> list[int]:
        nonlocal keys
        if keys is None:
            path = folder / "known.parquet"
            con.cursor().execute(
                f"copy (select content_key from {CATALOG}.text_content) to {literal(path)} (format parquet)"
            )
            keys = pl.read_parquet(path, glob=False)["content_key"].sort()
        if keys.is_empty():
            return []
        listed = pl.read_parquet(staged, columns=["content_key"], glob=False)["content_key"]
        nearest = keys.gather(keys.search_sorted(listed).clip(0, len(keys) - 1))
        return listed.filter(nearest == listed).to_list()

    return known
