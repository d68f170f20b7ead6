"""Rules of the schema that can be checked: comments, files and tables, the order of loading."""

import re
import unicodedata
from pathlib import Path

import duckdb
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.desk.warehouse import Desk
from warehouse.database.connection import reading, writing
from warehouse.database.schema import MARTS, SCHEMA
from warehouse.database.sql import SQL, run_sql
from warehouse.errors import WarehouseUnusable
from warehouse.keys import release_key
from warehouse.load.star import STEPS

CONTRACT = {
    "dim_date": "date_key",
    "dim_publisher": "publisher_key, slug, name_en, name_ru, name_kk, kind, region_key, is_known",
    "dim_region": "region_key, iso_code, kato, name_en, name_ru, name_kk, kind",
    "dim_language": "language_key, code",
    "dim_section": "section_key, name",
    "dim_text": "text_key, release_key, language_key, origin, version_no, title, body, content_sha256, valid_from, "
    "valid_to, is_current",
    "fact_release": "release_key, release_code, portal_id, url, publisher_key, first_listed_date_key, event_date_key, "
    "published_at, first_seen_at, has_body, word_count, listing_count, version_count",
    "fact_listing": "listing_key, release_key, source_file_key, section_key, listed_date_key, position, title, url, "
    "url_language, byte_start, byte_end",
    "source_file": "source_file_key, path, sha256, bytes",
    "load_run": "run_id, flow_run_id, as_of, status",
    "rejected_record": "source_file_key, byte_start, byte_end, line_no, reason, raw",
}
"""Tables and columns that others rely on."""


