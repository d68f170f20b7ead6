"""A commit of this repository, taken out into a folder, to be run beside the tree as it is."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tarfile
from collections.abc import Sequence
from pathlib import Path

PROJECT = Path(__file__).parent.parent


def take_out(commit: str, folder: Path) -> Path:
    """Write the files of `commit` into `folder`, which leaves the repository as it is; returns the folder."""
    command = ["git", "-C", str(PROJECT), "archive", commit]
    tar = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
    with tarfile.open(fileobj=io.BytesIO(tar)) as files:
        files.extractall(folder, filter="data")
    return folder


def environment(tree: Path) -> dict[str, str]:
    """The variables with which this Python finds `warehouse` in `tree`, whatever is installed."""
    return {"PYTHONPATH": str(tree)}


def press(tree: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command `press` of `tree` by this Python, and return what it said."""
    command: Sequence[str] = [sys.executable, "-m", "warehouse.cli.main", *arguments]
    variables = {**os.environ, **environment(tree)}
    return subprocess.run(command, check=False, capture_output=True, text=True, cwd=tree, env=variables)
