"""Write digests of synthetic press releases in the received format, and beside them the truth about each.

    python benchmarks/corpus.py --releases 100000 --out DIR [--changed 0.01] [--seed 1]

writes `DIR/first/<n>-<section>.txt` (one digest file a section), `DIR/first.parquet` (one row a release) and
`DIR/first.json` (totals). With `--changed P` also `DIR/changed/…`, the same digests in which a share P of all
releases has an edited body. Memory does not grow with the number of releases. `write_few` writes what a digest of the
next quarter of an hour lists.
"""

from __future__ import annotations

import argparse
import datetime
import hashlib
import json
import random
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from layout import BROKEN, BROKEN_EVERY, broken_item, item
from releases import BLOCK, NEWEST_ID, Release, Writer

SECTIONS = ("Law", "Economy", "Society", "Education", "Health", "Culture", "Regions", "Sport")
ROW_GROUP = 20_000
CARRIED_LIMIT = 200  # releases a section may hand on to be listed again in the next one

TRUTH = pa.schema(
    [
        ("release_code", pa.string()),  # gov.kz id, or the text slug of an old link
        ("slug", pa.string()),  # publisher
        ("title", pa.string()),
        ("body_sha256", pa.string()),  # of the UTF-8 body without line feeds; null where there is no body
        ("first_listed", pa.date32()),
        ("url", pa.string()),
        ("section", pa.string()),  # where it was listed first
        ("language", pa.string()),  # of the body; of the title where there is no body
        ("listings", pa.int8()),
        ("is_changed", pa.bool_()),
    ]
)


@dataclass(slots=True)
class Totals:
    """What a corpus holds; `rejects` counts broken items by reason, `bytes` is the size of all digests."""

    releases: int
    seed: int
    with_body: int = 0
    without_body: int = 0
    changed: int = 0
    listings: int = 0
    bytes: int = 0
    rejects: dict[str, int] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)


class _Section(NamedTuple):
    """One digest: releases `start` to `stop`; `layout` lays out what an earlier section listed first."""

    number: int
    name: str
    start: int
    stop: int
    is_last: bool
    layout: random.Random


def _listed_again(release: Release) -> Release:
    return release._replace(listed=release.listed + datetime.timedelta(1))


def _truth_row(release: Release, section: str, is_changed: bool) -> tuple[object, ...]:
    body = release.body
    return (
        release.code,
        release.slug,
        release.title,
        None if body is None else hashlib.sha256(body.replace("\n", "").encode()).hexdigest(),
        release.listed,
        release.url,
        section,
        release.language,
        1 + release.is_listed_again,
        is_changed,
    )


