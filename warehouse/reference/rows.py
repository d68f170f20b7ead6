"""Reference rows: what people know about publishers, regions, sections and words, read from `seeds/*.csv`."""

import csv
import hashlib
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from warehouse.errors import UsageError
from warehouse.reference.header_names import HeaderNames

FILES = {
    "publishers": ("slug", "name_en", "name_ru", "name_kk", "kind", "region_iso", "note"),
    "regions": ("iso_code", "kato", "name_en", "name_ru", "name_kk", "kind", "akimat_slug", "slug_prefixes"),
    "slug_families": (),
    "sections": ("name", "kind", "note"),
    "lexicon": (),
    "months": (),
    "places": (),
    "portal_id_dates": ("portal_id", "published_on", "note"),
}
"""The reference files, and the columns each must have at least."""


@dataclass(frozen=True, slots=True)
class Reference:
    """The reference rows as frames, every column a String, empty cells NULL; `sha256` of all files together."""

    publishers: pl.DataFrame
    regions: pl.DataFrame
    slug_families: pl.DataFrame
    sections: pl.DataFrame
    lexicon: pl.DataFrame
    months: pl.DataFrame
    places: pl.DataFrame
    portal_id_dates: pl.DataFrame
    sha256: str

    @property
    def header_names(self) -> HeaderNames:
        """The header lines known beforehand."""
        by_kind = {kind: frozenset(part["name"]) for (kind,), part in self.sections.group_by("kind")}
        return HeaderNames(by_kind.get("site", frozenset()), by_kind.get("section", frozenset()))


def load_reference(seeds: Path) -> Reference:
    """Read the reference rows. Raises UsageError naming the file, and the line where there is one, that is wrong."""
    frames = {name: _read(seeds / f"{name}.csv", columns) for name, columns in FILES.items()}
    return Reference(**frames, sha256=fingerprint(seeds))


def fingerprint(seeds: Path) -> str:
    """One SHA-256 over all reference files, by name and content."""
    digest = hashlib.sha256()
    for name in FILES:
        content = (seeds / f"{name}.csv").read_bytes()
        digest.update(f"{name} {len(content)}\n".encode() + content)
    return digest.hexdigest()


def _read(path: Path, columns: tuple[str, ...]) -> pl.DataFrame:
    # Python's reader, not that of Polars: for a few hundred rows its parallel engine costs 15 MB of memory.
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            header = next(reader, [])
            if len(set(header)) < len(header):
                raise csv.Error("two columns of the header have one name")
            rows = []
            for cells in reader:
                if cells and len(cells) != len(header):
                    raise csv.Error(f"line {reader.line_num} has {len(cells)} cells where the header has {len(header)}")
                rows.append([cell or None for cell in cells])
    except FileNotFoundError:
        raise UsageError(f"The reference file {path} is missing; PRESS_SEEDS says where they lie.") from None
    except (csv.Error, UnicodeDecodeError) as error:
        raise UsageError(f"The reference file {path} is no readable CSV: {error}") from error
    frame = pl.DataFrame([row for row in rows if row], schema=dict.fromkeys(header, pl.String), orient="row")
    if missing := [column for column in columns if column not in frame.columns]:
        raise UsageError(f"The reference file {path} lacks the column {', '.join(missing)}.")
    identity = columns[0] if columns else None
    if identity and (twice := frame.filter(pl.col(identity).is_duplicated())[identity].to_list()):
        raise UsageError(f"The reference file {path} has {identity} “{twice[0]}” twice.")
    return frame
