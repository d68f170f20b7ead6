"""Peer: dlt merges Arrow tables of listings into a staging schema of DuckDB, dbt builds the star."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import dlt
import pyarrow as pa
from dbt.cli.main import dbtRunner

from arguments import read_arguments
from parse import parse_file

BATCH = 20_000
PROJECT = Path(__file__).parent / "dbt_star"
LISTING = pa.schema(
    [
        pa.field("listing_key", pa.string(), nullable=False),
        ("release_code", pa.string()),
        ("text_key", pa.string()),
        ("slug", pa.string()),
        ("section", pa.string()),
        ("language", pa.string()),
        ("listed", pa.date32()),
        ("title", pa.string()),
        ("body", pa.string()),
        ("content_sha256", pa.string()),
        ("word_count", pa.int64()),
        ("url", pa.string()),
        ("url_language", pa.string()),
        ("source_file", pa.string()),
        ("position", pa.int64()),
        ("title_language", pa.string()),
        ("body_language", pa.string()),
        ("body_clean", pa.string()),
        ("lookalike_words", pa.string()),
        ("event_place", pa.string()),
        ("event_date", pa.date32()),
    ]
)


@dlt.resource(name="listing", primary_key="listing_key", write_disposition="merge")
def listings(digests: list[Path]) -> Iterator[pa.Table]:
    """Yield Arrow tables of up to 20,000 listings."""
    rows = (listing for path in digests for listing in parse_file(path))
    while batch := list(islice(rows, BATCH)):
        yield pa.Table.from_pylist(batch, schema=LISTING)


def main() -> None:
    """Merge the listings, then run the dbt project on the same file."""
    arguments = read_arguments(__doc__ or "")
    state = f"{arguments.warehouse}.state"
    pipeline = dlt.pipeline(
        "digests",
        pipelines_dir=state,
        destination=dlt.destinations.duckdb(str(arguments.warehouse)),
        dataset_name="staging",
    )
    pipeline.run(listings(arguments.digests)).raise_on_failed_jobs()
    os.environ["BENCH_WAREHOUSE"] = str(arguments.warehouse)
    directories = ["--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT), "--target-path", state]
    variables = ["--vars", f"{{as_of: '{arguments.as_of}'}}", "--log-path", state, "--quiet"]
    outcome = dbtRunner().invoke(["run", *directories, *variables])
    if not outcome.success:
        raise SystemExit(f"dbt run failed: {outcome.exception or outcome.result}")


if __name__ == "__main__":
    main()
