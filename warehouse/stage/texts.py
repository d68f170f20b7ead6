"""Normalise received texts into staged texts."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import polars as pl

from warehouse.normalise import frames as normalise
from warehouse.reference.rows import Reference
from warehouse.stage.batch import Advance, write_staged
from warehouse.stage.contracts import TEXT

GROUP_BYTES = 8 << 20
"""About how much of staged files is normalised together."""


def normalise_texts(name: str, received: pl.DataFrame, reference: Reference, folder: Path) -> int:
    """Normalise received texts (`RECEIVED_TEXT`) into a staged file in `folder`; returns how many.

    Raises ContractBroken when normalising broke a text's contract, which is a fault of the normaliser.
    """
    texts = TEXT.enforce(normalise.texts(received, reference))
    write_staged(folder, "text", name, texts)
    return texts.height


def normalise_files(paths: Sequence[Path], reference: Reference, advance: Advance) -> None:
    """Normalise staged received texts, small files together, and remove them; `advance` gets the texts done.

    Raises what `normalise_texts` raises.
    """
    for group in _groups(paths):
        received = pl.concat([pl.scan_ipc(path, glob=False).collect() for path in group])
        name = group[0].stem.removeprefix("received-")
        texts = normalise_texts(name, received, reference, group[0].parent)
        for path in group:
            path.unlink()
        advance(texts)


def _groups(paths: Sequence[Path]) -> Iterator[list[Path]]:
    """Files in groups of about `GROUP_BYTES`: a call of the normaliser has its price, however little it is given."""
    group: list[Path] = []
    size = 0
    for path in paths:
        group.append(path)
        size += path.stat().st_size
        if size >= GROUP_BYTES:
            yield group
            group, size = [], 0
    if group:
        yield group
