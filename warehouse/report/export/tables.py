"""What is exported: tables and views of the warehouse, the answer to a saved question, or that to SQL."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb

from warehouse.errors import UsageError, did_you_mean
from warehouse.report.questions import Question, ask
from warehouse.report.sql import answer, errors_with_place, statements

PREFIXES = ("fact_", "dim_", "bridge_", "mart_")
BESIDES = ("source_file", "rejected_record", "load_run", "check_outcome", "check_result")
"""A whole export has the tables and views that begin so, and these: what people work with, not what that rests on."""

KEYS: dict[str, tuple[str, ...]] = {
    "dim_text": ("text_key", "version_no"),
    "dim_publisher": ("publisher_key",),
    "bridge_release_topic": ("release_key", "topic_key"),
    "rejected_record": ("source_file_key", "byte_start"),
    "load_run": ("run_id",),
    "check_outcome": ("check_name", "changed_at"),
    "check_result": ("check_name",),
    "mart_release": ("release_key",),
    "mart_release_day": ("release_key",),
    "mart_check_state": ("check_name",),
}
"""Keys of tables and views whose first column does not say that it is the key."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, its type in DuckDB, and what it holds, in words."""

    name: str
    type: str
    words: str


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a name: what they are in words, their columns, and the columns that tell rows apart, where known."""

    name: str
    words: str
    rows: duckdb.DuckDBPyRelation
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()

    def project(self, expressions: Mapping[str, str]) -> duckdb.DuckDBPyRelation:
        """The rows with some columns, by name, as SQL expressions of themselves."""
        chosen = (
            f"{expressions.get(column.name, quoted(column.name))} as {quoted(column.name)}" for column in self.columns
        )
        return self.rows.project(", ".join(chosen))


def quoted(name: str) -> str:
    """A name of a table or column as SQL has it, in DuckDB and in SQLite."""
    return '"' + name.replace('"', '""') + '"'


def stored_tables(con: duckdb.DuckDBPyConnection, names: Sequence[str] = ()) -> list[Table]:
    """The tables and views of these names, or those that people work with where none is named.

    Raises UsageError for a name that is none.
    """
    words = dict(
        con.execute(
            """
            select table_name as name, coalesce(comment, '') as words from duckdb_tables()
            where database_name = current_database() and not internal
            union all
            select view_name as name, coalesce(comment, '') as words from duckdb_views()
            where database_name = current_database() and not internal
            order by name
            """
        ).fetchall()
    )
    for name in names:
        if name not in words:
            raise UsageError(f"There is no table or view “{name}” in the warehouse.{did_you_mean(name, words)}")
    # Named twice is exported once.
    chosen = list(dict.fromkeys(names)) or [name for name in words if name.startswith(PREFIXES) or name in BESIDES]
    columns = _columns_stored(con)
    return [
        Table(name, words[name], con.sql(f"from {quoted(name)}"), columns[name], _key(name, columns[name]))
        for name in chosen
    ]


def answer_to_question(con: duckdb.DuckDBPyConnection, question: Question, values: Mapping[str, object]) -> Table:
    """The answer to a saved question; raises what `ask` raises."""
    return _answer(con, question.name, question.text, ask(con, question, values))


def answer_to_sql(con: duckdb.DuckDBPyConnection, text: str) -> Table:
    """The answer to one statement that reads; raises UsageError, with the place, for anything else."""
    readings = statements(con, text)
    if len(readings) != 1 or readings[0].is_plan:
        raise UsageError("--sql takes one statement whose answer is rows.")
    with errors_with_place(text):
        return _answer(con, "answer", " ".join(text.split()), answer(con, readings[0]))


def _answer(con: duckdb.DuckDBPyConnection, name: str, words: str, rows: duckdb.DuckDBPyRelation) -> Table:
    """An answer with words for the columns that mean one thing wherever the warehouse has them."""
    seen: set[str] = set()
    for column in rows.columns:
        if column.lower() in seen:
            raise UsageError(f"Two columns of the answer are named {column}: give one another name, with “as”.")
        seen.add(column.lower())
    meanings: dict[str, set[str]] = {}
    for columns in _columns_stored(con).values():
        for each in columns:
            meanings.setdefault(each.name, set()).add(each.words)
    known = {column: found.pop() for column, found in meanings.items() if len(found) == 1}
    kinds = zip(rows.columns, rows.types, strict=True)
    return Table(name, words, rows, tuple(Column(column, str(kind), known.get(column, "")) for column, kind in kinds))


def _columns_stored(con: duckdb.DuckDBPyConnection) -> dict[str, tuple[Column, ...]]:
    columns: dict[str, tuple[Column, ...]] = {}
    listed = con.execute(
        """
        select table_name, column_name, data_type, coalesce(comment, '') from duckdb_columns()
        where database_name = current_database() and not internal
        order by table_name, column_index
        """
    )
    for table, *column in listed.fetchall():
        columns[table] = (*columns.get(table, ()), Column(*column))
    return columns


def _key(name: str, columns: Sequence[Column]) -> tuple[str, ...]:
    return KEYS.get(name) or ((columns[0].name,) if columns[0].words.startswith("Key: ") else ())
