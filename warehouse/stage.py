"""Stage digests: read and normalise them batch by batch into files, ready to be loaded.

Memory follows the batch, never the digest. Larger amounts are read by two processes; a large digest is cut for them at a
trailer near its middle, which depends on its bytes alone, so that what is read does not depend on who reads it.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path

import polars as pl

from warehouse import digest, normalise
from warehouse.archive import Received
from warehouse.contracts import HEADER, LISTING, LISTING_READ, RECEIVED_TEXT, REJECT, TEXT
from warehouse.errors import PressError
from warehouse.reference import Reference
from warehouse.segment import HeaderNames, Reject
from warehouse.settings import PROJECT

BATCH_BYTES = 24 << 20
"""About how much of a digest goes into one staged file."""

TWO_PARTS_FROM = 48 << 20
"""Digests of this size are read in two parts."""

TWO_READERS_FROM = 32 << 20
"""Digests of this size together are read by two processes."""

INHERITED = "\x01"
"""The section of listings that stand above the first header of a later part: that of the part before."""

KNOWN = "known.parquet"
"""The staged file with the content keys that the warehouse has."""


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


@dataclass(slots=True)
class Staged:
    """What is staged in `folder`: the digests and the counts of their parts, in order."""

    folder: Path
    digests: list[Received] = field(default_factory=list)
    parts: list[PartRead] = field(default_factory=list)

    def files(self, kind: str) -> list[Path]:
        return sorted(self.folder.glob(f"{kind}-*"))


def stage_digests(
    received: Sequence[Received],
    known: pl.Series,
    names: HeaderNames,
    staged: Staged,
    progress: Callable[[int], None] = lambda _: None,
) -> list[Received]:
    """Read digests into staged listings, rejects, headers and the texts whose content is not in `known`.

    `known` is a sorted Int64 series of content keys, stored in the staged file `KNOWN`; `progress` is told of bytes
    read. Returns the files that are no digest at all: no line in them says that a release is the source. Nothing of
    these stays staged.
    """
    parts = [part for digest_received in received for part in _parts(digest_received)]
    mine, others = _shares(parts)
    reader = _start_reader(others, names, staged.folder) if others else None
    share = sum(part.bytes for part in parts) / max(1, sum(part.bytes for part in mine))
    try:
        writer = BatchWriter(known, staged.folder)
        read = [
            read_part(part, names, writer, lambda size: progress(round(size * share))) for part in mine
        ]
        if reader is not None:
            read += _finish_reader(reader)
    except BaseException:
        if reader is not None:
            reader.kill()
        raise
    no_digests = []
    for one in received:
        its_parts = sorted(
            (part for part in read if part.source_file_key == one.source_file_key), key=lambda part: part.part
        )
        if sum(part.trailers for part in its_parts):
            staged.digests.append(one)
            staged.parts += its_parts
        else:
            no_digests.append(one)
            for path in staged.folder.glob(f"*-{one.source_file_key}-*"):
                path.unlink()
    return no_digests


def _parts(received: Received) -> Iterator[Part]:
    key, path, size = received.source_file_key, str(received.archived), received.bytes
    middle = None
    if size >= TWO_PARTS_FROM:
        with open(path, "rb") as file:
            file.seek(size // 2)
            found = digest.trailer_end(file.read(digest.BLOCK_BYTES))
            middle = None if found is None else size // 2 + found
    if middle is None:
        yield Part(key, path, 0, 0, size)
        return
    yield Part(key, path, 0, 0, middle)
    yield Part(key, path, 1, middle, size)


def _shares(parts: list[Part]) -> tuple[list[Part], list[Part]]:
    """What this process reads, and what another one does: about half of the bytes, if it is worth a process."""
    total = sum(part.bytes for part in parts)
    if total < TWO_READERS_FROM or len(parts) < 2:
        return parts, []
    mine: list[Part] = []
    others: list[Part] = []
    for part in sorted(parts, key=lambda part: -part.bytes):
        smaller = min(mine, others, key=lambda share: sum(taken.bytes for taken in share))
        smaller.append(part)
    return mine, others


def _blocks(part: Part) -> Iterator[bytes]:
    with open(part.path, "rb") as file:
        file.seek(part.start)
        left = part.bytes
        while left and (block := file.read(min(digest.BLOCK_BYTES, left))):
            left -= len(block)
            yield block


def read_part(
    part: Part,
    names: HeaderNames,
    writer: "BatchWriter",
    progress: Callable[[int], None] = lambda _: None,
) -> PartRead:
    """Read one part of a digest into staged files and return its counts."""
    result = PartRead(part.source_file_key, part.number)
    section = INHERITED if part.number else None
    batch = digest.Page()
    for page in digest.parse(_blocks(part), names, byte_offset=part.start, section=section):
        batch.add(page)
        result.last_section = page.section
        progress(page.bytes)
        if batch.bytes >= BATCH_BYTES:
            writer.write(batch, result)
            batch = digest.Page()
    writer.write(batch, result)
    return result


class BatchWriter:
    """Writes batches of parts; remembers which contents it staged already."""

    def __init__(self, known: pl.Series, folder: Path) -> None:
        self.known, self.folder = known, folder
        self.seen: set[int] = set()
        self.batches = 0

    def write(self, batch: digest.Page, result: PartRead) -> None:
        """Stage a batch and add what is in it to the counts of its part."""
        columns = list(zip(*batch.listings, strict=True)) or [[] for _ in digest.LISTING]
        read = pl.DataFrame(columns, schema=dict(LISTING_READ.columns), orient="col")
        identified = normalise.listings(read).with_columns(
            pl.lit(result.source_file_key).alias("source_file_key"),
            pl.lit(result.part, pl.Int32).alias("part"),
            (pl.int_range(pl.len()) + result.listings).alias("number"),
        )
        good, broken = LISTING.hold(identified)
        if broken.height:
            identified = identified.join(broken, on="byte_start", how="anti")
        new = RECEIVED_TEXT.held(identified.filter(self._is_new(identified["content_key"])))
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


def _start_reader(parts: list[Part], names: HeaderNames, folder: Path) -> "subprocess.Popen[str]":
    """Start the second process; it gets its job as JSON on standard input."""
    job = {
        "parts": [asdict(part) for part in parts],
        "sites": sorted(names.sites),
        "sections": sorted(names.sections),
        "folder": str(folder),
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "warehouse.stage"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=PROJECT,
        env={**os.environ, "POLARS_MAX_THREADS": "1"},
    )
    assert process.stdin is not None
    process.stdin.write(json.dumps(job))
    process.stdin.close()
    return process


def _finish_reader(process: "subprocess.Popen[str]") -> list[PartRead]:
    assert process.stdout is not None
    output = process.stdout.read()
    if process.wait():
        raise PressError(f"The second process that read digests ended with {process.returncode}.")
    return [PartRead(**part) for part in json.loads(output)]


def normalise_staged(
    staged: Staged, reference: Reference, progress: Callable[[int], None] = lambda _: None
) -> None:
    """Normalise the received texts that are staged; `progress` is told of texts done.

    Raises PressError when normalising broke a text's contract, which is a fault of the normaliser.
    """

    def one(path: Path) -> int:
        texts = TEXT.held(normalise.texts(pl.read_ipc(path), reference))
        _write_parquet(texts, path.with_name(path.name.replace("received-", "text-", 1)).with_suffix(".parquet"))
        path.unlink()
        return texts.height

    with ThreadPoolExecutor(max_workers=min(2, os.cpu_count() or 1)) as pool:
        for done in pool.map(one, staged.files("received")):
            progress(done)


def main() -> None:
    """Be the second reader: read the parts that standard input names, print their counts as JSON."""
    job = json.load(sys.stdin)
    names = HeaderNames(frozenset(job["sites"]), frozenset(job["sections"]))
    folder = Path(job["folder"])
    writer = BatchWriter(pl.read_parquet(folder / KNOWN)["content_key"], folder)
    print(json.dumps([asdict(read_part(Part(**part), names, writer)) for part in job["parts"]]))


if __name__ == "__main__":
    main()
