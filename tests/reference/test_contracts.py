"""Contracts of the reference files: every file and every column refuses what it cannot hold, in one line."""

import csv
import io
import os
from pathlib import Path

import pytest

from tests.desk.digests import Item, digest
from tests.desk.seeds import edit_seeds
from tests.desk.warehouse import Desk
from warehouse.errors import UsageError
from warehouse.reference.contracts import CONTRACTS, refuse_wrong
from warehouse.reference.rows import SEEDS

CELLS = [(name, column) for name, contract in CONTRACTS.items() for column in contract.cells]


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Reference rows in which each test changes one file, and puts it back; short, for each test reads all of them."""
    folder = tmp_path_factory.mktemp("contracts")
    for path in SEEDS.glob("*.csv"):
        lines = path.read_bytes().splitlines(keepends=True)
        (folder / path.name).write_bytes(b"".join(lines if path.stem in ("regions", "publishers") else lines[:6]))
    return folder


def refusal(seeds: Path, name: str, content: bytes) -> str | None:
    """What is said of a file with such content, without the folder; None if nothing."""
    path = seeds / f"{name}.csv"
    before = path.read_bytes()
    path.write_bytes(content)
    try:
        refuse_wrong(seeds)
    except UsageError as error:
        message = str(error)
        assert str(path) in message
        assert len(message) < 600
        return message.replace(f"{seeds}/", "")
    finally:
        path.write_bytes(before)
    return None


def content_with(seeds: Path, name: str, column: str, value: str) -> bytes:
    """A file in whose first row a column has this value."""
    with (seeds / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    rows[1][rows[0].index(column)] = value
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode(errors="surrogatepass")


def test_every_file_has_a_contract_and_the_files_that_come_with_the_program_keep_it() -> None:
    assert set(CONTRACTS) == {path.stem for path in SEEDS.glob("*.csv")}
    refuse_wrong(SEEDS)


@pytest.mark.parametrize(("name", "column"), CELLS)
def test_a_cell_that_its_column_cannot_hold_is_named_with_its_line_and_value(
    seeds: Path, name: str, column: str
) -> None:
    cell = CONTRACTS[name].cells[column]
    message = refusal(seeds, name, content_with(seeds, name, column, ""))
    if cell.is_needed:
        assert message == f"{name}.csv, line 2: {column} is empty; {cell.words}."
    for value in (" ", "a\0b", "a\nb", "x ", "\x1b[31m"):
        message = refusal(seeds, name, content_with(seeds, name, column, value))
        assert message is not None, value
        assert f"{name}.csv, line " in message
        assert f": {column} is “{value}”; write text that can be seen" in message
    if cell.words.startswith("write text"):
        return
    message = refusal(seeds, name, content_with(seeds, name, column, "нет такого"))
    assert message is not None
    assert message.startswith(f"{name}.csv, line 2: {column} is “нет такого”")


@pytest.mark.parametrize("name", CONTRACTS)
def test_a_file_that_is_no_such_table_is_refused_by_its_name(seeds: Path, name: str) -> None:
    good = (seeds / f"{name}.csv").read_bytes()
    header, first, rest = good.split(b"\n", 2)
    lines = good.count(b"\n")
    needed = next(iter(CONTRACTS[name].cells))
    for content, words in (
        (b"", "lacks the column"),
        (good + b"\xff\n", f"is no readable CSV: line {lines + 1}: byte 0xff is not UTF-8."),
        (good.decode().encode("utf-16"), "is no readable CSV: line 1: byte 0xff is not UTF-8."),
        (header.replace(needed.encode(), b"other", 1) + b"\n" + first + b"\n" + rest, f"lacks the column {needed}."),
        (header + b"," + needed.encode() + b"\n" + first + b"\n", "two columns of the header have one name."),
        (header + b"\n" + first + b",more\n", "is no readable CSV: line 2 has "),
        (header + b"\n" + first + b"\n" + first + b"\n" + rest, "stands in line 2 already."),
        (header + b'\n"' + first + b"\n", "is no readable CSV: line "),
        (header + b"\n" + b"x" * 200_000 + b"\n", "is no readable CSV: line 2: field larger than field limit"),
    ):
        message = refusal(seeds, name, content)
        assert message is not None, words
        assert words in message
    as_a_spreadsheet_saves_it = b"\xef\xbb\xbf" + good.replace(b"\n", b"\r\n") + b"\r\n"
    assert refusal(seeds, name, as_a_spreadsheet_saves_it) is None
    path = seeds / f"{name}.csv"
    for words, make in (("is missing", None), ("is no regular file", Path.mkdir), ("is no regular file", os.mkfifo)):
        path.unlink()
        try:
            if make:
                make(path)
            with pytest.raises(UsageError, match=words):
                refuse_wrong(seeds)
        finally:
            if path.is_dir():
                path.rmdir()
            path.unlink(missing_ok=True)
            path.write_bytes(good)


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (
            ("publishers.csv", "regional_akimat,KZ-10", "regional_akimat,KZ-01"),
            "region_iso is “KZ-01”, and regions.csv has no such iso_code. Did you mean KZ-",
        ),
        (("publishers.csv", ",ministry,,", ",minstry,,"), "kind is “minstry”; it can be ministry, agency, "),
        (
            ("sites.csv", "akorda.kz,akorda.kz", "akorda.kz,akorda"),
            "publishers.csv has no such slug. Did you mean ako",
        ),
        (
            ("portal_id_dates.csv", "2025-02-20", "2025-02-30"),
            "published_on is “2025-02-30”; write a day like",
        ),
        (("months.csv", "1,en,January", "13,en,January"), "month is “13”; write a whole number from 1 to 12."),
        (("quality_thresholds.csv", "gaps,10,1.5", "gaps,10,wide"), "spread is “wide”; write a number."),
        (
            ("quality_thresholds.csv", "\nabsent_pages,", f"\n{'y' * 300},"),
            f"name is “{'y' * 80}”; write a name of at most",
        ),
        (("small_words.csv", "en,word,the", "en,wrod,the"), "kind is “wrod”; it can be word, beginning, ending."),
    ],
)
def test_the_line_says_what_would_be_right_and_nothing_is_loaded(
    desk: Desk, edit: tuple[str, str, str], message: str
) -> None:
    settings = desk.settings.model_copy(update={"seeds": edit_seeds(desk.folder / "seeds", edit)})
    changed = Desk(desk.folder, settings)
    done = changed.press_here("ingest", desk.write("one.txt", digest(Item("1"))))
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert f"{edit[0]}, line " in done.stderr
    assert message in done.stderr
    assert not settings.home.exists()
