"""Reference rows that differ from those of `seeds/`."""

import shutil
from pathlib import Path

from warehouse.project import PROJECT


def edit_seeds(folder: Path, *edits: tuple[str, str, str]) -> Path:
    """A copy of the reference rows in which, by file, one text stands in place of another."""
    shutil.copytree(PROJECT / "seeds", folder, ignore=shutil.ignore_patterns("digests"))
    for file, old, new in edits:
        text = (folder / file).read_text(encoding="utf-8")
        assert old in text, f"{file} has no “{old}”"
        (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder
