"""The data dictionary says what every table and column holds, and is as the schema is."""

import duckdb
import pytest

from warehouse.database.schema import MARTS, SCHEMA, make_schema
from warehouse.project import PROJECT
from warehouse.report.dictionary import dictionary


@pytest.fixture(scope="module")
def schema() -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    make_schema(con)
    return con


def test_the_dictionary_in_the_repository_is_current() -> None:
    written = (PROJECT / "docs" / "dictionary.md").read_text(encoding="utf-8")
    assert written == dictionary(), "run `make dictionary`"


def test_it_tells_of_every_table_and_view_in_the_order_of_their_use() -> None:
    headings = [line.removeprefix("## ") for line in dictionary().splitlines() if line.startswith("## ")]
    assert set(headings) == {*SCHEMA, *MARTS} - {"macros"}
    kinds = [heading.split("_")[0] for heading in headings]
    assert kinds.index("fact") < kinds.index("dim") < kinds.index("mart") < kinds.index("load")


@pytest.mark.parametrize("kind", ["tables", "views"])
def test_every_table_and_view_says_its_grain(schema: duckdb.DuckDBPyConnection, kind: str) -> None:
    named = {"tables": "table_name", "views": "view_name"}[kind]
    silent = (
        f"select {named} from duckdb_{kind}() where not internal and coalesce(comment, '') not like '%Grain: one row%'"
    )
    assert schema.sql(silent).fetchall() == []


def test_every_column_says_what_it_holds(schema: duckdb.DuckDBPyConnection) -> None:
    silent = "select table_name, column_name from duckdb_columns() where not internal and coalesce(comment, '') = ''"
    assert schema.sql(silent).fetchall() == []
