"""The public surface in Python: `import warehouse`."""

import os
import subprocess
import sys

import duckdb
import pytest

import warehouse
from tests.desk.digests import SEED, Item, digest
from tests.desk.warehouse import Desk
from warehouse.project import PROJECT


def test_importing_it_is_cheap() -> None:
    heavy = ["duckdb", "polars", "pydantic", "prefect", "lingua", "typer", "rich"]
    code = f"import sys, warehouse; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=PROJECT)
    assert done.stdout == "[]\n"


def test_every_public_name_is_there_and_says_what_it_is() -> None:
    for name in warehouse.__all__:
        assert getattr(warehouse, name).__doc__, name


def test_names_of_the_surface_and_of_modules_do_not_get_in_each_others_way() -> None:
    # Python puts a module in the place of a name of its package when it is first imported.
    import warehouse.cli.main
    import warehouse.report.questions
    import warehouse.runs.ingest
    import warehouse.runs.rebuild

    for name in warehouse.__all__:
        assert not isinstance(getattr(warehouse, name), type(os)), name


def test_digests_are_ingested_asked_and_read(desk: Desk) -> None:
    report = warehouse.ingest_digests([str(SEED)], settings=desk.settings, as_of="2025-05-21T12:00:00Z")
    assert (report.status, report.listings) == ("loaded", 20)
    busiest = warehouse.ask("busiest_publishers", settings=desk.settings, since="2025-05-21")
    assert busiest[0] == {
        "publisher_slug": "mod",
        "publisher": "Ministry of Defence",
        "publisher_kind": "ministry",
        "releases": 5,
        "with_body": 0,
        "words": 0,
    }
    with warehouse.connect(desk.settings) as con:
        assert con.sql("select count(*) from mart_release where has_body").fetchone() == (11,)
        with pytest.raises(duckdb.InvalidInputException):
            con.execute("delete from fact_release")


def test_a_warehouse_is_connected_to_by_its_path_too(desk: Desk) -> None:
    desk.load(desk.write("one.txt", digest(Item("1"))))
    for path in (desk.settings.warehouse, str(desk.settings.warehouse), desk.settings.published):
        with warehouse.connect(path) as con:
            assert con.sql("select count(*) from fact_release").fetchone() == (1,)
    with pytest.raises(warehouse.UsageError, match="a folder; name a file in it"):
        warehouse.connect(desk.folder)


def test_polars_takes_an_answer_without_the_packages_that_a_run_does_not_need(desk: Desk) -> None:
    desk.load(desk.write("one.txt", digest(Item("1"))))
    code = f"""
import sys
sys.modules.update(dict.fromkeys(["numpy", "pandas", "pyarrow"]))  # importing them fails, as where they are missing
import polars, warehouse
with warehouse.connect({str(desk.settings.warehouse)!r}) as con:
    print(polars.DataFrame(con.sql("select release_code, first_listed_date from mart_release")).rows())
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=PROJECT)
    assert done.stdout == "[('1', datetime.date(2025, 5, 21))]\n"


def test_the_settings_of_the_environment_are_used_when_none_are_given(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRESS_WAREHOUSE", str(desk.settings.warehouse))
    warehouse.ingest_digests([desk.write("one.txt", digest(Item("1")))])
    assert [row["releases"] for row in warehouse.ask("busiest_publishers")] == [1]
    assert "busiest_publishers" in [asked.name for asked in warehouse.questions()]


def test_errors_are_of_one_family(desk: Desk) -> None:
    with pytest.raises(warehouse.WarehouseUnusable, match="does not exist yet"):
        warehouse.connect(desk.settings)
    with pytest.raises(warehouse.UsageError, match="There is no question"):
        warehouse.ask("nope", settings=desk.settings)
    assert issubclass(warehouse.UsageError, warehouse.PressError)
