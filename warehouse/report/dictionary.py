"""The data dictionary: every table and view with its columns, from the comments in the schema."""

import duckdb

from warehouse.database.schema import make_schema
from warehouse.database.sql import rows


def dictionary() -> str:
    """The dictionary as Markdown: facts first, then dimensions, marts, and the tables they rest on."""
    with duckdb.connect() as con:
        make_schema(con)
        objects = rows(
            con.sql(
                """
                select table_name as name, comment, 'table' as kind from duckdb_tables() where not internal
                union all
                select view_name as name, comment, 'view' as kind from duckdb_views() where not internal
                """
            )
        )
        columns = rows(
            con.sql(
                """
                select table_name as name, column_name, data_type, comment from duckdb_columns()
                where not internal order by table_name, column_index
                """
            )
        )
    lines = ["# Data dictionary", "", "Written by `press dictionary` from the comments in `sql/`; do not edit it.", ""]
    lines += ["| name | | what it holds |", "|---|---|---|"]
    ordered = sorted(objects, key=lambda row: (_rank(row["name"]), row["name"]))
    lines += [f"| {_link(row['name'])} | {row['kind']} | {_cell(row['comment'])} |" for row in ordered]
    for row in ordered:
        lines += ["", f"## {row['name']}", "", row["comment"] or "", ""]
        lines += ["| column | type | what it holds |", "|---|---|---|"]
        lines += [
            f"| `{column['column_name']}` | {column['data_type'].lower()} | {_cell(column['comment'])} |"
            for column in columns
            if column["name"] == row["name"]
        ]
    return "\n".join(lines) + "\n"


def _rank(name: str) -> int:
    order = ("fact_", "dim_", "mart_")
    return next((rank for rank, prefix in enumerate(order) if name.startswith(prefix)), len(order))


def _link(name: str) -> str:
    return f"[{name}](#{name})"


def _cell(comment: str | None) -> str:
    return (comment or "").replace("|", "\\|")
