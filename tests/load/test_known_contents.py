"""Which contents the warehouse has: both ways to ask give the same answer."""

from pathlib import Path

import polars as pl

from tests.desk.warehouse import Desk
from warehouse.database.connection import open_to_write
from warehouse.load.known_contents import knower_of_all, known_contents


def test_both_ways_to_ask_name_the_listed_contents_that_the_warehouse_has(seeded: Desk, tmp_path: Path) -> None:
    staged = tmp_path / "listing.parquet"
    with open_to_write(seeded.settings) as con:
        stored = con.execute("select release_key, content_key from text_content order by all limit 5").fetchall()
        unknown = [(release, content + 1) for release, content in stored] + [(1, 1), (2**63 - 1, 2**63 - 1)]
        rows = pl.DataFrame(stored + unknown, schema=["release_key", "content_key"], orient="row")
        rows.sample(fraction=1, shuffle=True, seed=1).write_parquet(staged)
        known = sorted(content for _, content in stored)
        assert sorted(known_contents(con, staged)) == known
        assert sorted(knower_of_all(con, tmp_path)(staged)) == known


def test_an_empty_warehouse_has_no_content(desk: Desk, tmp_path: Path) -> None:
    staged = tmp_path / "listing.parquet"
    pl.DataFrame({"release_key": [997844], "content_key": [1]}).write_parquet(staged)
    desk.settings.home.mkdir()
    with open_to_write(desk.settings) as con:
        assert known_contents(con, staged) == knower_of_all(con, tmp_path)(staged) == []
