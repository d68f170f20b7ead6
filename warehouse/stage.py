"""Stage a digest: read and normalise it batch by batch into Parquet files, ready to be loaded.

Memory follows the batch, never the file. A large digest is read in two parts by two processes; the parts meet at a
trailer near the middle, so that what is read does not depend on who reads it.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path

import polars as pl

from warehouse import digest, normalise
from warehouse.archive import Received
from warehouse.contracts import HEADER, LISTING, LISTING_READ, RECEIVED_TEXT, REJECT, TEXT
from warehouse.errors import InputRefused, PressError
from warehouse.reference import Reference
from warehouse.segment import HeaderNames, Reject
from warehouse.settings import PROJECT

BATCH_BYTES = 16 << 20
"""About how much of a digest goes into one staged file."""

TWO_PARTS_FROM = 48 << 20
"""Digests of this size are read in two parts."""

KNOWN = "known.parquet"
"""The staged file with the content keys that the warehouse has, for processes that read later parts."""

INHERITED = "\x01"
"""The section of listings that stand above the first header of a later part: that of the part before."""

@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of an archived digest to read: bytes `start` to `end` of `path`, as part `number` of it."""

    source_file_key: int
    path: str
    number: int
    start: int
    end: int


@dataclass(slots=True)
class PartRead:
    """What reading a part found, in counts; `last_section` as the parser left it."""

    source_file_key: int
    part: int
    listings: int = 0
    headers: int = 0
    rejects: int = 0
    trailers: int = 0
    bytes: int = 0
    blank_bytes: int = 0
    line_ends: int = 0
    new_contents: int = 0
    last_section: str | None = None


@dataclass(slots=True)
class Staged:
    """What is staged in `folder`: the digests and the counts of their parts."""

    folder: Path
    digests: list[Received] = field(default_factory=list)
    parts: list[PartRead] = field(default_factory=list)

    def files(self, kind: str) -> list[Path]:
        return sorted(self.folder.glob(f"{kind}-*.parquet"))


def stage_digest(
    received: Received,
    known: pl.Series,
    names: HeaderNames,
    staged: Staged,
    progress: Callable[[int], None] = lambda _: None,
) -> None:
    """Read a digest into staged listings, rejects, headers and the texts whose content is not in `known`.

    `known` is a sorted Int64 series of content keys; `progress` is told of bytes read. Raises InputRefused when the
    file is no digest at all; then nothing of it stays staged.
    """
    parts = list(_parts(received))
    others: list[subprocess.Popen[str]] = []
    try:
        for part in parts[1:]:
            others.append(_start_reader(part, known, names, staged.folder))
        share = len(parts)
        read = [read_part(parts[0], known, names, staged.folder, lambda size: progress(size * share))]
        read += [_finish_reader(process) for process in others]
    except BaseException:
        for process in others:
            process.kill()
        raise
    if not sum(part.trailers for part in read):
        for path in staged.folder.glob(f"*-{received.source_file_key}-*.parquet"):
            path.unlink()
        raise InputRefused(
            f"{received.path} is no digest: no line in it says “Source : https://www.gov.kz/…”, "
            "so it holds no item that could be loaded."
        )
    staged.digests.append(received)
    staged.parts += read