def _sections(releases: int, seed: int) -> Iterator[_Section]:
    blocks = -(-releases // BLOCK)
    count = min(len(SECTIONS), blocks)
    for number, name in enumerate(SECTIONS[:count], 1):
        start = blocks * (number - 1) // count * BLOCK
        stop = min(blocks * number // count * BLOCK, releases)
        layout = random.Random(f"{seed}/carried/{number}")
        yield _Section(number, name, start, stop, number == count, layout)


class _TruthFile:
    """Collects truth rows and writes them out in groups, so that memory stays small."""

    def __init__(self, path: Path) -> None:
        self._file = pq.ParquetWriter(path, TRUTH, compression="zstd")
        self._rows: list[tuple[object, ...]] = []

    def add(self, row: tuple[object, ...]) -> None:
        self._rows.append(row)
        if len(self._rows) == ROW_GROUP:
            self._write()

    def _write(self) -> None:
        columns = zip(*self._rows, strict=True)
        arrays = [pa.array(column, field.type) for column, field in zip(columns, TRUTH, strict=True)]
        self._file.write_table(pa.Table.from_arrays(arrays, schema=TRUTH))
        self._rows = []

    def close(self) -> None:
        if self._rows:
            self._write()
        self._file.close()


def _section_text(
    writer: Writer,
    section: _Section,
    carried: list[Release],
    changed: float,
    totals: Totals,
    truth: _TruthFile,
) -> Iterator[str]:
    """Yield the text of one digest in pieces; `carried` gives what is listed again and takes what will be."""
    yield "".join(item(_listed_again(release), section.layout) for release in carried)
    totals.listings += len(carried)
    carried.clear()
    for start in range(section.start, section.stop, BLOCK):
        block = writer.block(start, min(start + BLOCK, section.stop), not section.is_last)
        layout = random.Random(f"{writer.seed}/layout/{start // BLOCK}")
        items = []
        for place, (release, is_changed) in enumerate(writer.edit(block, start, changed), start):
            for reason, broken_place in BROKEN.items():
                if place % BROKEN_EVERY == broken_place:
                    items.append(broken_item(reason, release))
                    totals.rejects[reason] = totals.rejects.get(reason, 0) + 1
            if release.is_listed_again and len(carried) == CARRIED_LIMIT:
                release = release._replace(is_listed_again=False)
            if release.is_listed_again:
                carried.append(release)
            items.append(item(release, layout))
            truth.add(_truth_row(release, section.name, is_changed))
            totals.with_body += release.body is not None
            totals.changed += is_changed
        totals.listings += len(block)
        yield "".join(items)


def write_digests(out: Path, name: str, releases: int, seed: int, changed: float = 0.0) -> Totals:
    """Write digests, truth and totals as `out/name…`; the same arguments give the same bytes."""
    writer = Writer(releases, seed)
    (out / name).mkdir(parents=True, exist_ok=True)
    truth = _TruthFile(out / f"{name}.parquet")
    totals = Totals(releases, seed)
    carried: list[Release] = []
    for section in _sections(releases, seed):
        path = out / name / f"{section.number:02}-{section.name.lower()}.txt"
        totals.files.append(path.relative_to(out).as_posix())
        header = f"Enbekshi QazaQ\n{section.name}\n" if section.number % 3 == 0 else f"{section.name}\n"
        with path.open("wb") as file:
            totals.bytes += file.write(header.encode())
            for text in _section_text(writer, section, carried, changed, totals, truth):
                totals.bytes += file.write(text.encode())
    truth.close()
    totals.without_body = releases - totals.with_body
    (out / f"{name}.json").write_text(json.dumps(asdict(totals), indent=2) + "\n", encoding="utf-8")
    return totals


def write_few(path: Path, releases: int, seed: int, few: int = 20) -> None:
    """Write the digest that follows those of `write_digests`: `few` releases, half of them new, the others known.

    One of those known has an edited body.
    """
    writer, later = Writer(releases, seed), Writer(releases, seed + 1)
    known = [_listed_again(release) for release in writer.block(0, BLOCK, False) if release.body is not None]
    edited = known[0]._replace(body=f"{known[0].body} More will be said tomorrow.")
    new = []
    for number, release in enumerate(later.block(0, BLOCK, False)[: few // 2], 1):
        code = str(NEWEST_ID + number)
        listed, url = release.listed + datetime.timedelta(1), release.url.replace(release.code, code)
        new.append(release._replace(code=code, listed=listed, url=url))
    layout = random.Random(f"{seed}/few")
    items = [item(release, layout) for release in (*new, edited, *known[1 : few - len(new)])]
    path.write_text(f"{SECTIONS[0]}\n{''.join(items)}", encoding="utf-8")


def main() -> None:
    """Read the command line and write one or two sets of digests."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--releases", type=int, required=True, help="how many releases")
    parser.add_argument("--out", type=Path, required=True, help="folder to write to")
    parser.add_argument("--changed", type=float, default=0.0, help="share of releases edited in a second set")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    sets = {"first": 0.0} | ({"changed": arguments.changed} if arguments.changed else {})
    for name, changed in sets.items():
        totals = write_digests(arguments.out, name, arguments.releases, arguments.seed, changed)
        print(f"{arguments.out / name}: {totals.releases:,} releases, {totals.bytes / 1e6:,.1f} MB")


if __name__ == "__main__":
    main()
