"""Peer: dlt merges listings yielded as dicts into a staging schema of DuckDB, plain SQL builds the star.

The files dlt loads are Parquet, as its performance guide advises: its default is a third slower here.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import dlt
import duckdb

from arguments import read_arguments
from parse import Listing, parse_file

PAGE = 1_000
STAR = Path(__file__).parent / "star.sql"


@dlt.resource(name="listing", primary_key="listing_key", write_disposition="merge")
def listings(digests: list[Path]) -> Iterator[list[Listing]]:
    """Yield pages of 1,000 dicts, one a listing: dlt asks for pages rather than single dicts."""
    rows = (listing for path in digests for listing in parse_file(path))
    while page := list(islice(rows, PAGE)):
        yield page


def main() -> None:
    """Merge the listings, then run the star's statements in one transaction."""
    arguments = read_arguments(__doc__ or "")
    pipeline = dlt.pipeline(
        "digests",
        pipelines_dir=f"{arguments.warehouse}.state",
        destination=dlt.destinations.duckdb(str(arguments.warehouse)),
        dataset_name="staging",
    )
    pipeline.run(listings(arguments.digests), loader_file_format="parquet").raise_on_failed_jobs()
    statements = STAR.read_text(encoding="utf-8").replace("{as_of}", arguments.as_of)
    with duckdb.connect(str(arguments.warehouse)) as con:
        con.execute(f"begin; {statements} commit;")


if __name__ == "__main__":
    main()
