"""Read parts of digests and normalise their texts, batch by batch, into staged files.

Memory follows the batch, never the digest. What is done here may be done by any process: see `warehouse.stage.digests`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from warehouse.digest import read as digest
from warehouse.digest.records import Reject
from warehouse.normalise import frames as normalise
from warehouse.reference.header_names import HeaderNames
from warehouse.reference.rows import Reference
from warehouse.stage.contracts import HEADER, LISTING, READ, RECEIVED_TEXT, REJECT, TEXT

BATCH_BYTES = 8 << 20
"""About how much of a digest goes into one staged file."""

PLACE = pl.Schema({"source_file_key": pl.Int64, "part": pl.Int32, "number": pl.Int64})
"""Where a listing stands: its digest, the part of it, and its number there."""

INHERITED = "\x01"
"""The section of listings that stand above the first header of a later part: that of the part before."""

KNOWN = "known.parquet"
"""The staged file with the content keys that the warehouse has: `content_key` Int64, sorted."""

Advance = Callable[[int], None]
"""What shows progress; it is called with how much more is done."""


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of an archived digest to read: bytes `start` to `end` of `path`, as part `number` of it.

    `is_last` says that the digest ends with it.
    """

    source_file_key: int
    path: str
    number: int
    start: int
    end: int
    is_last: bool

    @property
    def bytes(self) -> int:
        """Its size in bytes."""
        return self.end - self.start


@dataclass(slots=True)
class PartCounts:
    """What reading a part found, in counts; `last_section` as the reader left it."""

    source_file_key: int
    part: int
    listings: int = 0
    rejects: int = 0
    headers: int = 0
    trailers: int = 0
    bytes: int = 0
    blank_bytes: int = 0
    line_ends: int = 0
    new_contents: int = 0
    last_section: str | None = None


def read_parts(parts: Sequence[Part], names: HeaderNames, folder: Path, advance: Advance) -> list[PartCounts]:
    """Read parts of digests into staged files in `folder`; returns the counts of each part, `advance` gets bytes read.

    Texts are staged where neither `KNOWN` nor an earlier part has their content.
    """
    batch = _Batch(pl.read_parquet(folder / KNOWN, glob=False)["content_key"], folder, names.hosts)
    counts = [_read_part(part, names, batch, advance) for part in parts]
    batch.write()
    return counts


def _read_part(part: Part, names: HeaderNames, batch: "_Batch", advance: Advance) -> PartCounts:
    counts = PartCounts(part.source_file_key, part.number)
    extent = digest.Extent(part.start, INHERITED if part.number else None, _url_above(part), part.is_last)
    for page in digest.parse(_blocks(part), names, extent):
        batch.add(page, counts)
        advance(page.bytes)
    return counts


def _url_above(part: Part) -> bytes:
    """The URL that the part before ends with; nothing above the first part."""
    with Path(part.path).open("rb") as file:
        file.seek(max(0, part.start - digest.LONGEST_TRAILER))
        return digest.last_url(file.read(min(part.start, digest.LONGEST_TRAILER)))


def _blocks(part: Part) -> Iterator[bytes]:
    with Path(part.path).open("rb") as file:
        file.seek(part.start)
        left = part.bytes
        while left and (block := file.read(min(digest.BLOCK_BYTES, left))):
            left -= len(block)
            yield block


