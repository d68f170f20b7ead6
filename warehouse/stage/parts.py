"""Read parts of digests and normalise their texts, batch by batch, into staged files.

Memory follows the batch, never the digest. What is done here may be done by any process: see `warehouse.stage.digests`.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from warehouse.digest import read as digest
from warehouse.digest.records import Reject
from warehouse.normalise import frames as normalise
from warehouse.reference.header_names import HeaderNames
from warehouse.reference.rows import Reference
from warehouse.stage.contracts import HEADER, LISTING, LISTING_READ, RECEIVED_TEXT, REJECT, TEXT

BATCH_BYTES = 8 << 20
"""About how much of a digest goes into one staged file."""

INHERITED = "\x01"
"""The section of listings that stand above the first header of a later part: that of the part before."""

KNOWN = "known.parquet"
"""The staged file with the content keys that the warehouse has: `content_key` Int64, sorted."""

OF_DIGEST = (
    pl.lit("digest").alias("origin"),
    pl.lit(None, pl.String).alias("page_language"),
    pl.lit(value=False).alias("is_repaired"),
)
"""What is the same for all texts of digests."""

Tell = Callable[[int], None]
"""Told of progress: of how much more is done."""


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of an archived digest to read: bytes `start` to `end` of `path`, as part `number` of it."""

    source_file_key: int
    path: str
    number: int
    start: int
    end: int

    @property
    def bytes(self) -> int:
        """Its size in bytes."""
        return self.end - self.start


@dataclass(slots=True)
class PartRead:
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


def read_parts(parts: Sequence[Part], names: HeaderNames, folder: Path, tell: Tell) -> list[PartRead]:
    """Read parts of digests into staged files in `folder`; tells of bytes read, returns the counts of each part.

    Texts are staged where neither `KNOWN` nor an earlier part has their content.
    """
    writer = BatchWriter(pl.read_parquet(folder / KNOWN, glob=False)["content_key"], folder)
    return [_read_part(part, names, writer, tell) for part in parts]


def _read_part(part: Part, names: HeaderNames, writer: "BatchWriter", tell: Tell) -> PartRead:
    result = PartRead(part.source_file_key, part.number)
    section = INHERITED if part.number else None
    batch = digest.Page()
    for page in digest.parse(_blocks(part), names, byte_offset=part.start, section=section):
        batch.add(page)
        result.last_section = page.section
        tell(page.bytes)
        if batch.bytes >= BATCH_BYTES:
            writer.write(batch, result)
            batch = digest.Page()
    writer.write(batch, result)
    return result


def _blocks(part: Part) -> Iterator[bytes]:
    with Path(part.path).open("rb") as file:
        file.seek(part.start)
        left = part.bytes
        while left and (block := file.read(min(digest.BLOCK_BYTES, left))):
            left -= len(block)
            yield block


class BatchWriter:
    """Writes batches of parts; remembers which contents it staged already."""

    def __init__(self, known: pl.Series, folder: Path) -> None:
        self.known, self.folder = known, folder
        self.seen: set[int] = set()
        self.batches = 0

    def write(self, batch: digest.Page, result: PartRead) -> None:
        """Stage a batch and add what is in it to the counts of its part."""
        columns: list[tuple[object, ...]] = list(zip(*batch.listings, strict=True)) or [()] * len(digest.LISTING)
        read = pl.DataFrame(columns, schema=dict(LISTING_READ.columns), orient="col")
        identified = normalise.listings(read).with_columns(
            pl.lit(result.source_file_key).alias("source_file_key"),
            pl.lit(result.part, pl.Int32).alias("part"),
            (pl.int_range(pl.len()) + result.listings).alias("number"),
        )
        good, broken = LISTING.hold(identified)
        if broken.height:
            identified = identified.join(broken, on="byte_start", how="anti")
        new = RECEIVED_TEXT.held(identified.filter(self._is_new(identified["content_key"])).with_columns(OF_DIGEST))
        place = {"source_file_key": result.source_file_key, "part": result.part}
        rejects = [{**place, **reject._asdict()} for reject in (*batch.rejects, *_as_rejects(broken))]
        headers = [{**place, **header._asdict()} for header in batch.headers]
        name = f"{result.source_file_key}-{result.part}-{self.batches:06}"
        self._parquet(f"listing-{name}", good)
        if rejects:
            self._parquet(f"reject-{name}", pl.DataFrame(rejects, schema=dict(REJECT.columns)))
        if headers:
            self._parquet(f"header-{name}", pl.DataFrame(headers, schema=dict(HEADER.columns)))
        if new.height:
            # Arrow's own format: it is read once more, by the normaliser, and costs next to nothing to write.
            new.write_ipc(self.folder / f"received-{name}.arrow", compression="uncompressed")
        result.listings += good.height
        result.rejects += len(rejects)
        result.headers += len(headers)
        result.trailers += batch.trailers
        result.bytes += batch.bytes
        result.blank_bytes += batch.blank_bytes
        result.line_ends += batch.line_ends
        result.new_contents += new.height
        self.batches += 1

    def _parquet(self, name: str, frame: pl.DataFrame) -> None:
        _write_parquet(frame, self.folder / f"{name}.parquet")

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


def _as_rejects(broken: pl.DataFrame) -> Iterator[Reject]:
    """Listings that break the contract, as rejects; their line is not known any more and given as 0."""
    for row in broken.iter_rows(named=True):
        raw = f"{row['title']} … {row['url']}"
        yield Reject(row["byte_start"], row["byte_end"], 0, "broken_contract", row["broken"], raw)


def _write_parquet(frame: pl.DataFrame, path: Path) -> None:
    frame.write_parquet(path, compression="uncompressed", statistics=False)


def normalise_files(paths: Sequence[Path], reference: Reference, tell: Tell) -> None:
    """Normalise staged received texts into staged texts, small files together; tells of texts done.

    Raises PressError when normalising broke a text's contract, which is a fault of the normaliser.
    """
    for group in _batches(paths):
        received = pl.concat([pl.scan_ipc(path, glob=False).collect() for path in group])
        # Two readers may have staged the same content; what is in another file of texts is left to the load.
        received = received.filter(received["content_key"].is_first_distinct())
        texts = TEXT.held(normalise.texts(received, reference))
        name = group[0].name.replace("received-", "text-", 1)
        _write_parquet(texts, group[0].with_name(name).with_suffix(".parquet"))
        for path in group:
            path.unlink()
        tell(texts.height)


def _batches(paths: Sequence[Path]) -> Iterator[list[Path]]:
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
