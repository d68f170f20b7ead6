"""Reference rows: what people know about publishers, regions, sections and words, read from `seeds/*.csv`."""

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import polars as pl

from warehouse.errors import UsageError
from warehouse.project import SHIPPED
from warehouse.reference.header_names import HeaderNames
from warehouse.reference.table import hash_tables, read_table

SEEDS = SHIPPED / "seeds"
"""The reference files that come with the program."""

FILES = {
    "publishers": ("slug", "name_en", "name_ru", "name_kk", "kind", "region_iso", "note"),
    "regions": ("iso_code", "kato", "name_en", "name_ru", "name_kk", "kind", "akimat_slug", "slug_prefixes"),
    "slug_families": ("form", "pattern", "kind", "scope", "region_iso"),
    "sections": ("name", "kind", "note"),
    "sites": ("host", "publisher"),
    "lexicon": ("kind", "form"),
    "months": ("month", "language", "form"),
    "places": ("name_en", "form"),
    "small_words": ("language", "kind", "form"),
    "number_words": ("language", "form", "kind", "value", "alone"),
    "portal_id_dates": ("portal_id", "published_on", "note"),
    "units": ("code", "name_en", "name_ru", "name_kk", "base_code", "factor"),
    "gazetteer": (
        *("place_key", "kind", "name_en", "name_ru", "name_kk", "region_iso", "country_iso", "iso_code", "kato"),
        *("latitude", "longitude"),
    ),
}
"""The reference files, and the columns each must have at least."""

UNIQUE = {
    "publishers": "slug",
    "regions": "iso_code",
    "sections": "name",
    "sites": "host",
    "portal_id_dates": "portal_id",
    "units": "code",
    "gazetteer": "place_key",
}
"""The column that no two rows of a file have the same in."""

FILLED = ("lexicon", "months", "places", "small_words", "number_words", "sites")
"""The files in which every row has all the columns of `FILES`: lists of words."""

OF_PORTAL = ("portal_markers", "refetch_schedule")
"""Reference files that the portal's packages read by themselves."""

LATER = ("small_words", "number_words", "sites", "units", "gazetteer", *OF_PORTAL)
"""Files that reference rows kept by earlier versions lack: the file of `SEEDS` stands in for them."""


@dataclass(frozen=True, slots=True, eq=False)
class Reference:
    """The reference rows as frames, every column a String, empty cells NULL; `sha256` of all files together.

    Each is equal to itself alone, so that what is made of it can be kept for it.
    """

    publishers: pl.DataFrame
    regions: pl.DataFrame
    slug_families: pl.DataFrame
    sections: pl.DataFrame
    sites: pl.DataFrame
    lexicon: pl.DataFrame
    months: pl.DataFrame
    places: pl.DataFrame
    small_words: pl.DataFrame
    number_words: pl.DataFrame
    portal_id_dates: pl.DataFrame
    units: pl.DataFrame
    gazetteer: pl.DataFrame
    sha256: str

    @property
    def header_names(self) -> HeaderNames:
        """The header lines and hosts known beforehand."""
        hosts = dict(self.sites.select("host", "publisher").iter_rows())
        by_kind = {kind: frozenset(part["name"]) for (kind,), part in self.sections.group_by("kind")}
        return HeaderNames(by_kind.get("site", frozenset()), by_kind.get("section", frozenset()), hosts)


def reference_files(seeds: Path) -> dict[str, Path]:
    """The reference files of a folder by name, but those of `LATER` that it lacks: all that a load may depend on."""
    paths = {name: seeds / f"{name}.csv" for name in (*FILES, *OF_PORTAL)}
    return {name: path for name, path in paths.items() if name not in LATER or path.exists()}


def reference_file(seeds: Path, name: str) -> Path:
    """Where a reference file lies: in the folder, or in `SEEDS` if it is one of `LATER` that the folder lacks."""
    return reference_files(seeds).get(name, SEEDS / f"{name}.csv")


def load_reference(seeds: Path) -> Reference:
    """Read the reference rows. Raises UsageError naming the file, and the line where there is one, that is wrong."""
    return _load_reference(seeds, hash_tables(seeds))


@lru_cache(maxsize=8)
def _load_reference(seeds: Path, _state: bytes) -> Reference:
    """The same, once for each state of the folder."""
    frames = {name: _read_file(name, reference_file(seeds, name)) for name in FILES}
    return Reference(**frames, sha256=fingerprint(seeds))


def fingerprint(seeds: Path) -> str:
    """One SHA-256 over the reference files of a folder, by name and content. Raises OSError where one is missing."""
    digest = hashlib.sha256()
    for name, path in reference_files(seeds).items():
        content = path.read_bytes()
        digest.update(f"{name} {len(content)}\n".encode() + content)
    return digest.hexdigest()


def _read_file(name: str, path: Path) -> pl.DataFrame:
    rows = read_rows(path, FILES[name])
    unique = UNIQUE.get(name)
    if unique and (twice := rows.filter(pl.col(unique).is_duplicated())[unique].to_list()):
        raise UsageError(f"The reference file {path} has {unique} “{twice[0]}” twice.")
    if name in FILLED and (hollow := rows.filter(pl.any_horizontal(pl.col(FILES[name]).is_null())).rows()):
        raise UsageError(f"The reference file {path} needs {', '.join(FILES[name])} in every row: {hollow[0]}.")
    return rows


def read_rows(path: Path, columns: tuple[str, ...]) -> pl.DataFrame:
    """Read a reference file that has these columns at least: every column a String, empty cells NULL.

    Raises UsageError naming the file, and the line where there is one, that is wrong.
    """
    # Not by the reader of Polars: for a few hundred rows its parallel engine costs 15 MB of memory.
    table = read_table(path, columns)
    rows = [[cell or None for cell in cells] for _, cells in table.rows]
    return pl.DataFrame(rows, schema=dict.fromkeys(table.header, pl.String), orient="row")