@pytest.fixture(scope="module")
def schema(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    """An empty warehouse, open for reading."""
    desk = Desk.at(tmp_path_factory.mktemp("schema"))
    with writing(desk.settings, "a test"):
        pass
    return reading(desk.settings.warehouse)


def test_every_table_and_view_says_what_it_is_and_its_grain(schema: duckdb.DuckDBPyConnection) -> None:
    described = schema.execute(
        """
        select table_name, comment from duckdb_tables() where not internal
        union all
        select view_name, comment from duckdb_views() where not internal
        """
    ).fetchall()
    assert len(described) >= len(SCHEMA) + len(MARTS) - 1, "macros is no table"
    assert [name for name, comment in described if not comment or "Grain: one row" not in comment] == []


def test_every_column_has_a_comment(schema: duckdb.DuckDBPyConnection) -> None:
    silent = schema.execute(
        """
        select table_name || '.' || column_name from duckdb_columns()
        where not internal and (comment is null or trim(comment) = '')
        """
    ).fetchall()
    assert silent == []


@pytest.mark.parametrize("table", CONTRACT)
def test_the_names_that_others_rely_on_are_there(schema: duckdb.DuckDBPyConnection, table: str) -> None:
    assert schema.execute(f"select {CONTRACT[table]} from {table} limit 0").description is not None


def test_date_keys_are_integers_and_moments_have_no_zone(schema: duckdb.DuckDBPyConnection) -> None:
    columns = schema.execute("select column_name, data_type from duckdb_columns() where not internal").fetchall()
    assert {kind for name, kind in columns if name.endswith("date_key")} == {"INTEGER"}
    assert [name for name, kind in columns if "TIME ZONE" in kind] == []


def names(folder: str) -> set[str]:
    return {path.stem for path in (SQL / folder).glob("*.sql")}


def test_the_lists_of_tables_name_every_file() -> None:
    assert (set(SCHEMA), len(SCHEMA)) == (names("schema"), len(set(SCHEMA)))
    assert (set(MARTS), len(MARTS)) == (names("marts"), len(set(MARTS)))


def test_every_file_that_loads_has_the_name_of_a_table_and_its_place_in_the_order() -> None:
    beside = {
        "publisher_change": "publisher_version",
        "portal_publisher": "publisher_version",
        "current_topic": "bridge_release_topic",
        "replaced_digest": "source_file",
        "touched_release": "fact_release",
        "release_seen": "text_version",
        "text_sighting": "text_version",
        "release_text": "fact_release",
        "headline_content": "text_content",
    }
    assert names("load") - beside.keys() <= names("schema") >= {*beside.values()}, "each completes another's table"
    assert set(STEPS) == names("load") - {"dim_language"}, "languages are loaded when the schema is made"
    assert len(STEPS) == len(set(STEPS))


@pytest.mark.parametrize("name", [*sorted(names("schema") - {"macros"}), *sorted(names("marts"))])
def test_one_file_makes_one_table_of_its_name(name: str) -> None:
    [path] = [SQL / folder / f"{name}.sql" for folder in ("schema", "marts") if name in names(folder)]
    made = re.findall(
        r"^create (?:table if not exists|or replace view) (\w+)", path.read_text(encoding="utf-8"), re.MULTILINE
    )
    assert made == [name]


@pytest.mark.parametrize("path", sorted(SQL.rglob("*.sql")), ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_sql_file_begins_with_a_comment_that_is_a_sentence(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    comment = [line.removeprefix("-- ") for line in text[: text.index("\n\n") if "\n\n" in text else None].splitlines()]
    assert text.startswith("-- ")
    if path.parent.name in ("schema", "marts") and path.stem != "macros":
        assert comment[1].startswith("Grain: one row")


@pytest.mark.parametrize("path", sorted(SQL.rglob("*.sql")), ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_sql_knows_no_clock_and_no_chance(path: Path) -> None:
    text = path.read_text(encoding="utf-8").lower()
    forbidden = ("now()", "current_date", "current_timestamp", "random()", "gen_random_uuid", "nextval", "today()")
    assert [word for word in forbidden if word in text] == []


def test_a_file_of_another_program_is_said_to_be_one(tmp_path: Path) -> None:
    desk = Desk.at(tmp_path)
    desk.settings.home.mkdir()
    with duckdb.connect(desk.settings.warehouse) as con:
        con.execute("create table schema_version (installed_rank varchar, v integer)")
        con.execute("insert into schema_version values ('1', 7)")
    with pytest.raises(WarehouseUnusable, match="a DuckDB file of something else"), writing(desk.settings, "a test"):
        pass


MACROS = run_sql(duckdb.connect(), SQL / "schema" / "macros.sql")

# Unassigned characters are left out: Python and DuckDB may know different versions of Unicode.
ASSIGNED = st.characters(exclude_categories=("Cs", "Cn"), exclude_characters="\0")
AWKWARD = st.sampled_from(
    "ÅΩKeéЙйИ\u0301\u0306\u0308\u0316\u0327가각\u1100\u1161\u11a8\u0344\u0958\u037e\u2126\u212b\u200b\ufeff"
)


@given(st.lists(st.text(st.one_of(AWKWARD, ASSIGNED), max_size=40), min_size=1, max_size=8))
@example(["a\\u200bb", "a\u200bb\ufeff", "e\u200b\u0301", "и\u0306", "a\u0316\u0301", "a\u200cb \u00a0 ﬁ ½ «»"])
def test_clean_text_is_nfc_without_zero_width_marks(texts: list[str]) -> None:
    def expected(text: str) -> str:
        for mark in ("\\u200b", "\u200b", "\ufeff"):
            text = text.replace(mark, "")
        return unicodedata.normalize("NFC", text)

    rows = MACROS.execute("select clean_text(text) from (select unnest(?::varchar[]) as text)", [texts]).fetchall()
    assert [text for (text,) in rows] == [expected(text) for text in texts]


@pytest.mark.parametrize(
    "code",
    [
        "7",
        "1007000",
        "9" * 15,
        "1" * 16,
        "mdai-habarlama-7",
        "қазақша",
        "senate.parlam.kz/kk-kz/News/1",
        "a.kz#" + "0" * 64,
    ],
)
def test_the_key_of_a_release_is_the_same_in_sql(code: str) -> None:
    key, stored, _ = release_key(code)
    assert MACROS.execute("select release_of(?)", [stored]).fetchone() == (key,)


BODIES = st.tuples(st.text("aAйи \n.\u0306\u200b", max_size=12), st.sets(st.integers(1, 11)))


@settings(max_examples=20)
@given(st.lists(BODIES, min_size=1, max_size=30), st.text("aAйи .", min_size=1, max_size=4))
@example([("the end.The start", {8})], "end. the")
@example([("the end.The start", {8})], "end.the")
@example([("и\u0306", set())], "Й")
def test_a_body_mentions_what_its_clean_text_says_whatever_paragraphs_it_runs_across(
    bodies: list[tuple[str, set[int]]], phrase: str
) -> None:
    # No paragraph begins with a mark of the letter before it.
    texts = [body for body, _ in bodies]
    offsets = [
        sorted(place for place in breaks if place < len(body) and not unicodedata.combining(body[place]))
        for body, breaks in bodies
    ]
    statement = """
        select
            body_mentions(body, offsets, $phrase),
            lower(clean_text(with_breaks(body, offsets))),
            lower(clean_text($phrase))
        from (select unnest($texts::varchar[]) as body, unnest($offsets::uinteger[][]) as offsets)
    """
    rows = MACROS.execute(statement, {"texts": texts, "offsets": offsets, "phrase": phrase}).fetchall()
    assert len(rows) == len(bodies)
    for mentions, clean, wanted in rows:
        assert mentions == bool(re.search(r"\s+".join(map(re.escape, wanted.split(" "))), clean))
