"""Stage digests: read and normalise them into files, ready to be loaded.

Small amounts are read here. Larger ones flow through other processes, whose memory is given back when they end: see
`warehouse.stage.pipeline`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from warehouse.intake.receive import ArchivedDigest
from warehouse.reference.rows import Reference
from warehouse.stage.batch import Advance, Known, Reader, write_staged
from warehouse.stage.parts import PartCounts, cut
from warehouse.stage.pipeline import Pipeline
from warehouse.stage.texts import normalise_files
from warehouse.stage.worker import Worker

WORKERS = 2
"""How many processes read and normalise what is large."""

WORKERS_FROM = 32 << 20
"""Digests of this size together are worth these processes."""


@dataclass(slots=True)
class Staging:
    """The staged files of a run, in `folder`: digests and the counts of their parts, in order, and attempts to fetch.

    To stage rows is to write them here under a contract; `staged_…` in SQL are tables and views of them.
    """

    folder: Path
    digests: list[ArchivedDigest] = field(default_factory=list)
    parts: list[PartCounts] = field(default_factory=list)
    pipeline: Pipeline | None = None
    """Set where processes of their own read the digests and normalise their texts."""
    workers: list[Worker] = field(default_factory=list)
    read_to: dict[str, int] = field(default_factory=dict)
    """How far each file of the archive of answers was read, in bytes."""
    with_reference: bool = True
    """Whether what the reference rows say is to be loaded, too."""
    replays: bool = False
    """Whether all that came from the portal was taken out, to be read again."""

    def files(self, kind: str) -> list[Path]:
        """The staged files of a kind: listing, reject, header, fetch, topic, received or text."""
        return sorted(self.folder.glob(f"{kind}-*"))

    def hire(self, seeds: Path, reference_sha256: str) -> Worker:
        """Start a process that helps, with the reference rows that lie in `seeds`."""
        self.workers.append(Worker(seeds, reference_sha256))
        return self.workers[-1]

    def start_pipeline(self, seeds: Path, reference_sha256: str, known: Known) -> Pipeline:
        """Start processes that stage large digests: before these are needed, for starting takes them a while."""
        workers = [self.hire(seeds, reference_sha256) for _ in range(WORKERS)]
        self.pipeline = Pipeline(workers, self.folder, known)
        return self.pipeline

    def dismiss(self) -> None:
        """End the processes that helped, whatever they are doing."""
        if self.pipeline is not None:
            self.pipeline.end()
        while self.workers:
            self.workers.pop().end()


def stage_digests(
    received: Sequence[ArchivedDigest], reference: Reference, staging: Staging, known: Known, advance: Advance
) -> list[ArchivedDigest]:
    """Read digests into staged listings, rejects, headers and texts that the warehouse lacks.

    `advance` gets the bytes read. Returns the files that are no digest at all, because no line in them says that a
    release is the source; their rejects are staged, but none of the parts of `staging` is theirs, so that no load takes
    them.
    """
    if staging.pipeline is None:
        reader = Reader(
            reference.header_names, staging.folder, known, partial(write_staged, staging.folder, "received")
        )
        counts = reader.read([part for one in received for part in cut(one)], advance)
    else:
        counts = []
        for of_share in staging.pipeline.counts():
            counts += of_share
            advance(sum(part.bytes for part in of_share))
    by_digest: dict[int, list[PartCounts]] = {}
    for part in counts:
        by_digest.setdefault(part.source_file_key, []).append(part)
    no_digests = []
    for one in received:
        its_parts = by_digest[one.source_file_key]
        if any(part.trailers for part in its_parts):
            staging.digests.append(one)
            staging.parts += sorted(its_parts, key=lambda part: part.part)
        else:
            no_digests.append(one)
    return no_digests


def normalise_texts(staging: Staging, reference: Reference, advance: Advance = lambda _: None) -> None:
    """Normalise the received texts that are staged; `advance` gets the texts done.

    Raises PressError when normalising broke a text's contract, which is a fault of the normaliser.
    """
    if staging.pipeline is not None:
        for texts in staging.pipeline.texts():
            advance(texts)
        staging.dismiss()
    normalise_files(staging.files("received"), reference, advance)
