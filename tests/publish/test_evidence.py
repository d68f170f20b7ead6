"""Evidence that rows name: it opens from the folder of the warehouse, and upkeep says where it does not."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.desk.digests import Item
from tests.desk.portal_desk import PortalDesk, one_release
from tests.desk.warehouse import Desk
from warehouse.publish.upkeep import verify_archive
from warehouse.runs.rebuild import rebuild


@pytest.fixture(scope="module")
def visited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PortalDesk]:
    with one_release(tmp_path_factory.mktemp("evidence"), Item("998101"), Item("998102")) as desk:
        desk.visit("2025-06-01T06:00:00Z", languages=["ru"])
        yield desk


@pytest.fixture
def copy(visited: PortalDesk, tmp_path: Path) -> Desk:
    """A desk that was moved as a whole since."""
    shutil.copytree(visited.desk.folder, tmp_path, dirs_exist_ok=True)
    return Desk.at(tmp_path)


def evidence(desk: Desk) -> list[str]:
    attempts = [file for (file,) in desk.ask("select warc_file from fact_fetch")]
    return attempts + [file for (file,) in desk.ask("select archive_path from source_file")]


def test_what_rows_come_from_is_found_from_the_folder_of_the_warehouse(copy: Desk) -> None:
    assert len(evidence(copy)) == 3
    assert [file for file in evidence(copy) if not (copy.settings.home / file).is_file()] == []
    assert verify_archive(copy.settings).outcome == "passed"


def test_a_rebuild_names_the_same_evidence(copy: Desk) -> None:
    before = evidence(copy)
    rebuild(copy.settings, lambda *_: None)
    assert evidence(copy) == before


def test_an_attempt_that_is_not_where_its_row_says_is_reported(copy: Desk) -> None:
    copy.settings.published.chmod(0o644)
    moved = replace(copy, settings=copy.settings.model_copy(update={"warehouse": copy.settings.published}))
    moved.corrupt("update fact_fetch set warc_offset = warc_offset + 1 where warc_offset > 0")
    assert "is not in archive/portal/press.duckdb/portal-" in verify_archive(copy.settings).sentence


def test_a_listing_whose_digest_ends_before_it_is_reported(copy: Desk) -> None:
    [(path,)] = copy.ask("select archive_path from source_file")
    archived = copy.settings.home / path
    archived.chmod(0o644)
    os.truncate(archived, 10)
    finding = verify_archive(copy.settings)
    assert finding.outcome == "failed"
    assert f"is not in {path} at bytes " in finding.sentence


def test_a_full_check_opens_the_evidence_of_every_row(copy: Desk) -> None:
    done = copy.press_here("check", "--full")
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "passed  evidence"), done
    [(path,)] = copy.ask("select archive_path from source_file")
    archived = copy.settings.home / path
    archived.chmod(0o644)
    # As long as before, so that only what stands there is another.
    archived.write_bytes(archived.read_bytes().replace(b"998102", b"998103"))
    done = copy.press_here("check", "--full")
    assert (done.returncode, copy.press_here("check").returncode) == (1, 0)
    url = "https://www.gov.kz/memleket/entities/transport/press/news/details/998102?lang=kk"
    assert f"failed  evidence: the listing of {url} is not in {path} at bytes " in done.stdout
