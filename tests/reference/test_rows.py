"""Reference rows: what is read, what is refused and by which words, and what a folder of an earlier version lacks."""

import hashlib
from pathlib import Path

import pytest

from tests.desk.seeds import edit_seeds
from warehouse.errors import UsageError
from warehouse.reference.months import month_numbers
from warehouse.reference.rows import FILES, LATER, OF_PORTAL, SEEDS, fingerprint, load_reference, reference_files


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    return edit_seeds(tmp_path / "seeds")


def test_every_file_is_read_with_empty_cells_as_nulls() -> None:
    reference = load_reference(SEEDS)
    assert all(getattr(reference, name).height for name in FILES)
    assert reference.publishers["note"].null_count() > 0
    assert "" not in reference.publishers["note"]


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("regions.csv", "iso_code,", "code,", "regions.csv lacks the column iso_code"),
        ("small_words.csv", "language,kind,", "language,sort,", "small_words.csv lacks the column kind"),
        ("small_words.csv", "en,word,of,", "en,,of,", "small_words.csv needs language, kind, form in every row: .*of"),
        ("months.csv", "1,en,Jan,", "1,en,,", "months.csv needs month, language, form in every row"),
        ("publishers.csv", "\ndsm,", "\nadilet,", "publishers.csv has slug “adilet” twice"),
        ("sections.csv", "\nLaw,section,", "\nLaw,", "sections.csv is no readable CSV: line 4 has 2 cells"),
        ("places.csv", "form,", "name_en,", "places.csv is no readable CSV: two columns of the header have one name"),
    ],
)
def test_a_file_that_is_wrong_is_refused_by_its_name(
    tmp_path: Path, file: str, old: str, new: str, message: str
) -> None:
    with pytest.raises(UsageError, match=message):
        load_reference(edit_seeds(tmp_path / "seeds", (file, old, new)))


def test_a_missing_file_is_refused_by_its_name(seeds: Path) -> None:
    (seeds / "months.csv").unlink()
    with pytest.raises(UsageError, match=r"months\.csv is missing; PRESS_SEEDS says"):
        load_reference(seeds)
    with pytest.raises(OSError, match="months"):
        fingerprint(seeds)


def test_the_fingerprint_changes_with_any_file(seeds: Path) -> None:
    seen = {fingerprint(seeds)}
    for path in reference_files(seeds).values():
        path.write_bytes(path.read_bytes() + b"\n")
        seen.add(fingerprint(seeds))
    assert len(seen) == 1 + len(FILES) + len(OF_PORTAL)


def test_every_file_that_a_row_may_depend_on_is_among_them() -> None:
    of_reports = {"region_tiles", "quality_thresholds"}
    assert set(reference_files(SEEDS)) == {path.stem for path in SEEDS.glob("*.csv")} - of_reports


def test_rows_kept_by_earlier_versions_keep_their_fingerprint_and_get_what_they_lack(seeds: Path) -> None:
    for name in LATER:
        (seeds / f"{name}.csv").unlink()
    digest = hashlib.sha256()
    for name in (
        "publishers", "regions", "slug_families", "sections", "lexicon", "months", "places", "portal_id_dates",
    ):  # fmt: skip
        content = (seeds / f"{name}.csv").read_bytes()
        digest.update(f"{name} {len(content)}\n".encode() + content)
    reference = load_reference(seeds)
    assert reference.sha256 == fingerprint(seeds) == digest.hexdigest()
    assert all(
        getattr(reference, name).equals(getattr(load_reference(SEEDS), name)) for name in set(LATER) - set(OF_PORTAL)
    )


def test_months_have_a_number_by_every_form_in_small_letters() -> None:
    numbers = month_numbers(load_reference(SEEDS).months)
    assert (numbers["january"], numbers["мая"], numbers["желтоқсанда"]) == (1, 5, 12)
    assert set(numbers.values()) == set(range(1, 13))
