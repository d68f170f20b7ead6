"""SQL that a person types: what runs, what is refused, and where an error says it is."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from tests.desk.warehouse import Desk
from warehouse.errors import UsageError
from warehouse.report.sql import answer, confined, errors_with_place, statements


@pytest.fixture
def con(seed_loaded: Path, tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with confined(Desk.at(seed_loaded).settings, tmp_path) as connection:
        yield connection


def ask(con: duckdb.DuckDBPyConnection, text: str) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = []
    for reading in statements(con, text):
        with errors_with_place(text):
            rows += answer(con, reading).fetchall()
    return rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("select count(*) from mart_release", [(20,)]),
        ("from mart_release select count(*);", [(20,)]),
        ("-- Школа\nselect 1; select 2", [(1,), (2,)]),
        ("values (1)", [(1,)]),
        ("with one as (select 1) from one", [(1,)]),
        ("pivot mart_release on language using count(*) group by has_body order by all", [(False, 9), (True, 11)]),
        ("with part as (from mart_release) pivot part on language using count(*) group by has_body; select 7", None),
        ("describe mart_release", None),
        ("summarize dim_language", None),
        ("show tables", None),
        ("explain select 1", None),
        ("select timezone('UTC', timestamptz '2025-05-21 05:00:00+05') as moment", None),
    ],
)
def test_what_reads_is_answered(
    con: duckdb.DuckDBPyConnection, text: str, rows: list[tuple[object, ...]] | None
) -> None:
    got = ask(con, text)
    assert got == rows if rows is not None else got


@pytest.mark.parametrize(
    "text",
    """
    create table x as select 1 | create temp table x as select 1 | create view x as select 1 | create macro x() as 1
    insert into dim_section select * from dim_section | update dim_section set name = 'x' | delete from dim_section
    drop table dim_section | alter table dim_section add column x integer | comment on table dim_section is 'x'
    attach ':memory:' as x | detach warehouse | use memory | install fts | load fts | copy dim_section to 'x.csv'
    copy dim_section from 'x.csv' | export database 'x' | set threads = 1 | reset threads
    pragma threads = 1 | set variable x = 1 | begin | checkpoint | vacuum | prepare x as select 1 | execute x
    call pragma_version() | pragma enable_profiling
    merge into dim_section using dim_section as x on true when matched then delete
    """.strip()
    .replace("\n", "|")
    .split("|"),
)
def test_what_does_more_than_read_is_refused_where_it_stands(con: duckdb.DuckDBPyConnection, text: str) -> None:
    with pytest.raises(
        UsageError, match=r"^line 2, column 3: [A-Z_]+ is refused, for this reads and changes nothing\.$"
    ):
        statements(con, f"select 1;\n  {text.strip()}")


@pytest.mark.parametrize(
    "text",
    [
        "from '/etc/passwd'",
        "from read_text('/etc/passwd')",
        "from read_csv('/etc/passwd')",
        "from read_blob('/etc/*')",
        "from glob('/*')",
        "from sniff_csv('/etc/passwd')",
        "from read_parquet('https://example.org/x.parquet')",
        "from query('delete from dim_section')",
        "from query_table('/etc/passwd')",
        "from sqlite_scan('x', 'y')",
        "from duckdb_secrets()",
        "from con",  # a variable of Python
        "import database 'x'",
        "explain analyze delete from dim_section",
    ],
)
def test_nothing_but_the_warehouse_can_be_reached(con: duckdb.DuckDBPyConnection, text: str) -> None:
    sections = ask(con, "select count(*) from dim_section")
    with pytest.raises(UsageError):
        ask(con, text)
    assert ask(con, "select count(*) from dim_section") == sections


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("selct 1", 'line 1, column 1: syntax error at or near "selct"'),
        ("-- Школа\nselect 'Өсім' from from", 'line 2, column 20: syntax error at or near "from"'),
        ("select 'Өсім',\n  nope\nfrom dim_section", 'line 2, column 3: Referenced column "nope" not found'),
        ("select 'Ө'; select 'Ө',\nnope from dim_section", 'line 2, column 1: Referenced column "nope" not found'),
        ("select 1;\n\nselect * from mart_releas", "line 3, column 15: Table with name mart_releas does not exist!"),
        ("select * from mart_releas", 'Did you mean "mart_release"?'),
        ("select title::date from mart_release", "line 1, column 13: invalid date field format"),
        ("select error('a' || chr(10) || 'b')", "a b"),
        ("select '\udcff'", "The SQL is no text in UTF-8."),
    ],
)
def test_an_error_is_one_line_with_its_place(con: duckdb.DuckDBPyConnection, text: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        ask(con, text)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("text", ["", " ; ", "-- nothing"])
def test_no_statement_is_none(con: duckdb.DuckDBPyConnection, text: str) -> None:
    assert statements(con, text) == []


def test_files_may_be_written_to_the_folder_alone(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    rows = answer(con, statements(con, "from dim_section")[0])
    rows.write_parquet(str(tmp_path / "sections.parquet"))
    assert (tmp_path / "sections.parquet").exists()
    with pytest.raises(duckdb.PermissionException):
        rows.write_parquet(str(tmp_path.parent / "sections.parquet"))


def test_rows_are_read_as_they_are_computed(con: duckdb.DuckDBPyConnection) -> None:
    rows = answer(con, statements(con, "select 10 // (7 - i) from range(100_000_000) as numbers(i)")[0])
    assert rows.fetchmany(2) == [(1,), (1,)]