def _parts(received: Received) -> Iterator[Part]:
    key, path, size = received.source_file_key, str(received.archived), received.bytes
    middle = None
    if size >= TWO_PARTS_FROM:
        with open(path, "rb") as file:
            file.seek(size // 2)
            window = file.read(digest.BLOCK_BYTES)
            found = digest.trailer_end(window)
            middle = None if found is None else size // 2 + found
    if middle is None:
        yield Part(key, path, 0, 0, size)
        return
    yield Part(key, path, 0, 0, middle)
    yield Part(key, path, 1, middle, size)


def _blocks(part: Part) -> Iterator[bytes]:
    with open(part.path, "rb") as file:
        file.seek(part.start)
        left = part.end - part.start
        while left and (block := file.read(min(digest.BLOCK_BYTES, left))):
            left -= len(block)
            yield block


def read_part(
    part: Part,
    known: pl.Series,
    names: HeaderNames,
    folder: Path,
    progress: Callable[[int], None] = lambda _: None,
) -> PartRead:
    """Read one part of a digest into staged files and return its counts."""
    result = PartRead(part.source_file_key, part.number)
    writer = _PartWriter(part, known, folder, result)
    section = INHERITED if part.number else None
    batch = digest.Page()
    for page in digest.parse(
        _blocks(part), names, byte_offset=part.start, section=section
    ):
        batch.listings += page.listings
        batch.headers += page.headers
        batch.rejects += page.rejects
        batch.trailers += page.trailers
        batch.bytes += page.bytes
        batch.blank_bytes += page.blank_bytes
        batch.line_ends += page.line_ends
        result.last_section = page.section
        progress(page.bytes)
        if batch.bytes >= BATCH_BYTES:
            writer.write(batch)
            batch = digest.Page()
    writer.write(batch)
    return result


class _PartWriter:
    """Writes the batches of a part; remembers which contents the part staged already."""

    def __init__(self, part: Part, known: pl.Series, folder: Path, result: PartRead) -> None:
        self.part, self.known, self.folder, self.result = part, known, folder, result
        self.seen: set[int] = set()
        self.batches = 0

    def write(self, batch: digest.Page) -> None:
        part, result = self.part, self.result
        place = {"source_file_key": part.source_file_key, "part": part.number}
        rows = pl.DataFrame(
            list(zip(*batch.listings, strict=True)) or [[] for _ in digest.LISTING],
            schema=dict(LISTING_READ.columns),
            orient="col",
        )
        identified = normalise.listings(rows).with_columns(
            pl.lit(part.source_file_key).alias("source_file_key"),
            pl.lit(part.number, pl.Int32).alias("part"),
            (pl.int_range(pl.len()) + result.listings).alias("number"),
        )
        good, broken = LISTING.hold(identified)
        self._write("listing", good)
        if broken.height:
            identified = identified.join(broken, on="byte_start", how="anti")
        new = identified.filter(self._is_new(identified["content_key"]))
        received, broken_texts = RECEIVED_TEXT.hold(new)
        if broken_texts.height:
            raise PressError(f"A text breaks its contract: {broken_texts['broken'][0]} ({broken_texts['url'][0]})")
        if received.height:
            self._write("received", received)
        rejects = [{**place, **reject._asdict()} for reject in (*batch.rejects, *_as_rejects(broken))]
        if rejects:
            self._write("reject", pl.DataFrame(rejects, schema=dict(REJECT.columns)))
        if batch.headers:
            headers = [{**place, **header._asdict()} for header in batch.headers]
            self._write("header", pl.DataFrame(headers, schema=dict(HEADER.columns)))
        result.listings += good.height
        result.headers += len(batch.headers)
        result.rejects += len(rejects)
        result.trailers += batch.trailers
        result.bytes += batch.bytes
        result.blank_bytes += batch.blank_bytes
        result.line_ends += batch.line_ends
        result.new_contents += received.height
        self.batches += 1

    def _write(self, kind: str, frame: pl.DataFrame) -> None:
        name = f"{kind}-{self.part.source_file_key}-{self.part.number}-{self.batches:06}.parquet"
        frame.write_parquet(self.folder / name, compression="uncompressed", statistics=False)

    def _is_new(self, content_keys: pl.Series) -> pl.Series:
        """Which rows bring a content that neither the warehouse nor this part had before them."""
        known, seen = self.known, self.seen
        new = content_keys.is_first_distinct()
        if len(known):
            nearest = known.search_sorted(content_keys).clip(0, len(known) - 1)
            new &= known.gather(nearest) != content_keys
        if seen:
            new &= ~pl.Series([key in seen for key in content_keys.to_list()])
        seen.update(content_keys.filter(new).to_list())
        return new


def _as_rejects(broken: pl.DataFrame) -> Iterator[Reject]:
    """Listings that break the contract, as rejects; their line is not known any more and given as 0."""
    for row in broken.iter_rows(named=True):
        raw = f"{row['title']} … {row['url']}"
        yield Reject(row["byte_start"], row["byte_end"], 0, "broken_contract", row["broken"], raw)


def _start_reader(part: Part, known: pl.Series, names: HeaderNames, folder: Path) -> "subprocess.Popen[str]":
    keys = folder / KNOWN
    if not keys.exists():
        known.to_frame("content_key").write_parquet(keys)
    job = {
        "part": asdict(part),
        "known": str(keys),
        "sites": sorted(names.sites),
        "sections": sorted(names.sections),
        "folder": str(folder),
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "warehouse.stage", json.dumps(job)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=PROJECT,
        env={**os.environ, "POLARS_MAX_THREADS": "1"},
    )
    return process


def _finish_reader(process: "subprocess.Popen[str]") -> PartRead:
    output, _ = process.communicate()
    if process.returncode:
        raise PressError(f"The process that read the second part of the digest ended with {process.returncode}.")
    return PartRead(**json.loads(output))


def normalise_staged(
    staged: Staged, reference: Reference, progress: Callable[[int], None] = lambda _: None
) -> None:
    """Normalise the received texts that are staged; `progress` is told of texts done.

    A text that breaks the contract afterwards is a fault of the normaliser, and raises PressError.
    """

    def one(path: Path) -> int:
        received = pl.read_parquet(path)
        texts, broken = TEXT.hold(normalise.texts(received, reference))
        if broken.height:
            raise PressError(f"Normalising broke the text of {broken['release_code'][0]}: {broken['broken'][0]}")
        _write_text(texts, path.with_name(path.name.replace("received-", "text-", 1)))
        path.unlink()
        return texts.height

    with ThreadPoolExecutor(max_workers=2) as pool:
        for done in pool.map(one, staged.files("received")):
            progress(done)


def _write_text(texts: pl.DataFrame, path: Path) -> None:
    texts.write_parquet(path, compression="uncompressed", statistics=False)


def main() -> None:
    """Read one part as told by the JSON in the first argument; print its counts as JSON."""
    job = json.loads(sys.argv[1])
    names = HeaderNames(frozenset(job["sites"]), frozenset(job["sections"]))
    result = read_part(Part(**job["part"]), pl.read_parquet(job["known"])["content_key"], names, Path(job["folder"]))
    print(json.dumps(asdict(result)))


if __name__ == "__main__":
    main()
