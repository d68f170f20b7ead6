"""What paths name: digests to read, and what is passed over and named."""

import os
from pathlib import Path

import pytest

from tests.desk.digests import SEED, Item, digest
from tests.desk.warehouse import Desk
from warehouse.errors import UsageError
from warehouse.intake.paths import HIDDEN, OWN, as_paths, refuse_missing, sort_out
from warehouse.settings import load_settings


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "digests").mkdir()
    return tmp_path / "digests"


def test_a_digest_in_upper_case_is_a_digest(folder: Path) -> None:
    paths = [folder / name for name in ("MAY22.TXT", "May24.Txt", "may23.txt")]
    for path in paths:
        path.write_text("A")
    delivery = sort_out([folder], folder.parent)
    assert (delivery.files, delivery.bystanders, delivery.refusals) == (paths, {}, {})


def test_everything_else_in_a_folder_is_named_with_the_reason(folder: Path) -> None:
    for name in (".hidden.txt", "law.txt", "law.txt.part", "notes.md", "no ending"):
        (folder / name).write_text("A")
    (folder / "2024").mkdir()
    os.mkfifo(folder / "pipe")
    (folder / "nowhere").symlink_to(folder / "missing")
    (folder / "data").mkdir()
    delivery = sort_out([folder], folder / "data")
    assert delivery.files == [folder / "law.txt"]
    assert {Path(path).name: reason for path, reason in delivery.bystanders.items()} == {
        ".hidden.txt": HIDDEN,
        "2024": "it is a folder; name it to load what is in it",
        "data": OWN,
        "law.txt.part": "its name says that it is unfinished",
        "no ending": "its name does not end in .txt",
        "notes.md": "its name does not end in .txt",
        "nowhere": "its name does not end in .txt",
        "pipe": "its name does not end in .txt",
    }


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ([], "is an empty folder."),
        (["notes.md", ".hidden.txt"], "holds no digest: no name ends in .txt, hidden ones apart."),
    ],
)
def test_a_folder_without_a_digest_is_refused(folder: Path, content: list[str], reason: str) -> None:
    for name in content:
        (folder / name).write_text("A")
    assert [str(error) for error in sort_out([folder], folder.parent).refusals.values()] == [f"{folder} {reason}"]


def test_one_path_is_a_list_of_one_and_an_empty_one_is_refused() -> None:
    assert as_paths("seeds/digests") == as_paths(Path("seeds/digests")) == [Path("seeds/digests")]
    for empty in ("", [""], [SEED, ""], []):
        with pytest.raises(UsageError, match="name a digest, or a folder of digests"):
            as_paths(empty)


def test_paths_of_which_none_exists_are_wrong_usage(folder: Path) -> None:
    refuse_missing([folder / "missing.txt", folder])
    with pytest.raises(UsageError, match=r"missing.txt does not exist. Nor can 1 more be loaded. Name a digest"):
        refuse_missing([folder / "missing.txt", folder / "other.txt"])
    with pytest.raises(UsageError, match="x cannot be read: File name too long"):
        refuse_missing([folder / ("x" * 300)])


def test_the_command_refuses_what_is_no_path_before_anything_is_made(desk: Desk) -> None:
    for path, message in (("", "press: A path is empty"), ("nosuch.txt", "press: nosuch.txt does not exist.")):
        result = desk.press_here("ingest", path)
        assert (result.returncode, result.stdout, result.stderr.count("\n")) == (2, "", 1)
        assert result.stderr.startswith(message)
    assert not desk.settings.home.exists()


def test_a_run_that_loads_nothing_because_all_is_passed_over_fails_and_names_it(desk: Desk) -> None:
    (desk.folder / "new").mkdir()
    desk.write("new/MAY22.TXT", digest(Item("1")))
    desk.write("new/may23.text", digest(Item("2")))
    first = desk.press_here("ingest", desk.folder / "new")
    assert (first.returncode, first.stderr) == (0, "")
    assert "may23.text: its name does not end in .txt" in first.stdout
    again = desk.press_here("ingest", desk.folder / "new")
    assert again.returncode == 1
    assert again.stderr == f"press: {desk.folder}/new/may23.text is passed over: its name does not end in .txt.\n"
    empty = desk.press_here("ingest", desk.folder / "data" / "staging")
    assert (empty.returncode, empty.stdout) == (1, "")
    assert "No change" not in empty.stderr


def test_the_digests_of_the_repository_load_from_one_path_given_as_text(desk: Desk) -> None:
    assert desk.load(str(load_settings().seeds / "digests")).listings == 20  # type: ignore[arg-type]