class _Batch:
    """Pages of parts, on their way into staged files together; remembers which contents it staged already."""

    def __init__(self, known: pl.Series, folder: Path, hosts: Mapping[str, str]) -> None:
        self.known, self.folder, self.hosts = known, folder, hosts
        self.seen: set[int] = set()
        self.pages: list[tuple[PartCounts, digest.Contents]] = []
        self.bytes = self.number = 0

    def add(self, page: digest.Contents, counts: PartCounts) -> None:
        """Add the next page of a part, and what is in it to the counts of the part."""
        counts.headers += len(page.headers)
        counts.rejects += len(page.rejects)
        counts.trailers += page.trailers
        counts.bytes += page.bytes
        counts.blank_bytes += page.blank_bytes
        counts.line_ends += page.line_ends
        counts.last_section = page.section
        self.pages.append((counts, page))
        self.bytes += page.bytes
        if self.bytes >= BATCH_BYTES:
            self.write()

    def write(self) -> None:
        """Stage the pages that were added, and forget them."""
        if not self.pages:
            return
        by_part = {(counts.source_file_key, counts.part): counts for counts, _ in self.pages}
        first, *_ = by_part
        name = f"{first[0]}-{first[1]}-{self.number:06}"
        identified = self._identified()
        listings, broken = LISTING.split(identified)
        if broken.height:
            identified = identified.join(broken, on=["source_file_key", "byte_start"], how="anti")
        new = identified.filter(self._is_new(identified["content_key"]))
        for key, part, contents in new.group_by("source_file_key", "part").len().iter_rows():
            by_part[key, part].new_contents += contents
        texts = new.with_columns(
            origin=pl.lit("digest"),
            page_language=pl.lit(None, pl.String),
            is_repaired=pl.lit(value=False),
            **{name: pl.lit(None, pl.List(pl.String)) for name in ("links", "pictures", "videos")},
        )
        rejects = [
            {"source_file_key": counts.source_file_key, "part": counts.part, **row._asdict()}
            for counts, page in self.pages
            for row in page.rejects
        ]
        for place, row in _as_rejects(broken):
            by_part[place].listings -= 1
            by_part[place].rejects += 1
            rejects.append({"source_file_key": place[0], "part": place[1], **row._asdict()})
        headers = [
            {"source_file_key": counts.source_file_key, "part": counts.part, **row._asdict()}
            for counts, page in self.pages
            for row in page.headers
        ]
        frames = {"listing": listings, "reject": REJECT.frame(rejects), "header": HEADER.frame(headers)}
        for kind, frame in (*frames.items(), ("received", RECEIVED_TEXT.enforce(texts))):
            write_staged(self.folder, kind, name, frame)
        self.pages = []
        self.bytes = 0
        self.number += 1

    def _identified(self) -> pl.DataFrame:
        """The listings of the pages, identified, each with its place; they count for their parts."""
        rows: list[digest.Listing] = []
        places: list[tuple[int, int, int]] = []
        for counts, page in self.pages:
            before, after = counts.listings, counts.listings + len(page.listings)
            rows += page.listings
            places += [(counts.source_file_key, counts.part, number) for number in range(before, after)]
            counts.listings = after
        columns: list[tuple[object, ...]] = list(zip(*rows, strict=True)) or [()] * len(READ)
        place = pl.DataFrame(places, schema=PLACE, orient="row")
        return normalise.listings(pl.DataFrame(columns, schema=READ, orient="col"), self.hosts).hstack(place)

    def _is_new(self, content_keys: pl.Series) -> pl.Series:
        """Which rows bring a content that neither the warehouse nor this writer had before them."""
        known, seen = self.known, self.seen
        new = content_keys.is_first_distinct()
        if len(known):
            nearest = known.search_sorted(content_keys).clip(0, len(known) - 1)
            new &= known.gather(nearest) != content_keys
        if seen:
            new &= ~pl.Series([key in seen for key in content_keys.to_list()], dtype=pl.Boolean)
        seen.update(content_keys.filter(new).to_list())
        return new


def _as_rejects(broken: pl.DataFrame) -> Iterator[tuple[tuple[int, int], Reject]]:
    """Listings that break the contract, as rejects of their parts; their line is not known any more and given as 0."""
    for row in broken.iter_rows(named=True):
        raw = f"{row['title']} … {row['url']}"
        reject = Reject(row["byte_start"], row["byte_end"], 0, "broken_contract", row["broken"], raw)
        yield (row["source_file_key"], row["part"]), reject


def write_staged(folder: Path, kind: str, name: str, frame: pl.DataFrame) -> None:
    """Write a file of staged rows, if there are any: `kind` is that of `Staging.files`."""
    if frame.is_empty():
        return
    if kind == "received":
        # Arrow's own format: it is read once more, by the normaliser, and costs next to nothing to write.
        frame.write_ipc(folder / f"{kind}-{name}.arrow", compression="uncompressed")
    else:
        frame.write_parquet(folder / f"{kind}-{name}.parquet", compression="uncompressed", statistics=False)


def normalise_files(paths: Sequence[Path], reference: Reference, advance: Advance) -> None:
    """Normalise staged received texts into staged texts, small files together; `advance` gets the texts done.

    Raises PressError when normalising broke a text's contract, which is a fault of the normaliser.
    """
    for group in _groups(paths):
        received = pl.concat([pl.scan_ipc(path, glob=False).collect() for path in group])
        # Two readers may have staged the same content; what is in another file of texts is left to the load.
        received = received.filter(received["content_key"].is_first_distinct())
        texts = TEXT.enforce(normalise.texts(received, reference))
        write_staged(group[0].parent, "text", group[0].stem.removeprefix("received-"), texts)
        for path in group:
            path.unlink()
        advance(texts.height)


def _groups(paths: Sequence[Path]) -> Iterator[list[Path]]:
    """Files in groups of about `BATCH_BYTES`: a call of the normaliser has its price, however little it is given."""
    group: list[Path] = []
    size = 0
    for path in paths:
        group.append(path)
        size += path.stat().st_size
        if size >= BATCH_BYTES // 2:
            yield group
            group, size = [], 0
    if group:
        yield group
