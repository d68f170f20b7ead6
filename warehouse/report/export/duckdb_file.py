"""A copy in DuckDB's older storage, for clients that cannot open the warehouse itself.

Views become tables: what they call (`lambda x:`, macros) older versions lack. Storage is that of DuckDB 1.0, but lists
that are all NULL are written in a way that only 1.1 reads, so 1.1 is the least.
"""

from collections.abc import Sequence
from pathlib import Path

import duckdb

from warehouse.database.connection import ROW_GROUP_SIZE
from warehouse.database.sql import literal
from warehouse.report.export.tables import Table, quoted

STORAGE_VERSION, LEAST_DUCKDB = "v1.0.0", "1.1"
CATALOG = "older"


def write_duckdb(con: duckdb.DuckDBPyConnection, tables: Sequence[Table], path: Path) -> int:
    """Write each table with its words; returns how many rows they have."""
    options = f"storage_version '{STORAGE_VERSION}', row_group_size {ROW_GROUP_SIZE}, read_write"
    con.execute(f"attach {literal(path)} as {CATALOG} ({options})")
    total = 0
    try:
        for table in tables:
            place = f"{CATALOG}.main.{quoted(table.name)}"
            # Not rows.create(): that is refused on a connection that reads.
            table.rows.query("exported", f"create table {place} as from exported")
            (rows,) = con.execute(f"select count(*) from {place}").fetchone() or (0,)
            total += rows
            con.execute(f"comment on table {place} is {literal(table.words)}")
            for column in table.columns:
                con.execute(f"comment on column {place}.{quoted(column.name)} is {literal(column.words)}")
    finally:
        con.execute(f"detach {CATALOG}")
    return total
