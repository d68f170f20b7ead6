"""Read parts of digests, batch by batch, into staged files of listings, rejects and headers; new texts are handed on.

Memory follows the batch, never the digest. What is done here may be done by any process: see `warehouse.stage.digests`.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path

import polars as pl

from warehouse.digest import read as digest
from warehouse.digest.records import Reject
from warehouse.normalise import frames as normalise
from warehouse.reference.header_names import HeaderNames
from warehouse.stage.contracts import HEADER, LISTING, READ, RECEIVED_TEXT, REJECT
from warehouse.stage.parts import Part, PartCounts, pages

PLACE = pl.Schema({"source_file_key": pl.Int64, "part": pl.Int32, "number": pl.Int64})
"""Where a listing stands: its digest, the part of it, and its number there."""

BATCH_BYTES = 6 << 20
"""About how much of digests at most goes into one staged file."""

Advance = Callable[[int], None]
"""What shows progress; it is called with how much more is done."""

Known = Callable[[Path], Collection[int]]
"""What the warehouse has of the contents that a staged file of listings names: their keys."""

Take = Callable[[str, pl.DataFrame], object]
"""Takes received texts (`RECEIVED_TEXT`) that are new, and the name of their batch."""


class Reader:
    """Reads parts into staged files in `folder`, and hands on texts that neither the warehouse nor an earlier part has.

    It remembers which contents it met, so one process has one.
    """

    def __init__(self, names: HeaderNames, folder: Path, known: Known, take: Take) -> None:
        self._names, self._folder, self._known, self._take = names, folder, known, take
        self._seen = pl.Series("content_key", dtype=pl.Int64)
        self._pages: list[tuple[PartCounts, digest.Contents]] = []
        self._bytes = self._number = 0

    def read(self, parts: Sequence[Part], advance: Advance = lambda _: None) -> list[PartCounts]:
        """Read parts; returns the counts of each, `advance` gets bytes read."""
        counts = [PartCounts(part.source_file_key, part.number) for part in parts]
        for part, count in zip(parts, counts, strict=True):
            for page in pages(part, self._names):
                count.add(page)
                self._pages.append((count, page))
                self._bytes += page.bytes
                if self._bytes >= BATCH_BYTES:
                    self._write()
                advance(page.bytes)
        self._write()
        return counts

    def _write(self) -> None:
        """Stage the pages that were read, and forget them."""
        if not self._pages:
            return
        by_part = {(counts.source_file_key, counts.part): counts for counts, _ in self._pages}
        first, *_ = by_part
        name = f"{first[0]}-{first[1]}-{self._number:06}"
        rejects = [
            {"source_file_key": counts.source_file_key, "part": counts.part, **row._asdict()}
            for counts, page in self._pages
            for row in page.rejects
        ]
        headers = [
            {"source_file_key": counts.source_file_key, "part": counts.part, **row._asdict()}
            for counts, page in self._pages
            for row in page.headers
        ]
        identified = _identify(self._pages, self._names.hosts)
        self._pages = []
        self._bytes = 0
        self._number += 1
        listings, broken = LISTING.split(identified)
        if broken.height:
            identified = identified.join(broken, on=["source_file_key", "byte_start"], how="anti")
        for place, row in _as_rejects(broken):
            by_part[place].listings -= 1
            by_part[place].rejects += 1
            rejects.append({"source_file_key": place[0], "part": place[1], **row._asdict()})
        for kind, frame in (("reject", REJECT.frame(rejects)), ("header", HEADER.frame(headers))):
            write_staged(self._folder, kind, name, frame)
        staged = write_staged(self._folder, "listing", name, listings)
        new = identified.filter(self._is_new(identified["content_key"], staged))
        for key, part, contents in new.group_by("source_file_key", "part").len().iter_rows():
            by_part[key, part].new_contents += contents
        if new.height:
            self._take(name, _received(new))

    def _is_new(self, content_keys: pl.Series, staged: Path | None) -> pl.Series:
        """Which rows bring a content that neither the warehouse nor this reader had before them."""
        new = content_keys.is_first_distinct()
        if staged is None:
            return new
        again = self._seen.filter(self._seen.is_in(content_keys.implode()))
        known = pl.Series("content_key", [*self._known(staged)], dtype=pl.Int64)
        new &= ~content_keys.is_in(pl.concat([again, known]).implode())
        self._seen = pl.concat([self._seen, content_keys.filter(new)], rechunk=True)
        return new


def _identify(pages: Sequence[tuple[PartCounts, digest.Contents]], hosts: Mapping[str, str]) -> pl.DataFrame:
    """The listings of pages, identified, each with its place; they count for their parts."""
    rows: list[digest.Listing] = []
    keys: list[int] = []
    parts: list[int] = []
    numbers: list[int] = []
    for counts, page in pages:
        more = len(page.listings)
        rows += page.listings
        keys += [counts.source_file_key] * more
        parts += [counts.part] * more
        numbers += range(counts.listings, counts.listings + more)
        counts.listings += more
    columns: list[tuple[object, ...]] = list(zip(*rows, strict=True)) or [()] * len(READ)
    place = pl.DataFrame(dict(zip(PLACE, (keys, parts, numbers), strict=True)), schema=PLACE)
    return normalise.listings(pl.DataFrame(columns, schema=READ, orient="col"), hosts).hstack(place)


def _received(new: pl.DataFrame) -> pl.DataFrame:
    """Listings with new contents, as received texts."""
    return RECEIVED_TEXT.enforce(
        new.with_columns(
            origin=pl.lit("digest"),
            page_language=pl.lit(None, pl.String),
            is_repaired=pl.lit(value=False),
            **{name: pl.lit(None, pl.List(pl.String)) for name in ("links", "pictures", "videos")},
        )
    )


def _as_rejects(broken: pl.DataFrame) -> Iterator[tuple[tuple[int, int], Reject]]:
    """Listings that break the contract, as rejects of their parts; their line is not known any more and given as 0."""
    for row in broken.iter_rows(named=True):
        raw = f"{row['title']} … {row['url']}"
        reject = Reject(row["byte_start"], row["byte_end"], 0, "broken_contract", row["broken"], raw)
        yield (row["source_file_key"], row["part"]), reject


def write_staged(folder: Path, kind: str, name: str, frame: pl.DataFrame) -> Path | None:
    """Write a file of staged rows, if there are any; returns its path. `kind` is that of `Staging.files`."""
    if frame.is_empty():
        return None
    if kind == "received":
        # Arrow's own format: it is read once more, by the normaliser, and costs next to nothing to write.
        path = folder / f"{kind}-{name}.arrow"
        frame.write_ipc(path, compression="uncompressed")
    else:
        path = folder / f"{kind}-{name}.parquet"
        frame.write_parquet(path, compression="uncompressed", statistics=False)
    return path
